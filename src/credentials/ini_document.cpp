#include "credentials/ini_document.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "credentials/ini_lines.hpp"

namespace keytide::credentials {
namespace {

std::string lower(std::string_view text) {
    std::string result(text);
    for (auto& c : result)
        if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
    return result;
}

// The greedy \[(?P<header>.+)\] of configparser: up to the last bracket of the line.
std::optional<std::string_view> header(std::string_view content) {
    if (!content.starts_with('[')) return std::nullopt;
    const auto close = content.rfind(']');
    if (close == std::string_view::npos || close < 2) return std::nullopt;
    return content.substr(1, close - 1);
}

// Takes lines one after another, as configparser does.
class Parser {
public:
    Parser(std::string_view text, const std::string& where) : text_(text), where_(where) {}

    Result<std::vector<IniSection>> parse() {
        const auto lines = split_ini_lines(text_, where_);
        if (!lines) return std::unexpected(lines.error());
        for (const auto& line : *lines)
            if (auto ok = take(line); !ok) return std::unexpected(ok.error());
        for (const auto& section : sections_)
            for (const auto& entry : section.entries)
                if (auto ok = check_nested(entry); !ok) return std::unexpected(ok.error());
        return std::move(sections_);
    }

private:
    std::unexpected<Error> refuse(std::size_t line, std::string_view what, std::string_view hint) const {
        return usage_error(fmt::format("{} line {} {}", where_, line, what), std::string(hint));
    }

    Result<void> take(const IniLine& line) {
        const auto content = line.content(text_);
        if (content.empty()) {
            ++blanks_;
            return {};
        }
        if (content.front() == '#' || content.front() == ';') return {};
        if (in_entry_ && line.indent > indent_) {
            continue_entry(line, content);
            return {};
        }
        indent_ = line.indent;
        if (const auto name = header(content)) return start_section(line, *name);
        if (sections_.empty())
            return refuse(line.number, "stands before the first section",
                          "every setting belongs below a line like [default]; the AWS CLI refuses the file");
        return start_entry(line, content);
    }

    Result<void> start_section(const IniLine& line, std::string_view name) {
        for (const auto& other : sections_)
            if (other.name == name)
                return refuse(line.number,
                              fmt::format("starts the section [{}] again, after line {}", name, other.line),
                              "merge the two sections; the AWS CLI refuses the file");
        sections_.push_back({std::string(name), line.number, line.end, {}});
        in_entry_ = false;
        return {};
    }

    Result<void> start_entry(const IniLine& line, std::string_view content) {
        const auto delimiter = content.find_first_of("=:");
        if (delimiter == std::string_view::npos)
            return refuse(line.number, "is neither a section, a 'key = value' nor a comment",
                          "it may be half-written; the AWS CLI refuses the file");
        const auto key = trim_ini(content.substr(0, delimiter));
        if (key.empty())
            return refuse(line.number, "has no key before the delimiter", "the AWS CLI refuses the file");

        auto& entries = sections_.back().entries;
        const auto name = lower(key);
        for (const auto& other : entries)
            if (other.key == name)
                return refuse(line.number,
                              fmt::format("gives {} of [{}] again, after line {}", name,
                                          sections_.back().name, other.line),
                              "leave one of the two; the AWS CLI refuses the file");

        const auto value = trim_ini(content.substr(delimiter + 1));
        // An empty value is filled in at the line's end, behind the space that often stands there.
        const auto value_begin = value.empty() ? line.ending : std::size_t(value.data() - text_.data());
        entries.push_back({name, WipedString(value), line.number, true, line.begin, line.end, line.inner,
                           line.inner + key.size(), value_begin, value_begin + value.size()});
        in_entry_ = true;
        blanks_ = 0;
        return {};
    }

    void continue_entry(const IniLine& line, std::string_view content) {
        auto& entry = sections_.back().entries.back();
        entry.value.append(blanks_ + 1, '\n');
        entry.value.append(content);
        entry.one_line = false;
        entry.end = line.end;
        entry.value_end = line.trimmed;
        blanks_ = 0;
    }

    Result<void> check_nested(const IniEntry& entry) const {
        if (!entry.value.starts_with('\n')) return {};
        std::string_view rest = entry.value;
        while (!rest.empty()) {
            const auto line = rest.substr(0, rest.find('\n'));
            if (!line.empty() && line.find('=') == std::string_view::npos)
                return refuse(entry.line,
                              fmt::format("starts a nested {} with a line that has no '='", entry.key),
                              "below an empty value, every indented line is 'key = value'; the AWS CLI "
                              "refuses the file");
            rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        }
        return {};
    }

