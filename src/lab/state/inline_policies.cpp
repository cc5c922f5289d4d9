#include "lab/state/inline_policies.hpp"

#include <fmt/format.h>

#include "lab/constraints.hpp"
#include "lab/state/quotas.hpp"

namespace keytide::lab {
namespace {

// Of all inline policies of one holder together.
std::size_t limit_of(Holder holder) {
    switch (holder) {
        case Holder::user: return iam_policy::user_policies_limit;
        case Holder::group: return group_policies_size;
        case Holder::role: return role_policies_size;
    }
    return 0;
}

}  // namespace

std::string_view name_of(Holder holder) {
    switch (holder) {
        case Holder::user: return "user";
        case Holder::group: return "group";
        case Holder::role: return "role";
    }
    return {};
}

Outcome<void> InlinePolicies::put(std::string_view name, std::string_view document,
                                  std::string_view holder_name) {
    if (auto valid = check_policy_name(name); !valid) return valid;
    auto read = read_policy_document(document);
    if (!read) return std::unexpected(read.error());

    std::size_t size = iam_policy::counted_size(document);
    for (const auto& [other, policy] : by_name_)
        if (other != name) size += iam_policy::counted_size(policy.text);
    if (size > limit_of(holder_))
        return refuse("LimitExceeded",
                      fmt::format("Maximum policy size of {} bytes exceeded for {} {}", limit_of(holder_),
                                  name_of(holder_), holder_name),
                      409);
    by_name_.insert_or_assign(std::string(name), std::move(*read));
    return {};
}

Outcome<const PolicyDocument*> InlinePolicies::named(std::string_view name) const {
    const auto found = by_name_.find(name);
    if (found == by_name_.end())
        return refuse("NoSuchEntity",
                      fmt::format("The {} policy with name {} cannot be found.", name_of(holder_), name),
                      404);
    return &found->second;
}

Outcome<void> InlinePolicies::erase(std::string_view name) {
    if (auto found = named(name); !found) return std::unexpected(found.error());
    by_name_.erase(by_name_.find(name));
    return {};
}

}  // namespace keytide::lab
