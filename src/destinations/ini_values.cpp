#include "destinations/ini_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "credentials/ini_document.hpp"
#include "destinations/pointer.hpp"

namespace keytide::destinations {
namespace {

struct Place {
    credentials::IniDocument document;
    std::string section, key;
};

Result<Place> find(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto names = names_in_pointer(pointer);
    if (!names) return std::unexpected(names.error());
    if (names->size() != 2 || names->back().empty())
        return usage_error(fmt::format("'{}' names no value in an INI file", pointer),
                           "write it as /SECTION/KEY");
    const auto document = credentials::IniDocument::parse(text, where);
    if (!document) return std::unexpected(document.error());
    if (document->find(names->front()) == nullptr)
        return usage_error(fmt::format("{} has no section [{}]", where, names->front()),
                           "write it there first");
    auto key = names->back();
    std::ranges::transform(key, key.begin(), [](unsigned char c) { return char(std::tolower(c)); });
    return Place{*document, names->front(), std::move(key)};
}

}  // namespace

Result<WipedString> value_in_ini(std::string_view text, std::string_view pointer, const std::string& where) {
    const auto place = find(text, pointer, where);
    if (!place) return std::unexpected(place.error());
    const auto* entry = place->document.find(place->section)->find(place->key);
    return entry == nullptr ? WipedString() : entry->value;
}

Result<WipedString> ini_with_value(std::string_view text, std::string_view pointer, std::string_view value,
                                   const std::string& where) {
    const auto place = find(text, pointer, where);
    if (!place) return std::unexpected(place.error());
    const auto written = place->document.with_value(place->section, place->key, value);
    if (!written) return std::unexpected(written.error());
    return written->text();
}

}  // namespace keytide::destinations
