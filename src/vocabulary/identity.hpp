// Who an AWS caller is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keytide {

using AccountId = std::string;  // twelve digits

// arn:partition:service:region:account:resource
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
struct Arn {
    std::string partition, service, region, account, resource;

    static std::optional<Arn> parse(std::string_view text);
    std::string text() const;
    bool operator==(const Arn&) const = default;
};

// What sts:GetCallerIdentity answers. The identity of a user is its UserId (AIDA…): names and ARNs are reused
// when a user is renamed or made again.
struct CallerIdentity {
    std::string user_id;
    AccountId account;
    std::string arn;

    // Sessions of one role are one principal, whatever their names (AROA…:session).
    bool is_same_principal(const CallerIdentity& other) const;

    bool is_root() const;                          // arn:…:iam::ACCOUNT:root
    std::optional<std::string> user_name() const;  // the last part of arn:…:iam::ACCOUNT:user/PATH/NAME
    bool operator==(const CallerIdentity&) const = default;
};

}  // namespace keytide
