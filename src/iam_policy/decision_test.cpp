#include "iam_policy/decision.hpp"

#include <gtest/gtest.h>

namespace keytide::iam_policy {
namespace {

using P = iam_policy::Principal;

constexpr const char* bucket = "arn:aws:s3:::photos";
constexpr const char* bob = "arn:aws:iam::111122223333:user/bob";
constexpr const char* session = "arn:aws:sts::111122223333:assumed-role/Admin/today";
constexpr const char* role = "arn:aws:iam::111122223333:role/team/Admin";

P user_bob() {
    return {
        .kind = P::Kind::user, .account = "111122223333", .arn = bob, .unique_id = "AIDABOBBOBBOBBOBBOBBO"};
}

P admin_session() {
    return {.kind = P::Kind::role_session,
            .account = "111122223333",
            .arn = session,
            .role_arn = role,
            .unique_id = "AROAADMINADMINADMINAD"};
}

Policy parsed(std::string_view statement, Kind kind = Kind::identity) {
    auto result =
        Policy::parse(R"({"Version":"2012-10-17","Statement":)" + std::string(statement) + "}", kind);
    EXPECT_TRUE(result) << statement << ": " << (result ? "" : result.error().message);
    return result ? *result : Policy{};
}

const Policy allow_all = parsed(R"({"Sid":"All","Effect":"Allow","Action":"*","Resource":"*"})");
const Policy allow_iam = parsed(R"({"Effect":"Allow","Action":"iam:*","Resource":"*"})");
const Policy allow_s3 = parsed(R"({"Effect":"Allow","Action":"s3:*","Resource":"*"})");
const Policy deny_s3 = parsed(R"([{"Effect":"Allow","Action":"*","Resource":"*"},
                                  {"Sid":"NoS3","Effect":"Deny","Action":"s3:*","Resource":"*"}])");

Policy of_bucket(std::string_view principal, std::string_view effect = "Allow") {
    return parsed(R"({"Effect":")" + std::string(effect) + R"(","Principal":)" + std::string(principal) +
                      R"(,"Action":"s3:*","Resource":"*"})",
                  Kind::resource);
}

// The policies of one request, as a user reads them: each absent unless it is given.
struct Asked {
    std::vector<NamedPolicy> identity;
    const Policy* boundary = nullptr;
    std::optional<std::vector<NamedPolicy>> session_policies;
    const Policy* resource = nullptr;
    bool trust = false;
    P principal = user_bob();
    std::string_view action = "s3:GetObject";
    std::string_view owner{};

