#include "destinations/json_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json/basic_parser_impl.hpp>
#include <optional>
#include <span>

#include "destinations/pointer.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

namespace json = boost::json;

// Takes everything and keeps nothing: no copy of a secret is made.
struct Deaf {
    static constexpr std::size_t max_object_size = std::size_t(-1), max_array_size = std::size_t(-1),
                                 max_key_size = std::size_t(-1), max_string_size = std::size_t(-1);
    using Code = boost::system::error_code;
    bool on_document_begin(Code&) { return true; }
    bool on_document_end(Code&) { return true; }
    bool on_object_begin(Code&) { return true; }
    bool on_object_end(std::size_t, Code&) { return true; }
    bool on_array_begin(Code&) { return true; }
    bool on_array_end(std::size_t, Code&) { return true; }
    bool on_key_part(json::string_view, std::size_t, Code&) { return true; }
    bool on_key(json::string_view, std::size_t, Code&) { return true; }
    bool on_string_part(json::string_view, std::size_t, Code&) { return true; }
    bool on_string(json::string_view, std::size_t, Code&) { return true; }
    bool on_number_part(json::string_view, Code&) { return true; }
    bool on_int64(std::int64_t, json::string_view, Code&) { return true; }
    bool on_uint64(std::uint64_t, json::string_view, Code&) { return true; }
    bool on_double(double, json::string_view, Code&) { return true; }
    bool on_bool(bool, Code&) { return true; }
    bool on_null(Code&) { return true; }
    bool on_comment_part(json::string_view, Code&) { return true; }
    bool on_comment(json::string_view, Code&) { return true; }
};

bool is_json(std::string_view text) {
    json::parse_options options;
    options.max_depth = 200;
    json::basic_parser<Deaf> parser{options};
    boost::system::error_code error;
    const auto read = parser.write_some(false, text.data(), text.size(), error);
    return !error && parser.done() && text.find_first_not_of(" \t\r\n", read) == std::string_view::npos;
}

struct Token {
    std::size_t begin = 0, end = 0;
};
struct Miss {
    bool is_missing;  // nothing is wrong but that it is not there
    std::string why;
};

// Walks over text that is known to be JSON.
class Walk {
public:
    explicit Walk(std::string_view text) : text_(text) {}

    // The value at the pointer's end; an error's words when it is not there.
    std::expected<Token, Miss> find(std::span<const std::string> names) {
        skip_space();
        if (names.empty()) return skip_value();
        const auto opening = text_[at_];
        if (opening != '{' && opening != '[') return std::unexpected(Miss{false, "it leads into a value"});
        std::optional<std::size_t> found;
        std::size_t index = 0;
        for (++at_; skip_space(), text_[at_] != '}' && text_[at_] != ']'; ++index) {
            auto name = std::to_string(index);
            if (opening == '{') {
                const auto key = skip_value();
                WipedString plain;
                if (!unescape(text_.substr(key.begin, key.end - key.begin), plain))
                    return std::unexpected(Miss{false, "a name there is written with escapes"});
                name = plain;
                skip_space();
                ++at_;  // the colon
                skip_space();
            }
            if (name == names.front()) {
                if (found) return std::unexpected(Miss{false, "'" + name + "' comes twice"});
                found = at_;
            }
            skip_value();
            skip_space();
            if (text_[at_] == ',') ++at_;
        }
        if (!found) return std::unexpected(Miss{true, "there is no '" + names.front() + "'"});
        at_ = *found;
        return find(names.subspan(1));
    }

    // False: it has an escape that neither ids nor secrets need.
    static bool unescape(std::string_view quoted, WipedString& text) {
        quoted = quoted.substr(1, quoted.size() - 2);
        text.reserve(std::max<std::size_t>(quoted.size(), 32));
        bool plain = true;
        for (std::size_t i = 0; i < quoted.size(); ++i) {
            if (quoted[i] != '\\') {
                text += quoted[i];
            } else if (const auto c = quoted[++i]; c == '"' || c == '\\' || c == '/') {
                text += c;
            } else {
                (text += '\\') += c;
                plain = false;
            }
        }
        return plain;
    }

private:
    void skip_space() { at_ = std::min(text_.find_first_not_of(" \t\r\n", at_), text_.size()); }

