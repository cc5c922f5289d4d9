#include "destinations/yaml_values.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <optional>
#include <span>

#include "destinations/json_values.hpp"
#include "destinations/pointer.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

// More than any file of settings has; aliases can make a short text into more than memory holds.
constexpr int most_nodes = 100'000;

Result<YAML::Node> load(std::string_view text, const std::string& where) {
    try {
        const auto documents = YAML::LoadAll(std::string(text));
        if (documents.size() == 1) return documents.front();
        return usage_error(fmt::format("{} holds {} YAML documents", where, documents.size()),
                           "there must be one");
    } catch (const YAML::Exception& problem) {
        return usage_error(fmt::format("{} line {} is not YAML", where, problem.mark.line + 1),
                           "correct the file by hand");
    }
}

std::expected<YAML::Node, std::string> walk(YAML::Node node, std::span<const std::string> names) {
    for (const auto& name : names) {
        std::optional<YAML::Node> found;
        if (node.IsMap()) {
            for (const auto& member : node) {
                if (!member.first.IsScalar() || member.first.Scalar() != name) continue;
                if (found) return std::unexpected("'" + name + "' comes twice");
                found = member.second;
            }
        } else if (node.IsSequence()) {
            for (std::size_t i = 0; i < node.size(); ++i)
                if (std::to_string(i) == name) found = node[i];
        } else {
            return std::unexpected("it leads into a value");
        }
        if (!found) return std::unexpected("there is no '" + name + "'");
        node.reset(*found);
    }
    return node;
}

struct Found {
    YAML::Node document, value;
};

Result<Found> find(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto refuse = [&](const std::string& why) {
        return usage_error(fmt::format("{}, {}: {}", where, pointer, why),
                           "the place of the key must be there already, as \"\" where there is none yet");
    };
    const auto names = names_in_pointer(pointer);
    if (!names) return std::unexpected(names.error());
    const auto document = load(text, where);
    if (!document) return std::unexpected(document.error());
    const auto value = walk(*document, *names);
    if (!value) return refuse(value.error());
    if (!value->IsScalar() && !value->IsNull()) return refuse("what is there is no text");
    return Found{*document, *value};
}

// How many bytes the value takes that begins there; nothing when it is not one word on one line.
std::optional<std::size_t> length_of_word(std::string_view rest) {
    const auto line = rest.substr(0, rest.find_first_of("\r\n"));
    if (line.empty()) return std::nullopt;
    const char quote = line.front();
    if (quote == '"' || quote == '\'') {
        for (std::size_t i = 1; i < line.size(); ++i) {
            if (quote == '"' && line[i] == '\\') {
                ++i;
            } else if (line[i] == quote) {
                if (quote == '"' || i + 1 == line.size() || line[i + 1] != '\'') return i + 1;
                ++i;
            }
        }
        return std::nullopt;
    }
    // As ids and secrets are written, and null and ~.
    const auto end = std::find_if_not(line.begin(), line.end(), [](unsigned char c) {
        return std::isalnum(c) != 0 || std::string_view("/+=_.-~").find(char(c)) != std::string_view::npos;
    });
    return end == line.begin() ? std::nullopt : std::optional(std::size_t(end - line.begin()));
}

// A text to every reader of YAML 1.1 and 1.2: no number, truth, date, null or merge key.
bool is_plain_text(std::string_view value) {
    const auto is_letter = [](unsigned char c) { return std::isalpha(c) != 0; };
    const auto is_word = [&](unsigned char c) {
        return is_letter(c) || std::isdigit(c) != 0 || c == '/' || c == '+' || c == '=';
    };
    return value.size() >= 16 && is_letter(value.front()) && std::ranges::all_of(value, is_word);
}

WipedString word_for(std::string_view value, std::string_view old_word) {
    if (old_word.starts_with('\'') && value.find('\'') == std::string_view::npos) {
        WipedString word;
        word.reserve(value.size() + 32);
        return word.append("'").append(value).append("'");
    }
    if (old_word.starts_with('"') || old_word.starts_with('\'') || !is_plain_text(value))
        return json_text(value);  // YAML's double quotes are a superset
    return WipedString(value);
}

bool same_but(const YAML::Node& a, const YAML::Node& b, const YAML::Node& changed, int& left) {
    if (--left < 0) return false;
    if (a.is(changed)) return b.IsScalar() || b.IsNull();
    if (a.Type() != b.Type() || a.Tag() != b.Tag()) return false;
    if (a.IsScalar()) return a.Scalar() == b.Scalar();
    if (a.size() != b.size()) return false;
    if (a.IsSequence()) {
        for (std::size_t i = 0; i < a.size(); ++i)
            if (!same_but(a[i], b[i], changed, left)) return false;
    } else if (a.IsMap()) {
        auto other = b.begin();
        for (const auto& member : a) {
            if (!same_but(member.first, other->first, changed, left) ||
                !same_but(member.second, other->second, changed, left))
                return false;
            ++other;
        }
    }
    return true;
}

// An alias of the value, or of what it lies in, shows it in a second place as well.
int times_shown(const YAML::Node& node, const YAML::Node& value, int& left) {
    if (--left < 0 || node.is(value)) return 1;
    int times = 0;
    if (node.IsSequence())
        for (const auto& item : node) times += times_shown(item, value, left);
    if (node.IsMap())
        for (const auto& member : node) times += times_shown(member.second, value, left);
    return times;
}

}  // namespace

Result<WipedString> value_in_yaml(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto found = find(text, pointer, where);
    if (!found) return std::unexpected(found.error());
    WipedString value;
    value.reserve(64);
    if (found->value.IsScalar()) value.append(found->value.Scalar());
    return value;
}

Result<WipedString> yaml_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                    const std::string& where) {
    const auto found = find(text, pointer, where);
    if (!found) return std::unexpected(found.error());
    const auto refuse = [&](std::string_view why) {
        return usage_error(fmt::format("{}, {}: {}", where, pointer, why),
                           "write the value as one word on one line, without an anchor; quotes are good");
    };
    const auto mark = found->value.Mark();
    // A byte order mark is not counted by yaml-cpp.
    const auto skipped = text.starts_with("\xEF\xBB\xBF") ? 3U : 0U;
    if (mark.is_null() || skipped + std::size_t(mark.pos) >= text.size())
        return refuse("where the value stands cannot be told");
    const auto begin = skipped + std::size_t(mark.pos);
    const auto length = length_of_word(text.substr(begin));
    if (!length) return refuse("the value is written in a way that is not changed here");
    int left = most_nodes;
    if (times_shown(found->document, found->value, left) != 1 || left < 0)
        return refuse("an alias shows the value in another place, too");

    WipedString result(text);
    result.replace(begin, *length, word_for(value, text.substr(begin, *length)));
    const auto again = find(result, pointer, where);
    left = most_nodes;
    if (!again || !again->value.IsScalar() || again->value.Scalar() != value ||
        !same_but(found->document, again->document, found->value, left))
        return refuse("the value cannot be changed without changing what stands around it");
    return result;
}

}  // namespace keytide::destinations
