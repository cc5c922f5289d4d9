#include "lab/adoption.hpp"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace keytide::lab {
namespace {

// The same error, with what it is about.
template <class T>
Outcome<T> about(std::string_view what, std::string_view name, Outcome<T> outcome) {
    if (!outcome) outcome.error().message = fmt::format("{} {}: {}", what, name, outcome.error().message);
    return outcome;
}

class Adoption {
public:
    Adoption(Account& account, Instant now) : account_(account), now_(now) {}

    Outcome<void> take(const AuthorizationDetails::ManagedPolicy& policy) {
        if (policy.arn.starts_with("arn:aws:iam::aws:"))
            return account_.aws_managed_policies().adopt(policy.arn, policy.name, policy.document, now_);
        const auto made = account_.policies().create({policy.name, policy.path, "", policy.document},
                                                     account_.randomness(), now_);
        if (!made) return std::unexpected(made.error());
        return {};
    }

    Outcome<void> take(const AuthorizationDetails::Group& group) {
        const auto made = account_.groups().create(group.name, group.path, account_.randomness(), now_);
        if (!made) return std::unexpected(made.error());
        return hold((*made)->policies, (*made)->attached, group);
    }

    Outcome<void> take(const AuthorizationDetails::User& user) {
        const auto made = account_.create_user(user.name, user.path, now_);
        if (!made) return std::unexpected(made.error());
        if (auto held = hold((*made)->policies, (*made)->attached, user); !held) return held;
        for (const auto& group : user.groups)
            if (auto added = account_.add_to_group(user.name, group); !added) return added;
        const auto boundary = account_.boundary_named(user.boundary);
        if (!boundary) return std::unexpected(boundary.error());
        account_.set_boundary((*made)->boundary, *boundary);
        std::vector<Tag> tags;
        for (const auto& [key, value] : user.tags) tags.push_back({key, value});
        return (*made)->tags.put(tags);
    }

private:
    template <class Holder>
    Outcome<void> hold(InlinePolicies& own, AttachedPolicies& attached, const Holder& holder) {
        for (const auto& policy : holder.inline_policies)
            if (auto put = own.put(policy.name, policy.document, holder.name); !put)
                return about("policy", policy.name, std::move(put));
        for (const auto& arn : holder.attached)
            if (auto done = account_.attach_policy(attached, arn); !done) return done;
        return {};
    }

    Account& account_;
    Instant now_;
};

}  // namespace

Outcome<void> adopt(Account& account, const AuthorizationDetails& details, Instant now) {
    Adoption adoption(account, now);
    for (const auto& policy : details.policies)
        if (auto taken = about("policy", policy.arn, adoption.take(policy)); !taken) return taken;
    for (const auto& group : details.groups)
        if (auto taken = about("group", group.name, adoption.take(group)); !taken) return taken;
    for (const auto& user : details.users)
        if (auto taken = about("user", user.name, adoption.take(user)); !taken) return taken;
    return {};
}

}  // namespace keytide::lab
