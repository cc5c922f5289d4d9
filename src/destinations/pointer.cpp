#include "destinations/pointer.hpp"

#include <fmt/format.h>

namespace keytide::destinations {

Result<std::vector<std::string>> names_in_pointer(std::string_view pointer) {
    const auto refuse = [&] {
        return usage_error(fmt::format("'{}' names no value in a file", pointer),
                           "write it as /NAME/NAME, with ~1 for a slash and ~0 for a tilde in a name");
    };
    if (!pointer.starts_with('/')) return refuse();
    std::vector<std::string> names;
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] == '/') {
            names.emplace_back();
        } else if (pointer[i] != '~') {
            names.back() += pointer[i];
        } else {
            if (++i == pointer.size() || (pointer[i] != '0' && pointer[i] != '1')) return refuse();
            names.back() += pointer[i] == '0' ? '~' : '/';
        }
    }
    return names;
}

std::string pointer_to(std::string_view name) {
    std::string pointer = "/";
    for (const char c : name) pointer += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return pointer;
}

}  // namespace keytide::destinations
