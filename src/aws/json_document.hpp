// JSON whose memory is wiped when it is freed: answers that hold secrets, and secrets that are JSON
// themselves. Places in it are JSON pointers (RFC 6901).
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/wiped_string.hpp"

namespace keytide::aws {

class JsonDocument {
public:
    // Nothing for what is no JSON object.
    static std::optional<JsonDocument> parse(std::string_view text);
    JsonDocument(JsonDocument&&) noexcept;
    JsonDocument& operator=(JsonDocument&&) noexcept;
    ~JsonDocument();

    // The text there, valid as long as the document; nothing where there is none.
    std::optional<std::string_view> text(std::string_view pointer) const;
    std::optional<std::int64_t> number(std::string_view pointer) const;
    std::optional<double> real(std::string_view pointer) const;  // any number
    bool is_true(std::string_view pointer) const;
    bool has(std::string_view pointer) const;          // null is not there
    std::size_t size(std::string_view pointer) const;  // of an array or object; 0 where there is none
    std::vector<std::string> names(std::string_view pointer) const;     // of an object's members
    bool lists(std::string_view pointer, std::string_view text) const;  // an array holds it

private:
    struct Content;
    explicit JsonDocument(std::unique_ptr<Content> content);
    const boost::json::value* find(std::string_view pointer) const;

    std::unique_ptr<Content> content_;
};

}  // namespace keytide::aws
