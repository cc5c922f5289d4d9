// Reads a file that may be anything: only a regular file of a sensible size is read, and nothing hangs.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::credentials {

constexpr std::size_t largest_file = 4 << 20;  // bytes; credentials and environment files are a few KB

// Tells one state of a file from another, together with its bytes: two writes in the same tick of the clock
// leave the same times.
struct FileVersion {
    dev_t device = 0;
    ino_t inode = 0;
    off_t size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;

    bool operator==(const FileVersion&) const = default;
};

struct FileContent {
    WipedString bytes;
    FileVersion version;
};

// Nothing when there is no such file. Follows symbolic links. A FIFO, folder, socket or device is refused
// without being opened for good; a file that changes while it is read is read again, and refused when it does
// not come to rest.
Result<std::optional<FileContent>> read_regular_file(const std::string& path);

}  // namespace keytide::credentials