    std::string_view text_;
    const std::string& where_;
    std::vector<IniSection> sections_;
    bool in_entry_ = false;   // an indented line would continue the last entry
    std::size_t indent_ = 0;  // of the line that started the section or entry
    std::size_t blanks_ = 0;  // lines since the last of this entry
};

bool reads_the_same(const std::vector<IniSection>& before, const std::vector<IniSection>& after,
                    std::string_view section, std::string_view key) {
    const auto without = [&](const IniSection& s) {
        std::vector<const IniEntry*> entries;
        for (const auto& entry : s.entries)
            if (s.name != section || entry.key != key) entries.push_back(&entry);
        return entries;
    };
    const auto same_entry = [](const IniEntry* a, const IniEntry* b) {
        return a->key == b->key && a->value == b->value;
    };
    const auto same_section = [&](const IniSection& a, const IniSection& b) {
        return a.name == b.name && std::ranges::equal(without(a), without(b), same_entry);
    };
    return std::ranges::equal(before, after, same_section);
}

}  // namespace

const IniEntry* IniSection::find(std::string_view key) const {
    const auto found = std::ranges::find(entries, key, &IniEntry::key);
    return found == entries.end() ? nullptr : &*found;
}

const IniSection* IniDocument::find(std::string_view section) const {
    const auto found = std::ranges::find(sections_, section, &IniSection::name);
    return found == sections_.end() ? nullptr : &*found;
}

Result<IniDocument> IniDocument::parse(std::string_view text, std::string where) {
    IniDocument document;
    document.text_ = WipedString(text);
    document.where_ = std::move(where);
    auto sections = Parser(document.text_, document.where_).parse();
    if (!sections) return std::unexpected(sections.error());
    document.sections_ = std::move(*sections);
    return document;
}

std::string_view IniDocument::line_ending() const {
    const auto ending = text_.find_first_of("\r\n");
    if (ending == WipedString::npos || text_[ending] == '\n') return "\n";
    return text_.compare(ending, 2, "\r\n") == 0 ? "\r\n" : "\r";
}

Result<IniDocument> IniDocument::edited(std::size_t begin, std::size_t end, std::string_view bytes,
                                        std::string_view section, std::string_view key) const {
    WipedString text;
    text.reserve(text_.size() + bytes.size() + 16);
    text.append(text_, 0, begin).append(bytes).append(text_, end);
    auto after = parse(text, where_);
    if (!after || !reads_the_same(sections_, after->sections_, section, key))
        return usage_error(
            fmt::format("{} of [{}] in {} cannot be changed without changing what stands around it", key,
                        section, where_),
            "change this line by hand");
    return after;
}

Result<IniDocument> IniDocument::with_value(std::string_view section, std::string_view key,
                                            std::string_view value) const {
    const auto* s = find(section);
    if (s == nullptr) return usage_error(fmt::format("{} has no section [{}]", where_, section));
    const auto* entry = s->find(key);
    auto after = [&]() -> Result<IniDocument> {
        if (entry != nullptr) {
            if (!entry->one_line)
                return usage_error(fmt::format("{} of [{}] in {} goes over several lines, from line {}", key,
                                               section, where_, entry->line),
                                   "write it on one line");
            return edited(entry->value_begin, entry->value_end, value, section, key);
        }
        std::string_view indentation, delimiter = " = ";
        auto at = s->header_end;
        if (!s->entries.empty()) {
            const auto& last = s->entries.back();
            indentation = std::string_view(text_).substr(last.begin, last.indentation_end - last.begin);
            at = last.end;
            for (const auto& sibling : s->entries)
                if (sibling.one_line && !sibling.value.empty())
                    delimiter = std::string_view(text_).substr(sibling.key_end,
                                                               sibling.value_begin - sibling.key_end);
        }
        const bool unended = at == text_.size() && text_[at - 1] != '\n' && text_[at - 1] != '\r';
        WipedString line;
        line.reserve(indentation.size() + key.size() + delimiter.size() + value.size() + 32);
        if (unended) line.append(line_ending());
        line.append(indentation).append(key).append(delimiter).append(value);
        if (!unended) line.append(line_ending());
        return edited(at, at, line, section, key);
    }();
    if (!after) return after;
    const auto* written = after->find(section)->find(key);
    if (written == nullptr || written->value != value)
        return usage_error(
            fmt::format("a value for {} cannot be written so that it reads back the same", key),
            "it may hold no line break and no white space at its ends");
    return after;
}

Result<IniDocument> IniDocument::without_value(std::string_view section, std::string_view key) const {
    const auto* s = find(section);
    const auto* entry = s == nullptr ? nullptr : s->find(key);
    if (entry == nullptr) return usage_error(fmt::format("{} has no {} in [{}]", where_, key, section));
    if (!entry->one_line)
        return usage_error(fmt::format("{} of [{}] in {} goes over several lines, from line {}", key, section,
                                       where_, entry->line),
                           "remove it by hand");
    auto begin = entry->begin;
    const bool unended = entry->end == text_.size() && text_.back() != '\n' && text_.back() != '\r';
    if (unended) begin -= begin >= 2 && text_.compare(begin - 2, 2, "\r\n") == 0 ? 2 : 1;
    return edited(begin, entry->end, "", section, key);
}

Result<IniDocument> IniDocument::with_section(std::string_view section) const {
    WipedString text = text_;
    const auto ending = line_ending();
    if (!text.empty() && text.back() != '\n' && text.back() != '\r') text.append(ending);
    if (!text.empty()) text.append(ending);
    text.append("[").append(section).append("]").append(ending);
    auto after = parse(text, where_);
    if (!after) return after;
    const bool only_added = after->sections_.size() == sections_.size() + 1 &&
                            after->sections_.back().name == section &&
                            after->sections_.back().entries.empty();
    if (!only_added) return usage_error(fmt::format("[{}] cannot be the name of a section", section));
    return after;
}

std::optional<std::string_view> nested_value(std::string_view value, std::string_view key) {
    std::optional<std::string_view> result;
    while (value.starts_with('\n')) {
        value.remove_prefix(1);
        const auto line = value.substr(0, value.find('\n'));
        const auto equals = line.find('=');
        if (equals != std::string_view::npos && trim_ini(line.substr(0, equals)) == key)
            result = trim_ini(line.substr(equals + 1));
        value.remove_prefix(line.size());
    }
    return result;
}

}  // namespace keytide::credentials
