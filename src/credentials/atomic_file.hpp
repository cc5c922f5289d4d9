// Replaces a file so that every reader sees all of the old content or all of the new, also after a power cut:
// temporary file ".NAME.keytide-new" in the same folder, fsync, rename, fsync of the folder.
// https://lwn.net/Articles/457667/
//
// Mode, owner and extended attributes (access control lists among them) stay; when they cannot be kept,
// nothing is replaced, because a program that reads the file could no longer. The caller holds the lock, so
// that the temporary file is its own; one that a killed process left is removed by the next.
#pragma once

#include <expected>
#include <optional>
#include <string_view>

#include "credentials/file_lock.hpp"
#include "credentials/regular_file.hpp"

namespace keytide::credentials {

struct ReplaceError {
    Error error;
    bool may_have_happened = false;  // false: nothing was changed
};

// Writes `bytes` to lock.path() if that still holds `expected`; nothing means that there was no file, and one
// of mode 0600 is made. A file with further hard links is refused: they would keep the old content.
std::expected<void, ReplaceError> replace_file(const FileLock& lock,
                                               const std::optional<FileContent>& expected,
                                               std::string_view bytes);

// What is there is there after a power cut too: for a writer that finds its content and does not know whether
// its last run came to the fsync.
Result<void> make_durable(const FileLock& lock);

}  // namespace keytide::credentials
