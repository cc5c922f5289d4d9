// Paths as people write them, and the file that a path really means.
#pragma once

#include <string>
#include <string_view>

#include "credentials/environment.hpp"
#include "vocabulary/error.hpp"

namespace keytide::credentials {

// $NAME, ${NAME} and a leading ~ or ~user, as botocore expands them in AWS_CONFIG_FILE (os.path.expandvars,
// os.path.expanduser). What cannot be expanded stays as it is.
std::string expand_path(std::string_view path, const Environment& environment);

// HOME, or what the user database says; empty when neither knows.
std::string home_folder(const Environment& environment);

// Follows the symbolic links at the end of the path, also to a file that does not exist yet, so that a rename
// replaces the file and never the link. As Linux itself does (fs.protected_symlinks), refuses to follow a
// link that somebody else put into a folder like /tmp, where everybody may write.
// https://docs.kernel.org/admin-guide/sysctl/fs.html#protected-symlinks
Result<std::string> follow_links(std::string path);

// The folder of a path: "." for a bare name.
std::string folder_of(const std::string& path);
std::string name_of(const std::string& path);

// "cannot WHAT PATH: Permission denied", from errno's number.
Error system_error(std::string_view what, const std::string& path, int number);

}  // namespace keytide::credentials
