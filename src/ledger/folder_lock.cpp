#include "ledger/folder_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

namespace keytide::ledger {
namespace {

// False: somebody else is in the way.
Result<bool> lock(int fd, int how, const std::filesystem::path& folder) {
    while (flock(fd, how | LOCK_NB) != 0) {
        if (errno == EINTR) continue;
        if (errno == EWOULDBLOCK) return false;
        return failed(
            fmt::format("the folder {} cannot be locked: {}", folder.string(), std::strerror(errno)));
    }
    return true;
}

std::unexpected<Error> busy(std::string message, std::string hint) {
    return std::unexpected(Error{ErrorKind::busy, std::move(message), std::move(hint)});
}

}  // namespace

Result<FolderLock> FolderLock::share(const std::filesystem::path& folder) {
    FileDescriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd)
        return failed(
            fmt::format("the folder {} cannot be opened: {}", folder.string(), std::strerror(errno)));
    const auto shared = lock(fd.get(), LOCK_SH, folder);
    if (!shared) return std::unexpected(shared.error());
    if (!*shared)
        return busy(
            fmt::format("the sealing key of the ledger in {} is being changed right now", folder.string()),
            "try again in a moment");
    return FolderLock(std::move(fd), folder);
}

Result<void> FolderLock::take_alone() {
    const auto alone = lock(fd_.get(), LOCK_EX, folder_);
    if (!alone) return std::unexpected(alone.error());
    if (!*alone)
        return busy(fmt::format("other processes work with the ledger in {}", folder_.string()),
                    "wait until they have ended ('keytide status' names those that rotate), and try again");
    return {};
}

}  // namespace keytide::ledger
