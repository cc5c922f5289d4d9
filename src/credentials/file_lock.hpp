// One writer at a time: an advisory lock (flock) on the file ".NAME.keytide-lock" beside the file NAME.
//
// Not on NAME itself, because a replaced file is another inode, and one that does not exist yet cannot be
// locked; not on the folder, because NFS locks only what is open for writing. The lock file is removed on
// release; whoever waited at its old inode notices and starts over. A process that is killed leaves an empty
// file that locks nobody out. Programs that know nothing of the lock are caught by the comparison before the
// replacement (atomic_file.hpp).
#pragma once

#include <string>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::credentials {

class FileLock {
public:
    // Follows symbolic links first. Folders that are missing are made, durably and with mode 0700, and
    // removed at the end when still empty. Does not wait: when another process has the lock, the error is of
    // kind busy.
    static Result<FileLock> take(const std::string& path);

    FileLock(FileLock&&) noexcept;
    FileLock& operator=(FileLock&&) = delete;
    ~FileLock();

    const std::string& path() const { return path_; }  // of the real file, behind all links

private:
    FileLock() = default;
    bool held_ = false;
    std::string path_, lock_path_;
    FileDescriptor file_;
    std::vector<std::string> made_folders_;  // the outermost first
};

}  // namespace keytide::credentials
