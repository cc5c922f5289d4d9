// Loaded into the program (LD_PRELOAD): strikes it at a moment that a person could not aim at.
//
//   STRIKE_SIGNAL   KILL, or STOP to freeze it
//   STRIKE_SYNC     the number of the durable step: of fsync, fdatasync and rename, counted from 1
//   STRIKE_AFTER    set: when that step is done, otherwise before it
//   STRIKE_ANSWER   or: when an answer is received that holds these letters
//   STRIKE_CALL     or: before a call is sent that holds these letters
//
// Nothing in the program knows of this. The variables are taken out of the environment before it starts.
#include <dlfcn.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

struct Orders {
    int signal = 0;
    long step = 0;
    bool after = false;
    std::string answer;
    std::string call;
};

std::string take(const char* name) {
    const char* value = std::getenv(name);
    std::string result = value == nullptr ? "" : value;
    unsetenv(name);
    return result;
}

const Orders& orders() {
    static const Orders given = [] {
        Orders result;
        result.signal = take("STRIKE_SIGNAL") == "STOP" ? SIGSTOP : SIGKILL;
        result.step = std::strtol(take("STRIKE_SYNC").c_str(), nullptr, 10);
        result.after = !take("STRIKE_AFTER").empty();
        result.answer = take("STRIKE_ANSWER");
        result.call = take("STRIKE_CALL");
        unsetenv("LD_PRELOAD");
        return result;
    }();
    return given;
}

[[gnu::constructor]] void read_orders() {
    orders();
}

template <class F>
F* real(const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

std::atomic<long> steps = 0;

template <class Act>
int durable_step(Act act) {
    const bool now = ++steps == orders().step;
    if (now && !orders().after) raise(orders().signal);
    const int result = act();
    if (now && orders().after) raise(orders().signal);
    return result;
}

// Once: whoever is thawed goes on.
void strike_at(const std::string& letters, const void* bytes, size_t size) {
    static std::atomic<bool> struck = false;
    if (letters.empty() ||
        std::string_view(static_cast<const char*>(bytes), size).find(letters) == std::string_view::npos)
        return;
    if (!struck.exchange(true)) raise(orders().signal);
}

}  // namespace

extern "C" {

int fsync(int file) {
    static auto* const next = real<int(int)>("fsync");
    return durable_step([&] { return next(file); });
}

int fdatasync(int file) {
    static auto* const next = real<int(int)>("fdatasync");
    return durable_step([&] { return next(file); });
}

int rename(const char* from, const char* to) noexcept {
    static auto* const next = real<int(const char*, const char*)>("rename");
    return durable_step([&] { return next(from, to); });
}

ssize_t recv(int socket, void* bytes, size_t size, int flags) {
    static auto* const next = real<ssize_t(int, void*, size_t, int)>("recv");
    const auto got = next(socket, bytes, size, flags);
    if (got > 0) strike_at(orders().answer, bytes, size_t(got));
    return got;
}

ssize_t send(int socket, const void* bytes, size_t size, int flags) {
    static auto* const next = real<ssize_t(int, const void*, size_t, int)>("send");
    strike_at(orders().call, bytes, size);
    return next(socket, bytes, size, flags);
}

}  // extern "C"
