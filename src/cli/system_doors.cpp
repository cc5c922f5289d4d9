#include "cli/system_doors.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sodium.h>
#include <unistd.h>

#include <csignal>

namespace keytide::cli {
namespace {

volatile std::sig_atomic_t interruptions = 0;
int wake_up[2] = {-1, -1};  // a byte here ends a sleep

extern "C" void on_signal(int number) {
    interruptions = interruptions + 1;
    const char byte = 0;
    [[maybe_unused]] const auto written = write(wake_up[1], &byte, 1);
    if (interruptions > 1) {
        signal(number, SIG_DFL);
        raise(number);
    }
}

}  // namespace

SystemClock::SystemClock() {
    if (wake_up[0] < 0 && pipe2(wake_up, O_CLOEXEC | O_NONBLOCK) != 0) wake_up[0] = wake_up[1] = -1;
    struct sigaction action {};
    action.sa_handler = on_signal;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
}

Instant SystemClock::now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

bool SystemClock::sleep(Duration time) {
    if (interrupted()) return false;
    pollfd wake{wake_up[0], POLLIN, 0};
    poll(&wake, 1, int(time.count()));
    return !interrupted();
}

bool SystemClock::interrupted() {
    return is_interrupted();
}

bool is_interrupted() {
    return interruptions != 0;
}

void SystemEntropy::fill(std::span<std::byte> bytes) {
    randombytes_buf(bytes.data(), bytes.size());
}

}  // namespace keytide::cli
