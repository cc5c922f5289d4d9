// The users of an account.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_User.html
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/attached_policies.hpp"
#include "lab/state/entities.hpp"
#include "lab/state/groups.hpp"
#include "lab/state/inline_policies.hpp"
#include "lab/state/login_profile.hpp"
#include "lab/state/tags.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct User {
    std::string name;
    std::string path;  // "/" or "/division/team/"
    std::string id;    // AIDA…
    std::string arn;
    Instant created;
    InlinePolicies policies{Holder::user};
    AttachedPolicies attached{Holder::user};
    const ManagedPolicy* boundary = nullptr;
    std::vector<Group*> groups{};  // in the order in which it was added to them
    Tags tags{};
    std::unique_ptr<LoginProfile> login{};  // null: no password
};

class Users {
public:
    Users(AccountId account, std::size_t quota) : account_(std::move(account)), quota_(quota) {}

    Outcome<User*> create(std::string_view name, std::string_view path, const Randomness& randomness,
                          Instant now);
    // The id stays. An empty text keeps what there is.
    Outcome<void> update(std::string_view name, std::string_view new_name, std::string_view new_path);
    void erase(const User& user) { users_.erase(user); }

    // Passwords, of users that exist. EntityAlreadyExists; NoSuchEntity.
    Outcome<LoginProfile*> create_login_profile(std::string_view name, std::string_view password,
                                                bool must_be_reset, Instant now);
    Outcome<LoginProfile*> login_profile(std::string_view name);
    Outcome<void> delete_login_profile(std::string_view name);

    Outcome<User*> named(std::string_view name);  // NoSuchEntity
    Outcome<const User*> named(std::string_view name) const;
    const User* find(std::string_view name) const { return users_.find(name); }  // null: no such user
    const User* find_by_id(std::string_view id) const { return users_.find_by_id(id); }
    const Entities<User>::ByName& by_name() const { return users_.by_name(); }

    // arn:aws:iam::ACCOUNT:user/PATH/NAME; of a user who does not exist too, with the path "/".
    std::string arn_of(std::string_view name) const;

private:
    std::string arn(std::string_view path, std::string_view name) const;

    AccountId account_;
    std::size_t quota_;
    Entities<User> users_;
};

}  // namespace keytide::lab
