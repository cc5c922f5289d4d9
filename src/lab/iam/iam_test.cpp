// Every action of IAM asks for its own permission, on its own resource, and for no other.
#include "lab/iam/iam.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* allow_all = R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

struct Case {
    std::string_view action;
    std::vector<std::pair<std::string_view, std::string_view>>
        fields;            // "KEY" stands for the target's key id
    std::string resource;  // as policies name it
    std::string words;     // as the refusal names it
};

void PrintTo(const Case& one, std::ostream* out) {
    *out << one.action;
}

class EachAction : public ::testing::TestWithParam<Case> {
protected:
    void SetUp() override {
        for (const char* name : {"target", "caller"})
            ASSERT_EQ(root.iam("CreateUser", {{"UserName", name}}).status(), 200);
        put_policy("target", "p", allow_all);
        target_key_id = created_key(root.iam("CreateAccessKey", {{"UserName", "target"}})).id.text();
        caller.emplace(Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "caller"}}))});
    }
    void put_policy(std::string_view user, std::string_view name, std::string_view document) {
        const auto put = root.iam("PutUserPolicy",
                                  {{"UserName", user}, {"PolicyName", name}, {"PolicyDocument", document}});
        ASSERT_EQ(put.status(), 200) << put.reply.body;
    }
    Answer ask() {
        auto request = query_request("iam", GetParam().action);
        for (const auto& [name, value] : GetParam().fields) {
            request.body.append("&").append(name).append("=");
            signature::append_encoded(request.body, value == "KEY" ? target_key_id : value);
        }
        sign(request, caller->key, "iam", noon);
        return {lab.handle(request, noon)};
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    std::string target_key_id;
    std::optional<Client> caller;
};

TEST_P(EachAction, IsRefusedWithoutItsPermission) {
    const auto& [action, fields, resource, words] = GetParam();
    // All rights but this one, and this one on everything else.
    put_policy("caller", "p",
               R"({"Statement":[{"Effect":"Allow","NotAction":"iam:)" + std::string(action) +
                   R"(","Resource":"*"},{"Effect":"Allow","Action":"*","NotResource":")" + resource +
                   R"("}]})");
    const auto refused = ask();
    EXPECT_EQ(refused.status(), 403);
    EXPECT_EQ(refused.code(), "AccessDenied");
    const auto named = words == "access key" ? words + " " + target_key_id : words;
    EXPECT_EQ(refused.message(),
              "User: arn:aws:iam::123456789012:user/caller is not authorized to perform: iam:" +
                  std::string(action) + " on resource: " + named +
                  " because no identity-based policy allows the iam:" + std::string(action) + " action");
}

TEST_P(EachAction, NeedsNoOther) {
    const auto& [action, fields, resource, words] = GetParam();
    put_policy("caller", "p",
               R"({"Statement":{"Effect":"Allow","Action":"iam:)" + std::string(action) +
                   R"(","Resource":")" + resource + R"("}})");
    const auto answer = ask();
    if (action == "DeleteUser")
        EXPECT_EQ(answer.code(), "DeleteConflict");  // permitted, but it has a key
    else
        EXPECT_EQ(answer.status(), 200) << answer.reply.body;
}

const std::string target = "arn:aws:iam::123456789012:user/target";

INSTANTIATE_TEST_SUITE_P(
    Iam, EachAction,
    ::testing::Values(
        Case{"CreateUser",
             {{"UserName", "new"}},
             "arn:aws:iam::123456789012:user/new",
             "arn:aws:iam::123456789012:user/new"},
        Case{"CreateUser",
             {{"UserName", "new"}, {"Path", "/team/"}},
             "arn:aws:iam::123456789012:user/team/new",
             "arn:aws:iam::123456789012:user/team/new"},
        Case{"GetUser", {{"UserName", "target"}}, target, "user target"},
        Case{"ListUsers", {}, "arn:aws:iam::123456789012:user/", "arn:aws:iam::123456789012:user/"},
        Case{"DeleteUser", {{"UserName", "target"}}, target, "user target"},
        Case{"CreateAccessKey", {{"UserName", "target"}}, target, "user target"},
        Case{"ListAccessKeys", {{"UserName", "target"}}, target, "user target"},
        Case{"UpdateAccessKey",
             {{"UserName", "target"}, {"AccessKeyId", "KEY"}, {"Status", "Inactive"}},
             target,
             "user target"},
        Case{"DeleteAccessKey", {{"UserName", "target"}, {"AccessKeyId", "KEY"}}, target, "user target"},
        Case{"GetAccessKeyLastUsed", {{"AccessKeyId", "KEY"}}, target, "access key"},
        Case{"PutUserPolicy",
             {{"UserName", "target"}, {"PolicyName", "q"}, {"PolicyDocument", allow_all}},
             target,
             "user target"},
        Case{"GetUserPolicy", {{"UserName", "target"}, {"PolicyName", "p"}}, target, "user target"},
        Case{"ListUserPolicies", {{"UserName", "target"}}, target, "user target"},
        Case{"DeleteUserPolicy", {{"UserName", "target"}, {"PolicyName", "p"}}, target, "user target"}),
    [](const auto& one) { return std::string(one.param.action) + std::to_string(one.index); });

}  // namespace
}  // namespace keytide::lab
