// The groups of an account. Who is in one has its policies, too.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html
#pragma once

#include <set>
#include <string>
#include <string_view>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/attached_policies.hpp"
#include "lab/state/entities.hpp"
#include "lab/state/inline_policies.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct User;

struct Group {
    std::string name;
    std::string path;
    std::string id;  // AGPA…
    std::string arn;
    Instant created;
    InlinePolicies policies{Holder::group};
    AttachedPolicies attached{Holder::group};
    std::set<const User*> members{};  // each of them points back (state/users.hpp)
};

class Groups {
public:
    Groups(AccountId account, std::size_t quota) : account_(std::move(account)), quota_(quota) {}

    Outcome<Group*> create(std::string_view name, std::string_view path, const Randomness& randomness,
                           Instant now);
    // An empty text keeps what there is.
    Outcome<void> update(std::string_view name, std::string_view new_name, std::string_view new_path);
    void erase(const Group& group) { groups_.erase(group); }

    Outcome<Group*> named(std::string_view name);  // NoSuchEntity
    const Entities<Group>::ByName& by_name() const { return groups_.by_name(); }
    std::string arn_of(std::string_view name) const;  // of one that does not exist too, with the path "/"

private:
    std::string arn(std::string_view path, std::string_view name) const;

    AccountId account_;
    std::size_t quota_;
    Entities<Group> groups_;
};

}  // namespace keytide::lab
