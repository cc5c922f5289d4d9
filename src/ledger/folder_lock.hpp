// Who works with a ledger shares its folder with others; who changes its sealing key has it alone.
//
// A lock on the folder itself (flock(2)), so that it needs no file of its own: it ends with its owner,
// however that dies, and programs that we start do not get it (O_CLOEXEC).
#pragma once

#include <filesystem>

#include "vocabulary/error.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::ledger {

class FolderLock {
public:
    // Never waits: Busy while somebody has the folder alone.
    static Result<FolderLock> share(const std::filesystem::path& folder);

    // Never waits: Busy while somebody else shares it. Nothing is held afterwards when it fails.
    Result<void> take_alone();

private:
    FolderLock(FileDescriptor fd, std::filesystem::path folder)
        : fd_(std::move(fd)), folder_(std::move(folder)) {}
    FileDescriptor fd_;
    std::filesystem::path folder_;
};

}  // namespace keytide::ledger
