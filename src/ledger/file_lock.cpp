#include "ledger/file_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace keytide::ledger {

Result<std::optional<FileLock>> FileLock::try_acquire(const std::filesystem::path& file) {
    FileDescriptor fd(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!fd)
        return failed(fmt::format("the lock {} cannot be opened: {}", file.string(), std::strerror(errno)));
    while (flock(fd.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return std::nullopt;
        return failed(fmt::format("the lock {} cannot be taken: {}", file.string(), std::strerror(errno)));
    }
    // Only for the words of whoever is turned away: a full disk is no reason to fail here.
    const auto pid = fmt::format("{}\n", getpid());
    if (ftruncate(fd.get(), 0) == 0) [[maybe_unused]]
        const auto written = pwrite(fd.get(), pid.data(), pid.size(), 0);
    return FileLock(std::move(fd));
}

long FileLock::holder(const std::filesystem::path& file) {
    long pid = 0;
    std::ifstream(file) >> pid;
    return pid;
}

// "1: FLOCK  ADVISORY  WRITE 5224 fe:00:10952808 0 EOF"
bool FileLock::is_held(const std::filesystem::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) return false;
    const auto owner = holder(file);
    std::ifstream locks("/proc/locks");
    std::string line, number, kind, strictness, mode, place;
    while (std::getline(locks, line)) {
        long pid = 0;
        std::istringstream words(line);
        words >> number >> kind >> strictness >> mode >> pid >> place;
        if (kind == "FLOCK" && pid == owner && place.ends_with(fmt::format(":{}", status.st_ino)))
            return true;
    }
    return false;
}

}  // namespace keytide::ledger
