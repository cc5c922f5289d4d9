// Folders (0700) and files (0600) that are nobody else's: made whole or not at all, and trusted only while
// they belong to us and nobody else can write them (files: nor read them).
#pragma once

#include <filesystem>
#include <optional>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::ledger {

// With its missing parents, each of mode 0700. An existing folder is taken when it is ours and closed to the
// writing of others.
Result<void> make_private_folder(const std::filesystem::path& folder);

// Refuses a folder that is another user's, or that others can write. Missing: an error.
Result<void> check_private_folder(const std::filesystem::path& folder);

// Nothing when there is no such file. At most 1 MiB.
Result<std::optional<WipedString>> read_private_file(const std::filesystem::path& file);

// Refuses a file that others can read or write, or that is not a regular file of ours. Missing: an error.
Result<void> check_private_file(const std::filesystem::path& file);

// Both write beside the file, sync, and then give it its name, so that no crash leaves half a file.
// create: false when the name was taken, and then nothing is changed, whoever came first.
// replace: the folder is not synced, so that after a power cut the file may still be the one before.
Result<bool> create_private_file(const std::filesystem::path& file, std::string_view bytes);
Result<void> replace_private_file(const std::filesystem::path& file, std::string_view bytes);

// Takes the place of the file `to`, for good: the folder is synced.
Result<void> move_private_file(const std::filesystem::path& from, const std::filesystem::path& to);

// Whoever made the file, or its folders, may have been killed before their names had reached the disk: from
// here on they have. Folders above that are others' are left to them.
Result<void> sync_names(const std::filesystem::path& file);

// What the file holds as we read it is on the disk from here on. Missing: nothing to do.
Result<void> sync_private_file(const std::filesystem::path& file);

// Gives a complete file its final name unless that is taken (false); `from` is gone afterwards.
Result<bool> publish(const std::filesystem::path& from, const std::filesystem::path& to);

}  // namespace keytide::ledger
