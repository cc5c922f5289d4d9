// The door to the policies that a user has (IAM): its own, those of its groups, and its boundary.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

struct NamedDocument {
    std::string name;  // for people: "inline policy NAME", an ARN, "inline policy NAME of group NAME"
    std::string text;  // JSON
};

struct PoliciesOfUser {
    std::string user_arn{};
    std::vector<NamedDocument> identity;
    std::optional<NamedDocument> boundary;
};

// How AWS itself would decide on an action.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_EvaluationResult.html
struct Simulated {
    std::string action;
    bool allowed = false;
    bool is_certain = false;  // false: it depends on what nobody told (MissingContextValues)
};

class PoliciesOfUsers {
public:
    virtual ~PoliciesOfUsers() = default;

    // All or nothing: what is only partly read is not the user's policies. Many calls, all of which only
    // read.
    virtual Answer<PoliciesOfUser> read(const AccessKey& signer, std::string_view user_name) = 0;

    // One call. A decision for each of the actions, a hundred at most, on the one resource.
    virtual Answer<std::vector<Simulated>> simulate(const AccessKey& signer, std::string_view user_arn,
                                                    const std::vector<std::string>& actions,
                                                    std::string_view resource) = 0;
};

}  // namespace keytide::ports
