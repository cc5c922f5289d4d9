#include "iam_policy/principals.hpp"

#include <gtest/gtest.h>

#include "iam_policy/policy.hpp"

namespace keytide::iam_policy {
namespace {

std::string refusal(std::string_view statement, Kind kind = Kind::trust) {
    const auto policy =
        Policy::parse(R"({"Version":"2012-10-17","Statement":)" + std::string(statement) + "}", kind);
    return policy ? "accepted" : policy.error().message;
}

std::string trusting(std::string_view principal) {
    return R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":)" + std::string(principal) + "}";
}

// The texts as CreateRole and UpdateAssumeRolePolicy answer them in public transcripts.
TEST(TrustPolicy, IsRefusedInWordsOfItsOwn) {
    EXPECT_EQ(refusal("{"), "This policy contains invalid Json");
    EXPECT_EQ(refusal("[]"), "Could not parse the policy: Statement is empty!");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"sts:AssumeRole"})"), "Missing required field Principal");
    EXPECT_EQ(refusal(trusting("{}")), "Missing required field Principal cannot be empty!");
    EXPECT_EQ(refusal(trusting("\"*\"")), "Principal must be a JSON object.");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Principal":{"AWS":"*"}})"), "Missing required field Action");
    EXPECT_EQ(refusal(R"({"Action":"sts:AssumeRole","Principal":{"AWS":"*"}})"),
              "Missing required field Effect");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"*","Principal":{"AWS":"*"}})"),
              "AssumeRole policy may only specify STS AssumeRole actions.");
    EXPECT_EQ(
        refusal(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"},"Resource":"*"})"),
        "Has prohibited field Resource");
    EXPECT_EQ(
        refusal(R"({"Effect":"Allow","Action":"sts:AssumeRole","Principal":{"AWS":"*"},"NotResource":"*"})"),
        "AssumeRole policy must not contain resources.");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"sts:AssumeRole","NotPrincipal":{"AWS":"*"}})"),
              "Allow with NotPrincipal is not allowed.");
    EXPECT_EQ(refusal(trusting(R"({"AWS":"bob"})")), R"(Invalid principal in policy: "AWS":"bob")");
    EXPECT_EQ(refusal(trusting(R"({"Service":"monitoring"})")),
              R"(Invalid principal in policy: "SERVICE":"monitoring")");
}

TEST(TrustPolicy, TrustsWhoeverCanBeNamed) {
    for (const char* principal :
         {R"({"AWS":"*"})", R"({"AWS":"111122223333"})", R"({"AWS":["arn:aws:iam::111122223333:root"]})",
          R"({"AWS":"arn:aws:iam::111122223333:user/path/bob"})",
          R"({"AWS":"arn:aws-us-gov:iam::111122223333:role/Admin"})",
          R"({"AWS":"arn:aws:sts::111122223333:assumed-role/Admin/me"})",
          R"({"AWS":"arn:aws:sts::111122223333:federated-user/bob"})", R"({"AWS":"AIDACKCEVSQ6C2EXAMPLE"})",
          R"({"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]})",
          R"({"Federated":"cognito-identity.amazonaws.com"})",
          R"({"Federated":"arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com"})"})
        EXPECT_EQ(refusal(trusting(principal)), "accepted") << principal;
}

TEST(TrustPolicy, TrustsNoPartOfAName) {
    for (const char* name :
         {"arn:aws:iam::111122223333:user/*", "arn:aws:iam::*:root", "arn:aws:iam::111122223333:group/Admins",
          "1111222233334", "arn:aws:iam::111122223333:", "arn:aws:s3:::bucket", "AIDA", ""})
        EXPECT_EQ(refusal(trusting(R"({"AWS":")" + std::string(name) + "\"}")),
                  R"(Invalid principal in policy: "AWS":")" + std::string(name) + "\"");
    EXPECT_EQ(refusal(trusting(R"({"Nobody":"x"})")), R"(Invalid principal in policy: "NOBODY":"x")");
}

TEST(Principals, AreAsCloseAsTheyAreNamed) {
    const auto closeness = [](std::string_view name, const Principal& principal) {
        Principals principals;
        principals.add({PrincipalName::Type::aws, std::string(name)});
        return principals.closeness_to(principal);
    };
    const Principal session{.kind = Principal::Kind::role_session,
                            .account = "111122223333",
                            .arn = "arn:aws:sts::111122223333:assumed-role/Admin/me",
                            .role_arn = "arn:aws:iam::111122223333:role/team/Admin",
                            .unique_id = "AROAADMINADMINADMINAD"};
    EXPECT_EQ(closeness("arn:aws:sts::111122223333:assumed-role/Admin/me", session), Closeness::itself);
    EXPECT_EQ(closeness("arn:aws:iam::111122223333:role/team/Admin", session), Closeness::role);
    EXPECT_EQ(closeness("AROAADMINADMINADMINAD", session), Closeness::role);
    EXPECT_EQ(closeness("*", session), Closeness::role);
    EXPECT_EQ(closeness("111122223333", session), Closeness::account);
    EXPECT_EQ(closeness("arn:aws:iam::111122223333:root", session), Closeness::account);
    EXPECT_EQ(closeness("999999999999", session), Closeness::none);
    EXPECT_EQ(closeness("arn:aws:sts::111122223333:assumed-role/Admin/other", session), Closeness::none);
    EXPECT_EQ(closeness("*", {}), Closeness::role) << "everybody, who signed nothing too";
    EXPECT_EQ(closeness("111122223333", {}), Closeness::none);
}

TEST(ResourcePolicy, NeedsPrincipalsAndResources) {
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"s3:*","Principal":"*","Resource":"*"})", Kind::resource),
              "accepted");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})", Kind::resource),
              "Missing required field Principal");
    EXPECT_EQ(refusal(R"({"Effect":"Allow","Action":"s3:*","Principal":"*"})", Kind::resource),
              "Policy statement must contain resources.");
}

}  // namespace
}  // namespace keytide::iam_policy
