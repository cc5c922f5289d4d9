#include "lab/secretsmanager/call.hpp"

#include <algorithm>
#include <boost/json.hpp>

namespace keytide::lab::secretsmanager {

gate::Target Call::target() const {
    const auto id = secret_id();
    const auto* secret = secrets().find(id, now);
    gate::Target result{secret != nullptr ? secret->arn : secrets().arn_like(id), id};
    result.keys.push_back({"secretsmanager:secretid", {result.arn}});
    if (secret == nullptr) return result;
    return gate::with_resource_tags(std::move(result), "secretsmanager", secret->tags);
}

Outcome<void> Call::authorise(std::string_view action, const gate::Target& target) const {
    return gate::authorise_json(account, caller, action, target);
}

Outcome<StoredSecret*> Call::usable_secret(std::string_view action, const gate::Target& target) const {
    if (auto allowed = authorise(action, target); !allowed) return std::unexpected(allowed.error());
    const auto id = input.required("SecretId", {1, 2048});
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    if (!id.starts_with("arn:"))
        if (auto valid = check_name(id); !valid) return std::unexpected(valid.error());
    return secrets().usable(id, now);
}

boost::json::object named(const StoredSecret& secret) {
    return {{"ARN", secret.arn}, {"Name", secret.name}};
}

Outcome<void> check_name(std::string_view name) {
    const bool good = std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("-/_+=.@!").find(c) != std::string_view::npos;
    });
    if (good) return {};
    return refuse("ValidationException",
                  "Invalid name. Must be a valid name containing alphanumeric characters, or any of the "
                  "following: -/_+=.@!",
                  400);
}

}  // namespace keytide::lab::secretsmanager
