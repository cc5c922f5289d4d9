#include "credentials/file_lock.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "credentials/file_path.hpp"
#include "credentials/sync_folder.hpp"

namespace keytide::credentials {
namespace {

Result<void> make_folders(const std::string& folder, std::vector<std::string>& made) {
    if (mkdir(folder.c_str(), 0700) == 0) {
        made.push_back(folder);
        return sync_folder(folder_of(folder));
    }
    if (errno == EEXIST) return {};
    if (errno != ENOENT || folder_of(folder) == folder)
        return std::unexpected(system_error("make the folder", folder, errno));
    if (auto ok = make_folders(folder_of(folder), made); !ok) return ok;
    return make_folders(folder, made);
}

bool is_still_at(const std::string& path, int file) {
    struct stat at_path {
    }, opened{};
    return stat(path.c_str(), &at_path) == 0 && fstat(file, &opened) == 0 &&
           at_path.st_ino == opened.st_ino && at_path.st_dev == opened.st_dev;
}

}  // namespace

Result<FileLock> FileLock::take(const std::string& path) {
    auto real = follow_links(path);
    if (!real) return std::unexpected(real.error());

    FileLock lock;
    lock.path_ = std::move(*real);
    const auto folder = folder_of(lock.path_);
    lock.lock_path_ = folder + "/." + name_of(lock.path_) + ".keytide-lock";
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0)
        if (auto ok = make_folders(folder, lock.made_folders_); !ok) return std::unexpected(ok.error());

    // Only as often as locks were released just now, between our opening and our locking.
    for (int attempt = 0; attempt < 100; ++attempt) {
        lock.file_ = FileDescriptor(
            open(lock.lock_path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600));
        if (!lock.file_) return std::unexpected(system_error("make the lock file", lock.lock_path_, errno));
        if (flock(lock.file_.get(), LOCK_EX | LOCK_NB) != 0) {
            if (errno != EWOULDBLOCK) return std::unexpected(system_error("lock", lock.lock_path_, errno));
            return std::unexpected(Error{ErrorKind::busy, "another process is changing " + lock.path_,
                                         "try again when it has ended"});
        }
        if (is_still_at(lock.lock_path_, lock.file_.get())) {
            lock.held_ = true;
            return lock;
        }
    }
    return std::unexpected(Error{ErrorKind::busy, "other processes keep changing " + lock.path_,
                                 "try again when they have ended"});
}

FileLock::FileLock(FileLock&& other) noexcept
    : held_(std::exchange(other.held_, false)),
      path_(std::move(other.path_)),
      lock_path_(std::move(other.lock_path_)),
      file_(std::move(other.file_)),
      made_folders_(std::exchange(other.made_folders_, {})) {}

FileLock::~FileLock() {
    // Removed while still locked: afterwards it could be another process's.
    if (held_) unlink(lock_path_.c_str());
    for (auto folder = made_folders_.rbegin(); folder != made_folders_.rend(); ++folder)
        rmdir(folder->c_str());
}

}  // namespace keytide::credentials
