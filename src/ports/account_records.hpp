// The door to what IAM knows of all users of an account at once. Every call only reads, though the first one
// makes AWS write a report. One method is one request; lists come page by page.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetCredentialReport.html and its neighbours
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/authorization_details.hpp"

namespace keytide::ports {

struct CredentialReport {
    std::string csv;
    std::optional<Instant> generated;  // up to four hours ago
};

struct ListedUser {
    std::string name, arn;
    std::optional<Instant> created, password_last_used;
    std::map<std::string, std::string> tags;  // only where they were asked for
};

struct UserPage {
    std::vector<ListedUser> users;
    std::string marker;  // of the next page; empty at the end
};

struct DetailsPage {
    AuthorizationDetails details;
    std::string marker;  // of the next page; empty at the end
};

class AccountRecords {
public:
    virtual ~AccountRecords() = default;

    // Whether the report is there. Until it is, one asks again.
    virtual Answer<bool> generate_report(const AccessKey& signer) = 0;
    virtual Answer<CredentialReport> report(const AccessKey& signer) = 0;

    virtual Answer<UserPage> users(const AccessKey& signer, std::string_view marker) = 0;
    virtual Answer<UserPage> users_with_tags(const AccessKey& signer, std::string_view marker) = 0;
    virtual Answer<bool> root_has_key(const AccessKey& signer) = 0;

    // Users, groups and managed policies, with every document.
    virtual Answer<DetailsPage> authorization_details(const AccessKey& signer, std::string_view marker) = 0;
};

}  // namespace keytide::ports
