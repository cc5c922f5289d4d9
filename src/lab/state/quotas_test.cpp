#include "lab/state/quotas.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

TEST(Quotas, HoldForEveryKindAndAreFreeAgainAfterDeletion) {
    Lab lab({.root_key = example_root_key(),
             .created = noon,
             .quotas = {.users = 1, .groups = 1, .roles = 1, .policies = 1, .buckets = 1}},
            seeded_randomness());
    const auto root = root_of(lab);
    const char* const trust = R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"123456789012"},
        "Action":"sts:AssumeRole"}})";
    const auto make = [&](std::string_view kind, std::string_view name) {
        if (kind == "User") return root.iam("CreateUser", {{"UserName", name}});
        if (kind == "Group") return root.iam("CreateGroup", {{"GroupName", name}});
        if (kind == "Role")
            return root.iam("CreateRole", {{"RoleName", name}, {"AssumeRolePolicyDocument", trust}});
        return root.iam("CreatePolicy", {{"PolicyName", name}, {"PolicyDocument", allow_everything}});
    };
    for (const auto& [kind, quota] :
         std::initializer_list<std::pair<std::string, std::string>>{{"User", "UsersPerAccount"},
                                                                    {"Group", "GroupsPerAccount"},
                                                                    {"Role", "RolesPerAccount"},
                                                                    {"Policy", "PoliciesPerAccount"}}) {
        EXPECT_EQ(make(kind, "a").status(), 200) << kind;
        const auto second = make(kind, "b");
        EXPECT_EQ(second.status(), 409) << kind;
        EXPECT_EQ(second.code(), "LimitExceeded") << kind;
        EXPECT_EQ(second.message(), "Cannot exceed quota for " + quota + ": 1");
        EXPECT_EQ(make(kind, "a").code(), "EntityAlreadyExists") << kind;
    }
    root.iam("DeleteUser", {{"UserName", "a"}});
    EXPECT_EQ(make("User", "b").status(), 200);
    EXPECT_EQ(root.s3("PUT", "/bucket-a").status(), 200);
    EXPECT_EQ(root.s3("PUT", "/bucket-b").code(), "TooManyBuckets");
}

}  // namespace
}  // namespace keytide::lab
