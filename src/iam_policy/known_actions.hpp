// The actions of some services, and the resources that each is about, for those who check a policy by eye. No
// evaluation asks here: to IAM an action that does not exist is as good as any.
// https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace keytide::iam_policy {

struct KnownAction {
    std::string_view name;                // ListAllMyBuckets
    std::vector<std::string_view> forms;  // of its resources' ARNs (overlap.hpp); empty: it is about none
};

class KnownActions {
public:
    // Those of known_actions.txt.
    static KnownActions of_aws();

    bool knows_service(std::string_view service) const;  // in lower case
    std::vector<const KnownAction*> of_service(std::string_view service) const;

    // "s3:ListAllMyBuckets" for "s3:ListBuckets": the action that an operation of the API needs, where it has
    // another name, or else the nearest name there is. Empty: none is near.
    std::string suggestion_for(std::string_view action) const;

private:
    std::map<std::string_view, std::vector<KnownAction>, std::less<>> services_;
};

}  // namespace keytide::iam_policy
