#include "orchestrator/process.hpp"

#include <unistd.h>

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace keytide::orchestrator {
namespace {

std::string boot_id() {
    std::ifstream file("/proc/sys/kernel/random/boot_id");
    std::string id;
    std::getline(file, id);
    return id;
}

// Field 22 of /proc/PID/stat (proc(5)); the name in field 2 may hold spaces and brackets, so count after the
// last one.
std::optional<std::uint64_t> start_of(std::int64_t pid) {
    std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    const auto bracket = line.rfind(')');
    if (bracket == std::string::npos) return std::nullopt;
    std::istringstream rest(line.substr(bracket + 1));
    std::string field;
    for (int number = 3; number <= 22; ++number)
        if (!(rest >> field)) return std::nullopt;
    return std::stoull(field);
}

}  // namespace

rotation::Process LinuxProcesses::self() {
    const std::int64_t pid = getpid();
    return {boot_id(), pid, start_of(pid).value_or(0)};
}

bool LinuxProcesses::is_gone(const rotation::Process& sender) {
    const auto boot = boot_id();
    if (boot.empty() || sender.boot_id != boot || sender.start == 0) return false;
    const auto start = start_of(sender.pid);
    return !start || *start != sender.start;
}

}  // namespace keytide::orchestrator
