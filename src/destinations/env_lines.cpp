#include "destinations/env_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

namespace keytide::destinations {
namespace {

bool is_name_char(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}
bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

// Characters that mean themselves, unquoted, to every program that reads such files.
bool is_plain(char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("/+=_.:@%-,").find(c) != std::string_view::npos;
}

// A line of the file as its reader sees it: a shell's quotation may hold line breaks, a backslash joins
// lines.
struct Line {
    std::size_t number, begin, end;  // `end` is before the line break, and before a trailing comment
    // systemd 252 takes it for a part of the comment before it, systemd 254 does not.
    bool is_perhaps_comment = false;
};

Result<std::vector<Line>> split(std::string_view text, EnvFormat format, const std::string& where) {
    std::vector<Line> lines;
    std::size_t number = 1;
    bool ends_in_backslash = false;  // the comment before
    for (std::size_t i = 0; i < text.size();) {
        Line line{number, i, i};
        line.is_perhaps_comment = ends_in_backslash;
        std::optional<std::size_t> comment;
        char quote = 0;
        const auto first = text.find_first_not_of(" \t\r", i);
        const bool is_comment = first != std::string_view::npos &&
                                (text[first] == '#' || (format == EnvFormat::systemd && text[first] == ';'));
        if (is_comment) comment = first;
        for (; i < text.size(); ++i) {
            const char c = text[i];
            if (c == '\n' && quote == 0) break;
            if (c == '\n') ++number;
            if (comment || format == EnvFormat::dotenv) continue;
            if (c == '\\' && quote != '\'') {
                if (++i < text.size() && text[i] == '\n') ++number;
            } else if (quote != 0) {
                if (c == quote) quote = 0;
            } else if (c == '"' || c == '\'') {
                // Elsewhere in a line of systemd's, a quote is a character like others.
                const auto equals = text.substr(line.begin, i - line.begin).find('=');
                const bool begins_value = equals != std::string_view::npos &&
                                          text.substr(line.begin + equals + 1, i - line.begin - equals - 1)
                                                  .find_first_not_of(" \t") == std::string_view::npos;
                if (format == EnvFormat::shell || begins_value) quote = c;
            } else if (c == '#' && format == EnvFormat::shell && is_blank(text[i - 1])) {
                comment = i;
            }
        }
        if (quote != 0)
            return usage_error(
                fmt::format("{} line {} opens a quotation that does not end", where, line.number),
                "correct the file by hand");
        line.end = std::min({comment.value_or(text.size()), i, text.size()});
        lines.push_back(line);
        ends_in_backslash = format == EnvFormat::systemd && (is_comment || ends_in_backslash) &&
                            text.substr(line.begin, i - line.begin).ends_with('\\');
        ++number;
        ++i;
    }
    return lines;
}

// Reads a word of the value from the front of `text`; nothing when its meaning is not plain.
class Word {
public:
    Word(std::string_view text, EnvFormat format) : text_(text), format_(format) {}

    // How many bytes it takes.
    std::optional<std::size_t> read(WipedString& value) {
        while (at_ < text_.size() && !is_blank(text_[at_])) {
            const char c = text_[at_];
            if (c == '\'' || c == '"') {
                if (!quoted(c, value)) return std::nullopt;
                if (format_ != EnvFormat::shell) break;  // the quotation is the whole value
            } else if (c == '\\' && format_ == EnvFormat::shell && at_ + 1 < text_.size() &&
                       text_[at_ + 1] != '\n') {
                value += text_[at_ + 1];
                at_ += 2;
            } else if (is_plain(c)) {
                value += c;
                ++at_;
            } else {
                return std::nullopt;  // $, `, ;, &, \r: more than a value
            }
        }
        return at_;
    }

private:
    bool quoted(char quote, WipedString& value) {
        if (format_ != EnvFormat::shell && at_ != 0) return false;
        for (++at_; at_ < text_.size() && text_[at_] != quote; ++at_) {
            const char c = text_[at_];
            if (c == '\n' || c == '\r') return false;
            if (quote == '"' && c == '\\' && format_ != EnvFormat::dotenv && at_ + 1 < text_.size() &&
                std::string_view("\\\"$`").find(text_[at_ + 1]) != std::string_view::npos)
                value += text_[++at_];
            else if (quote == '"' && (c == '\\' || c == '$' || c == '`'))
                return false;
            else
                value += c;
        }
        return at_++ < text_.size();
    }

    std::string_view text_;
    EnvFormat format_;
    std::size_t at_ = 0;
};

std::string_view without_front(std::string_view text, std::string_view characters) {
    text.remove_prefix(std::min(text.find_first_not_of(characters), text.size()));
    return text;
}

// "export A B" only marks what is set elsewhere.
bool only_exports(std::string_view line) {
    line = without_front(line, " \t");
    return line.starts_with("export") && line.size() > 6 &&
           std::ranges::all_of(line.substr(6), [](char c) { return is_name_char(c) || is_blank(c); });
}

// Whether the line might set the name: it stands there as a whole word, and not only as "$NAME" or "${NAME}".
bool may_set(std::string_view line, std::string_view name) {
    for (auto at = line.find(name); at != std::string_view::npos; at = line.find(name, at + 1)) {
        const auto end = at + name.size();
        if ((at > 0 && is_name_char(line[at - 1])) || (end < line.size() && is_name_char(line[end])))
            continue;
        const bool used = at > 0 && line[at - 1] == '$';
        const bool used_in_braces =
            at > 1 && line.substr(at - 2, 2) == "${" && end < line.size() && line[end] == '}';
        if (!used && !used_in_braces) return true;
    }
    return false;
}

// Some dotenv libraries let a quoted value go on over several lines, Docker and others do not.
bool opens_a_quotation(std::string_view line) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) return false;
    const auto value = without_front(line.substr(equals + 1), " \t");
    if (value.empty() || (value.front() != '"' && value.front() != '\'')) return false;
    for (std::size_t i = 1; i < value.size(); ++i) {
        if (value[i] == '\\')
            ++i;
        else if (value[i] == value.front())
            return false;
    }
    return true;
}

