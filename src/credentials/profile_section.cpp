#include "credentials/profile_section.hpp"

#include <vector>

namespace keytide::credentials {
namespace {

// Python's shlex.split(); nothing when a quotation does not end.
// https://docs.python.org/3/library/shlex.html#parsing-rules
std::optional<std::vector<std::string>> split_like_a_shell(std::string_view text) {
    std::vector<std::string> words;
    std::optional<std::string> word;
    char quote = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        const bool escapes = quote == 0 || (quote == '"' && i + 1 < text.size() &&
                                            (text[i + 1] == '"' || text[i + 1] == '\\'));
        if (c == '\\' && quote != '\'' && escapes) {
            if (++i == text.size()) return std::nullopt;
            word = word.value_or("") + text[i];
        } else if (quote != 0) {
            if (c == quote)
                quote = 0;
            else
                *word += c;
        } else if (c == '"' || c == '\'') {
            quote = c;
            word = word.value_or("");
        } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
            if (word) words.push_back(*word);
            word.reset();
        } else {
            word = word.value_or("") + c;
        }
    }
    if (quote != 0) return std::nullopt;
    if (word) words.push_back(*word);
    return words;
}

}  // namespace

std::optional<std::string> named_section(std::string_view type, std::string_view section) {
    // botocore asks for the beginning only: [profiles a] is the profile a too.
    if (!section.starts_with(type)) return std::nullopt;
    const auto words = split_like_a_shell(section);
    if (!words || words->size() != 2) return std::nullopt;
    return (*words)[1];
}

std::optional<std::string> profile_name(FileKind kind, std::string_view section) {
    if (kind == FileKind::credentials || section == "default") return std::string(section);
    return named_section("profile", section);
}

std::string section_name(FileKind kind, std::string_view profile) {
    if (kind == FileKind::credentials || profile == "default") return std::string(profile);
    if (profile.find_first_of(" \t\"'\\") == std::string_view::npos) return "profile " + std::string(profile);
    std::string quoted = "profile \"";
    for (const char c : profile) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return quoted + '"';
}

const IniSection* find_profile(const IniDocument& document, FileKind kind, std::string_view profile,
                               int* count) {
    const IniSection* found = nullptr;
    int seen = 0;
    for (const auto& section : document.sections())
        if (profile_name(kind, section.name) == profile) {
            found = &section;
            ++seen;
        }
    if (count != nullptr) *count = seen;
    return found;
}

}  // namespace keytide::credentials
