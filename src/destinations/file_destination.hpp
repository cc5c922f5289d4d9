// A destination that is a file: locking, comparing and replacing once, for every kind of file. What a kind of
// file looks like inside is a KeyText.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "ports/destination.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

// Finds a key in a text and puts another one there, changing nothing else. Pure.
class KeyText {
public:
    virtual ~KeyText() = default;

    // Nothing when the text has room for a key and holds none; an empty text is a file that does not exist.
    virtual Result<std::optional<AccessKey>> read(std::string_view text) const = 0;

    // The text with `key` in place of what is held. Refuses what would not be read back the same.
    virtual Result<WipedString> write(std::string_view text, const AccessKey& key) const = 0;
};

// `path` is absolute; it need not exist.
std::unique_ptr<ports::Destination> file_destination(std::string uri, std::string path,
                                                     std::unique_ptr<KeyText> text);

}  // namespace keytide::destinations