    Decision decision() const {
        const MapContext context;
        const NamedPolicy bounding{"Boundary", boundary};
        const NamedPolicy of_resource{"Resource", resource};
        Policies policies{.identity = identity,
                          .boundary = boundary == nullptr ? nullptr : &bounding,
                          .resource = resource == nullptr ? nullptr : &of_resource,
                          .resource_is_trust = trust};
        if (session_policies) policies.session = *session_policies;
        auto result = decide(policies, {.action = action,
                                        .resource = bucket,
                                        .context = context,
                                        .principal = principal,
                                        .resource_account = owner});
        if (result.deciding) {
            EXPECT_NE(result.deciding->statement, nullptr);
        }
        return result;
    }
    std::string reason() const { return decision().reason(action); }
};

TEST(Decision, NamesTheStatementThatSettledIt) {
    const auto allowed = Asked{.identity = {{"Iam", &allow_iam}, {"All", &allow_all}}}.decision();
    ASSERT_TRUE(allowed.allowed());
    EXPECT_EQ(allowed.deciding->policy, "All");
    EXPECT_EQ(allowed.deciding->statement->sid, "All");
    EXPECT_EQ(allowed.reason("s3:GetObject"), "");

    const auto denied = Asked{.identity = {{"All", &allow_all}, {"NoS3", &deny_s3}}}.decision();
    EXPECT_EQ(denied.verdict, Verdict::explicit_deny);
    EXPECT_EQ(denied.deciding->policy, "NoS3");
    EXPECT_EQ(denied.deciding->index, 1U);
    EXPECT_EQ(denied.deciding->statement->sid, "NoS3");
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html
TEST(Decision, SaysInAwsWordsWhatIsMissing) {
    EXPECT_EQ(Asked{}.reason(), "because no identity-based policy allows the s3:GetObject action");
    EXPECT_EQ((Asked{.identity = {{"All", &allow_all}}, .boundary = &allow_iam}.reason()),
              "because no permissions boundary allows the s3:GetObject action");
    EXPECT_EQ((Asked{.identity = {{"All", &allow_all}}, .session_policies = {{}}}.reason()),
              "because no session policy allows the s3:GetObject action");
    EXPECT_EQ((Asked{.identity = {{"All", &allow_all}}, .owner = "999999999999"}.reason()),
              "because no resource-based policy allows the s3:GetObject action");
    const auto by_service =
        parsed(R"({"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"})",
               Kind::trust);
    EXPECT_EQ((Asked{.identity = {{"All", &allow_all}},
                     .resource = &by_service,
                     .trust = true,
                     .action = "sts:AssumeRole"}
                   .reason()),
              "because no role trust policy allows the sts:AssumeRole action");
}

TEST(Decision, SaysInAwsWordsWhereTheDenialStands) {
    const auto barred = of_bucket(R"("*")", "Deny");
    const auto all = std::vector<NamedPolicy>{{"All", &allow_all}};
    EXPECT_EQ((Asked{.identity = {{"No", &deny_s3}}}.reason()),
              "with an explicit deny in an identity-based policy");
    EXPECT_EQ((Asked{.identity = all, .boundary = &deny_s3}.reason()),
              "with an explicit deny in a permissions boundary");
    EXPECT_EQ((Asked{.identity = all, .session_policies = {{{"No", &deny_s3}}}}.reason()),
              "with an explicit deny in a session policy");
    EXPECT_EQ((Asked{.identity = all, .resource = &barred}.reason()),
              "with an explicit deny in a resource-based policy");
}

TEST(Decision, BoundariesAndSessionPoliciesGrantNothingByThemselves) {
    EXPECT_FALSE((Asked{.boundary = &allow_all}.decision().allowed()));
    EXPECT_FALSE((Asked{.session_policies = {{{"All", &allow_all}}}}.decision().allowed()));
    EXPECT_TRUE((Asked{.identity = {{"All", &allow_all}},
                       .boundary = &allow_s3,
                       .session_policies = {{{"Iam", &allow_iam}, {"S3", &allow_s3}}}}
                     .decision()
                     .allowed()));
}

// "Resource-based policies that grant permissions to an IAM user ARN are not limited by an implicit deny in
// an identity-based policy or permissions boundary", those to a role's ARN are by boundary and session
// policy, and those to an account leave it to the account.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
TEST(Decision, AResourceThatNamesThePrincipalItselfNeedsNobodyElse) {
    const auto to_bob = of_bucket(R"({"AWS":"arn:aws:iam::111122223333:user/bob"})");
    const auto to_session = of_bucket(R"({"AWS":"arn:aws:sts::111122223333:assumed-role/Admin/today"})");
    const auto to_role = of_bucket(R"({"AWS":"arn:aws:iam::111122223333:role/team/Admin"})");
    const auto to_account = of_bucket(R"({"AWS":"111122223333"})");
    const auto to_root = of_bucket(R"({"AWS":"arn:aws:iam::111122223333:root"})");

    EXPECT_TRUE((Asked{.boundary = &allow_iam, .resource = &to_bob}.decision().allowed()));
    EXPECT_TRUE((Asked{.session_policies = {{}}, .resource = &to_session, .principal = admin_session()}
                     .decision()
                     .allowed()));
    EXPECT_TRUE((Asked{.resource = &to_role, .principal = admin_session()}.decision().allowed()));
    EXPECT_EQ(
        (Asked{.boundary = &allow_iam, .resource = &to_role, .principal = admin_session()}.decision().type),
        PolicyType::boundary);
    EXPECT_EQ(
        (Asked{.session_policies = {{}}, .resource = &to_role, .principal = admin_session()}.decision().type),
        PolicyType::session);
    for (const auto* policy : {&to_account, &to_root}) {
        EXPECT_EQ((Asked{.resource = policy}.decision().type), PolicyType::identity);
        EXPECT_FALSE((Asked{.resource = policy}.decision().allowed()));
        EXPECT_TRUE((Asked{.identity = {{"S3", &allow_s3}}, .resource = policy}.decision().allowed()));
    }
    EXPECT_FALSE((Asked{.resource = &to_bob, .principal = admin_session()}.decision().allowed()));
}

TEST(Decision, AcrossAccountsBothSidesMustAllow) {
    const auto to_bob = of_bucket(R"({"AWS":"arn:aws:iam::111122223333:user/bob"})");
    const auto all = std::vector<NamedPolicy>{{"All", &allow_all}};
    EXPECT_EQ((Asked{.resource = &to_bob, .owner = "999999999999"}.decision().type), PolicyType::identity);
    EXPECT_FALSE((Asked{.identity = all, .owner = "999999999999"}.decision().allowed()));
    EXPECT_TRUE((Asked{.identity = all, .resource = &to_bob, .owner = "999999999999"}.decision().allowed()));
}

TEST(Decision, ATrustPolicyIsNeededInOnesOwnAccountToo) {
    const auto trusts = [](std::string_view principal) {
        return parsed(
            R"({"Effect":"Allow","Principal":)" + std::string(principal) + R"(,"Action":"sts:AssumeRole"})",
            Kind::trust);
    };
    const auto to_account = trusts(R"({"AWS":"111122223333"})");
    const auto to_bob = trusts(R"({"AWS":"arn:aws:iam::111122223333:user/bob"})");
    const auto to_id = trusts(R"({"AWS":"AIDABOBBOBBOBBOBBOBBO"})");
    const auto to_ec2 = trusts(R"({"Service":["ec2.amazonaws.com","lambda.amazonaws.com"]})");
    const auto asks = [](const Policy& trust, std::vector<NamedPolicy> identity = {}) {
        return Asked{
            .identity = std::move(identity), .resource = &trust, .trust = true, .action = "sts:AssumeRole"};
    };
    EXPECT_FALSE(asks(to_account).decision().allowed());
    EXPECT_TRUE(asks(to_account, {{"All", &allow_all}}).decision().allowed());
    EXPECT_TRUE(asks(to_bob).decision().allowed());
    EXPECT_TRUE(asks(to_id).decision().allowed());
    EXPECT_FALSE(asks(to_ec2, {{"All", &allow_all}}).decision().allowed());
    auto by_lambda = asks(to_ec2);
    by_lambda.principal = {.kind = P::Kind::service, .name = "lambda.amazonaws.com"};
    EXPECT_TRUE(by_lambda.decision().allowed());
    by_lambda.principal.name = "s3.amazonaws.com";
    EXPECT_FALSE(by_lambda.decision().allowed());
}

TEST(Decision, TheRootUserNeedsNoPolicyAndObeysDenials) {
    const P root{.kind = P::Kind::root, .account = "111122223333", .arn = "arn:aws:iam::111122223333:root"};
    const auto barred = of_bucket(R"({"AWS":"111122223333"})", "Deny");
    EXPECT_TRUE((Asked{.principal = root}.decision().allowed()));
    EXPECT_EQ((Asked{.resource = &barred, .principal = root}.decision().verdict), Verdict::explicit_deny);
    EXPECT_FALSE((Asked{.principal = root, .owner = "999999999999"}.decision().allowed()));
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notprincipal.html: Bob and his
// account are both named.
TEST(Decision, NotPrincipalSparesThoseItNames) {
    const auto all_but = [](std::string_view principal) {
        return parsed(R"({"Effect":"Deny","NotPrincipal":)" + std::string(principal) +
                          R"(,"Action":"s3:*","Resource":"*"})",
                      Kind::resource);
    };
    const auto but_bob =
        all_but(R"({"AWS":["arn:aws:iam::111122223333:user/bob","arn:aws:iam::111122223333:root"]})");
    const auto but_root = all_but(R"({"AWS":"arn:aws:iam::111122223333:root"})");
    const auto all = std::vector<NamedPolicy>{{"All", &allow_all}};
    EXPECT_TRUE((Asked{.identity = all, .resource = &but_bob}.decision().allowed()));
    EXPECT_FALSE(
        (Asked{.identity = all, .resource = &but_bob, .principal = admin_session()}.decision().allowed()));
    EXPECT_FALSE((Asked{.identity = all, .resource = &but_root}.decision().allowed()));
}

}  // namespace
}  // namespace keytide::iam_policy
