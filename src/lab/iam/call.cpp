#include "lab/iam/call.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"

namespace keytide::lab::iam {

std::string_view Call::user_name() const {
    if (const auto* named = parameters.find("UserName")) return *named;
    return caller.user_name ? std::string_view(*caller.user_name) : std::string_view{};
}

Outcome<void> Call::authorise_on_user(std::string_view action) const {
    const auto name = user_name();
    return gate::authorise(account, caller, action,
                           {account.users().arn_of(name), "user " + std::string(name)});
}

Outcome<void> Call::check_user_name(Absent absent) const {
    if (const auto* named = parameters.find("UserName")) return lab::check_user_name(*named);
    if (absent == Absent::means_caller) return {};
    auto name = required("UserName", "userName");
    return name ? Outcome<void>{} : std::unexpected(name.error());
}

Outcome<std::string_view> Call::required(std::string_view name, std::string_view member) const {
    if (const auto* value = parameters.find(name)) return std::string_view(*value);
    return refuse(
        "ValidationError",
        fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member "
                    "must not be null",
                    member),
        400);
}

}  // namespace keytide::lab::iam
