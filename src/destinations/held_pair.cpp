#include "destinations/held_pair.hpp"

#include <fmt/format.h>

namespace keytide::destinations {

Result<std::optional<AccessKey>> held_pair(const NamedValue& id, const NamedValue& secret,
                                           const std::string& where) {
    if (id.value.empty() && secret.value.empty()) return std::nullopt;
    if (id.value.empty() || secret.value.empty())
        return usage_error(
            fmt::format("{} has half a key: {} is empty", where, id.value.empty() ? id.name : secret.name),
            "write the pair as a whole, or empty both");
    const auto parsed = AccessKeyId::parse(id.value);
    if (!parsed)
        return usage_error(fmt::format("{}, {}: this is not an access key id", where, id.name),
                           "look whether it is the right place");
    return AccessKey{*parsed, Secret(secret.value), Secret()};
}

}  // namespace keytide::destinations
