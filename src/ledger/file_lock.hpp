// An operating-system lock on a file (flock(2)): it ends with its owner, however that dies.
//
// The lock is not handed to programs that we start (O_CLOEXEC). A fork() that does not exec shares it: nobody
// here forks so.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "vocabulary/error.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::ledger {

class FileLock {
public:
    // Never waits. Nothing when another one holds it. The file is made (0600) and stays.
    static Result<std::optional<FileLock>> try_acquire(const std::filesystem::path& file);

    // Whether its holder() has it now, by /proc/locks: looking turns nobody away, as trying would. False also
    // when it cannot be seen from here (the process is in another container, or there is no /proc).
    // https://man7.org/linux/man-pages/man5/proc_locks.5.html
    static bool is_held(const std::filesystem::path& file);

    // The process that holds or last held it, as it wrote itself into the file; 0 when unknown.
    static long holder(const std::filesystem::path& file);

private:
    explicit FileLock(FileDescriptor fd) : fd_(std::move(fd)) {}
    FileDescriptor fd_;
};

}  // namespace keytide::ledger
