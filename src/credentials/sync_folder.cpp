#include "credentials/sync_folder.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>

#include "credentials/file_path.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::credentials {

Result<void> sync_folder(const std::string& folder) {
    const FileDescriptor opened(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    // Some network file systems know no fsync of a folder, and have nothing to gain by it.
    if (!opened || (fsync(opened.get()) != 0 && errno != EINVAL))
        return std::unexpected(system_error("make durable the folder", folder, errno));
    return {};
}

}  // namespace keytide::credentials
