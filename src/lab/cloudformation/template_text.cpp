#include "lab/cloudformation/template_text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::lab::cloudformation {

std::unexpected<ServiceError> not_well_formed(std::string_view language, std::size_t line,
                                              std::size_t column) {
    return refuse("ValidationError",
                  fmt::format("Template format error: {} not well-formed. (line {}, column {})", language,
                              line, column),
                  400);
}

std::unexpected<ServiceError> not_well_formed(std::string_view language, std::string_view text,
                                              std::size_t offset) {
    const auto before = text.substr(0, offset);
    const auto newline = before.rfind('\n');
    return not_well_formed(language, 1 + std::size_t(std::count(before.begin(), before.end(), '\n')),
                           newline == std::string_view::npos ? offset + 1 : offset - newline);
}

Outcome<Value> read_template_text(std::string_view text) {
    if (text.size() > longest_template)
        return refuse("ValidationError",
                      fmt::format("1 validation error detected: Value at 'templateBody' failed to satisfy "
                                  "constraint: Member must have length less than or equal to {}",
                                  longest_template),
                      400);
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string_view::npos)
        return refuse("ValidationError",
                      "1 validation error detected: Value at 'templateBody' failed to satisfy constraint: "
                      "Member must have length greater than or equal to 1",
                      400);
    auto value = text[first] == '{' ? read_json(text) : read_yaml(text);
    if (value && !value->is_object())
        return refuse("ValidationError", "Template format error: unsupported structure.", 400);
    return value;
}

}  // namespace keytide::lab::cloudformation
