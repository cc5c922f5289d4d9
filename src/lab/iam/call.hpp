// One call of IAM's API, and what every action of it does first: authorise, then validate.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::iam {

struct Call {
    Account& account;
    const Caller& caller;
    const Parameters& parameters;
    Instant now;
    misbehaviour::Delays replica{};  // of IAM's, the one that answers

    // The user whom UserName names or, where it is absent, the caller. Empty: the root user, which nobody can
    // name and only root can be.
    std::string_view user_name() const;

    // The user, group or role that a name means; refusals say "on resource: user NAME". Where the action may
    // be bounded by them, its condition keys are there: the entity's tags and its permissions boundary.
    gate::Target target(Holder holder, std::string_view name) const;
    gate::Target target_user() const { return target(Holder::user, user_name()); }
    gate::Target target_policy(std::string_view arn) const;

    // arn:aws:iam::ACCOUNT:user/PATH/NAME of what is not there yet; with an empty name, of all below a path.
    std::string arn(std::string_view kind, std::string_view path, std::string_view name = {}) const;

    Outcome<void> authorise(std::string_view action, const gate::Target& target) const {
        return gate::authorise(account, caller, action, target);
    }
    Outcome<void> authorise_on_user(std::string_view action) const {
        return authorise(action, target_user());
    }

    // Where UserName is given it must be a name. Who is no user, a session of a role, must give it.
    enum class Absent { means_caller, is_refused };
    Outcome<void> check_user_name(Absent absent) const;

    // NoSuchEntity of a user who is younger than that.
    Outcome<void> check_heard_of_user(Duration ago) const;

    // A parameter that must be given; `member` is its name in error texts: userName for UserName.
    Outcome<std::string_view> required(std::string_view name, std::string_view member) const;
    Outcome<std::string_view> required_name(std::string_view name, std::string_view member,
                                            std::size_t longest = 128) const;
    Outcome<std::string_view> required_policy_arn() const;

    Outcome<std::optional<std::int64_t>> number(std::string_view name, std::string_view member,
                                                std::int64_t least, std::int64_t most) const;

    std::vector<Tag> tags() const;                   // Tags.member.N.Key and .Value
    std::vector<std::string> tag_keys() const;       // TagKeys.member.N
    gate::Target with_tags(gate::Target) const;      // with aws:RequestTag/… and aws:TagKeys of these
    gate::Target with_boundary(gate::Target) const;  // with iam:PermissionsBoundary, where one is asked for
};

}  // namespace keytide::lab::iam
