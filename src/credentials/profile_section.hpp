// Which section of which file is which profile.
//
// In the shared credentials file the section's name is the profile's. In the config file it is [default] or
// [profile NAME], with NAME quoted as in a shell when it holds a space; other sections there are no profiles.
// https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "credentials/ini_document.hpp"

namespace keytide::credentials {

enum class FileKind { credentials, config };

// The name of the profile that the section is; nothing when it is none.
std::optional<std::string> profile_name(FileKind kind, std::string_view section);

// In a config file, the NAME of [TYPE NAME], for the types "profile", "services" and "sso-session".
std::optional<std::string> named_section(std::string_view type, std::string_view section);

// How a new section for the profile is called.
std::string section_name(FileKind kind, std::string_view profile);

// The profile's section; null when there is none. The last one when [profile a] and [profile "a"] stand in
// one file, as botocore has it; `count` tells how many.
const IniSection* find_profile(const IniDocument& document, FileKind kind, std::string_view profile,
                               int* count = nullptr);

}  // namespace keytide::credentials
