#include "lab/iam/held_policies.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* document = R"({ "Statement": {"Effect":"Allow","Action":"*","Resource":"*"} })";

class UserPolicies : public ::testing::Test {
protected:
    void SetUp() override { root.iam("CreateUser", {{"UserName", "bob"}}); }
    Answer put(std::string_view name, std::string_view text) {
        return root.iam("PutUserPolicy",
                        {{"UserName", "bob"}, {"PolicyName", name}, {"PolicyDocument", text}});
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(UserPolicies, ComeBackAsTheyWerePutPercentEncoded) {
    EXPECT_EQ(put("p", document).status(), 200);
    const auto got = root.iam("GetUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}});
    EXPECT_EQ(got.text("//UserName"), "bob");
    EXPECT_EQ(got.text("//PolicyName"), "p");
    EXPECT_EQ(got.text("//PolicyDocument").find_first_of(" {\""), std::string::npos);
    EXPECT_EQ(signature::percent_decoded(got.text("//PolicyDocument")), document);
    EXPECT_EQ(root.iam("ListUserPolicies", {{"UserName", "bob"}}).text("//PolicyNames/member"), "p");
    EXPECT_EQ(root.iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}}).status(), 200);
    const auto gone = root.iam("GetUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}});
    EXPECT_EQ(gone.status(), 404);
    EXPECT_EQ(gone.message(), "The user policy with name p cannot be found.");
}

TEST_F(UserPolicies, AreRefusedWhenTheyMeanNothingHere) {
    const auto broken = put("p", "{");
    EXPECT_EQ(broken.status(), 400);
    EXPECT_EQ(broken.code(), "MalformedPolicyDocument");
    EXPECT_EQ(broken.message(), "Syntax errors in policy.");
    EXPECT_EQ(
        put("p",
            R"({"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"Like":{"aws:a":"b"}}}})")
            .code(),
        "MalformedPolicyDocument");
    EXPECT_EQ(root.iam("ListUserPolicies", {{"UserName", "bob"}}).count("//PolicyNames/member"), 0U);
    EXPECT_EQ(put("not a name", document).code(), "ValidationError");
}

TEST_F(UserPolicies, ARefusedDocumentLeavesTheOldOneInForce) {
    put("p", document);
    put("p", "{");
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
}

TEST_F(UserPolicies, HoldTwoThousandAndFortyEightCharactersInAll) {
    const auto sized = [](std::size_t size) {
        const std::string frame = R"({"Statement":{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}})";
        std::string text = frame;
        text.insert(text.find("\"\"") + 1, std::string(size - frame.size(), 'x'));
        return text + "  \n";  // white space does not count
    };
    EXPECT_EQ(put("big", sized(2049)).code(), "LimitExceeded");
    EXPECT_EQ(put("big", sized(2049)).message(), "Maximum policy size of 2048 bytes exceeded for user bob");
    EXPECT_EQ(put("big", sized(2048)).status(), 200);
    EXPECT_EQ(put("big", sized(2047)).status(), 200) << "it replaces itself";
    EXPECT_EQ(put("small", sized(100)).code(), "LimitExceeded");
    EXPECT_EQ(put("big", sized(1948)).status(), 200);
    EXPECT_EQ(put("small", sized(100)).status(), 200);
}

}  // namespace
}  // namespace keytide::lab