std::optional<EnvAssignment> plain_assignment(std::string_view text, const Line& line, EnvFormat format,
                                              std::span<const std::string_view> names) {
    auto rest = without_front(text.substr(line.begin, line.end - line.begin), " \t");
    if (format != EnvFormat::systemd && rest.starts_with("export") && rest.size() > 6 && is_blank(rest[6]))
        rest = without_front(rest.substr(6), " \t");
    const auto equals = rest.find('=');
    if (equals == std::string_view::npos || std::ranges::find(names, rest.substr(0, equals)) == names.end())
        return std::nullopt;
    EnvAssignment assignment{std::string(rest.substr(0, equals)), {}, line.number, 0, 0};
    rest.remove_prefix(equals + 1);
    assignment.value.reserve(64);
    const auto length = Word(rest, format).read(assignment.value);
    if (!length) {
        // CRLF ends a line for everyone but the shell, to which CR is a character of the value.
        if (format == EnvFormat::shell || !rest.ends_with('\r')) return std::nullopt;
        const auto shorter = Line{line.number, line.begin, line.end - 1};
        return plain_assignment(text, shorter, format, names);
    }
    const auto behind = rest.substr(*length);
    if (behind.find_first_not_of(format == EnvFormat::shell ? " \t" : " \t\r") != std::string_view::npos)
        return std::nullopt;
    assignment.word_begin = std::size_t(rest.data() - text.data());
    assignment.word_end = assignment.word_begin + *length;
    return assignment;
}

}  // namespace

Result<std::vector<EnvAssignment>> find_assignments(std::string_view text, EnvFormat format,
                                                    std::span<const std::string_view> names,
                                                    const std::string& where) {
    const auto lines = split(text, format, where);
    if (!lines) return std::unexpected(lines.error());
    std::vector<EnvAssignment> found;
    const Line* opened = nullptr;
    for (const auto& line : *lines) {
        auto assignment = plain_assignment(text, line, format, names);
        const auto content = text.substr(line.begin, line.end - line.begin);
        if (line.is_perhaps_comment)
            for (const auto name : names)
                if (may_set(content, name))
                    return usage_error(
                        fmt::format("{} line {}: whether systemd reads {} there depends on its "
                                    "version, since the comment before it ends in a backslash",
                                    where, line.number, name),
                        "take the backslash away");
        if (opened != nullptr)
            for (const auto name : names)
                if (may_set(content, name))
                    return usage_error(
                        fmt::format("{} line {} opens a quotation, and programs differ about where "
                                    "it ends; {} comes after it",
                                    where, opened->number, name),
                        "let it end on its line");
        if (format == EnvFormat::dotenv && opened == nullptr && opens_a_quotation(content)) opened = &line;
        if (!assignment) {
            if (only_exports(content)) continue;
            for (const auto name : names)
                if (may_set(content, name))
                    return usage_error(
                        fmt::format("{} line {} may set {} in a way that is not understood", where,
                                    line.number, name),
                        "write it as a line of its own, NAME=value, without a comment behind it");
            continue;
        }
        for (const auto& other : found)
            if (other.name == assignment->name)
                return usage_error(fmt::format("{} line {} sets {} again, after line {}", where, line.number,
                                               other.name, other.line),
                                   "leave one of the two");
        found.push_back(std::move(*assignment));
    }
    return found;
}

Result<WipedString> quote(std::string_view value, EnvFormat format, std::string_view old_word) {
    const bool printable = std::ranges::all_of(value, [](char c) { return c >= ' ' && c < '\x7f'; });
    const bool plain = std::ranges::all_of(value, is_plain);
    // Docker takes quotes for a part of the value, other programs do not: there only what needs none is safe.
    if (!printable || (format == EnvFormat::dotenv && !plain))
        return usage_error("the value holds characters that programs would read differently in this format");

    const bool was_double = old_word.size() >= 2 && old_word.front() == '"' && old_word.back() == '"';
    const bool was_single = old_word.size() >= 2 && old_word.front() == '\'' && old_word.back() == '\'';
    const bool wants_double = was_double || (format == EnvFormat::systemd && !plain);
    WipedString word;
    word.reserve(2 * value.size() + 16);
    if (plain && !was_double && !was_single) {
        word = value;
    } else if (wants_double) {
        word += '"';
        for (const char c : value) {
            if (std::string_view("\\\"$`").find(c) != std::string_view::npos) word += '\\';
            word += c;
        }
        word += '"';
    } else {
        word += '\'';
        for (const char c : value) {
            if (c == '\'')
                word += R"('\'')";
            else
                word += c;
        }
        word += '\'';
    }
    return word;
}

}  // namespace keytide::destinations