    Token skip_value() {
        Token token{at_, at_};
        int depth = 0;
        do {
            const char c = text_[at_];
            if (c == '"') {
                for (++at_; text_[at_] != '"'; ++at_)
                    if (text_[at_] == '\\') ++at_;
                ++at_;
            } else if (c == '{' || c == '[') {
                ++depth;
                ++at_;
            } else if (c == '}' || c == ']') {
                --depth;
                ++at_;
            } else if (std::string_view(" \t\r\n,:").find(c) != std::string_view::npos) {
                ++at_;
            } else {
                at_ = std::min(text_.find_first_of(" \t\r\n,:{}[]\"", at_), text_.size());
            }
        } while (depth > 0);
        token.end = at_;
        return token;
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

Result<std::expected<Token, Miss>> find_any(std::string_view text, std::string_view pointer,
                                            const std::string& where) {
    const auto names = names_in_pointer(pointer);
    if (!names) return std::unexpected(names.error());
    if (!is_json(text)) return usage_error(fmt::format("{} is not JSON", where), "correct it by hand");
    return Walk(text).find(*names);
}

std::unexpected<Error> refuse(std::string_view pointer, std::string_view why, const std::string& where) {
    return usage_error(fmt::format("{}, {}: {}", where, pointer, why),
                       "the place of the key must be there already, as \"\" where there is none yet");
}

Result<Token> find_text(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto found = find_any(text, pointer, where);
    if (!found) return std::unexpected(found.error());
    if (!*found) return refuse(pointer, found->error().why, where);
    const auto word = text.substr((*found)->begin, (*found)->end - (*found)->begin);
    if (word != "null" && !word.starts_with('"')) return refuse(pointer, "what is there is no text", where);
    return **found;
}

}  // namespace

Result<WipedString> value_in_json(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto token = find_text(text, pointer, where);
    if (!token) return std::unexpected(token.error());
    WipedString value;
    const auto word = text.substr(token->begin, token->end - token->begin);
    if (word != "null" && !Walk::unescape(word, value))
        return usage_error(fmt::format("{}, {}: what is there is written with escapes", where, pointer),
                           "write it plainly");
    return value;
}

Result<WipedString> json_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                    const std::string& where) {
    const auto token = find_text(text, pointer, where);
    if (!token) return std::unexpected(token.error());
    WipedString result(text);
    result.replace(token->begin, token->end - token->begin, json_text(value));
    return result;
}

Result<std::optional<std::string_view>> token_in_json(std::string_view text, std::string_view pointer,
                                                      const std::string& where) {
    const auto found = find_any(text, pointer, where);
    if (!found) return std::unexpected(found.error());
    if (!*found && found->error().is_missing) return std::nullopt;
    if (!*found) return refuse(pointer, found->error().why, where);
    return text.substr((*found)->begin, (*found)->end - (*found)->begin);
}

Result<std::optional<WipedString>> optional_in_json(std::string_view text, std::string_view pointer,
                                                    const std::string& where) {
    const auto token = token_in_json(text, pointer, where);
    if (!token) return std::unexpected(token.error());
    if (!*token) return std::nullopt;
    auto value = value_in_json(text, pointer, where);
    if (!value) return std::unexpected(value.error());
    return std::move(*value);
}

Result<WipedString> json_with_member(std::string_view object, std::string_view name, std::string_view value,
                                     const std::string& where) {
    const auto pointer = pointer_to(name);
    const auto token = token_in_json(object, pointer, where);
    if (!token) return std::unexpected(token.error());
    const auto behind = object.rfind('}');
    if (behind == std::string_view::npos) return refuse(pointer, "it leads into a value", where);
    WipedString result(object);
    if (*token)
        result.replace(std::size_t((*token)->data() - object.data()), (*token)->size(), json_text(value));
    else
        result.insert(behind, (object.find(':') == std::string_view::npos ? "" : ",") + json_text(name) +
                                  ":" + json_text(value));
    return result;
}

}  // namespace keytide::destinations
