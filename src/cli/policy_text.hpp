// The policy that lets a principal rotate, as JSON, as a CloudFormation template, and as Terraform's HCL.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "destinations/store_permissions.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {

struct PolicyText {
    rotation::Role role = rotation::Role::user;
    std::string partition = "aws";
    std::optional<std::string> user_name;             // whose key is replaced; nothing: one's own, or any
    std::vector<const rotation::Permission*> needed;  // in the table's order, those required first
    std::vector<destinations::StorePermissions> stores{};

    // One user's own policy; otherwise one that is attached to whoever rotates.
    bool is_for_one_user() const { return role == rotation::Role::user && user_name; }

    std::string in(PolicyFormat format) const;

private:
    struct Statement;
    std::vector<std::string> users() const;
    std::vector<Statement> statements() const;
    std::string title() const;
    std::string json() const;
    std::string cloudformation() const;
    std::string terraform() const;
};

}  // namespace keytide::cli
