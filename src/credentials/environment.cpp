#include "credentials/environment.hpp"

#include <cstdlib>
#include <memory>

namespace keytide::credentials {

Environment process_environment() {
    return [](std::string_view name) -> std::optional<std::string_view> {
        const char* value = std::getenv(std::string(name).c_str());
        if (value == nullptr) return std::nullopt;
        return value;
    };
}

Environment fixed_environment(std::map<std::string, std::string, std::less<>> variables) {
    // Shared by the copies of the function, so that its views outlive any one of them.
    auto shared = std::make_shared<const decltype(variables)>(std::move(variables));
    return [shared](std::string_view name) -> std::optional<std::string_view> {
        const auto found = shared->find(name);
        if (found == shared->end()) return std::nullopt;
        return found->second;
    };
}

std::optional<std::string_view> non_empty(const Environment& environment, std::string_view name) {
    const auto value = environment(name);
    return value && !value->empty() ? value : std::nullopt;
}

}  // namespace keytide::credentials
