// Who is in an account and what they may do, as IAM tells of it in one go, so far as it bears on users.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
#pragma once

#include <map>
#include <string>
#include <vector>

namespace keytide {

struct AuthorizationDetails {
    struct InlinePolicy {
        std::string name, document;  // JSON
    };
    struct Group {
        std::string name, path;
        std::vector<InlinePolicy> inline_policies{};
        std::vector<std::string> attached{};  // ARNs of managed policies
    };
    struct User {
        std::string name, path;
        std::vector<InlinePolicy> inline_policies{};
        std::vector<std::string> attached{};  // ARNs of managed policies
        std::vector<std::string> groups{};    // names
        std::string boundary{};               // an ARN; empty: none
        std::map<std::string, std::string> tags{};
    };
    struct ManagedPolicy {
        std::string arn, name, path;
        std::string document;  // of the version in force
    };

    std::vector<User> users{};
    std::vector<Group> groups{};
    std::vector<ManagedPolicy> policies{};  // the account's own, and those of AWS that somebody has
};

}  // namespace keytide
