// What holds for every policy, over random ones and random requests.
#include <gtest/gtest.h>

#include <random>

#include "iam_policy/decision.hpp"

namespace keytide::iam_policy {
namespace {

class Lot {
public:
    explicit Lot(unsigned seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    const char* one_of(std::initializer_list<const char*> texts) {
        return texts.begin()[below(texts.size())];
    }

    std::string action() { return one_of({"s3:GetObject", "s3:PutObject", "iam:GetUser", "sts:AssumeRole"}); }
    std::string resource() {
        return one_of({"arn:aws:s3:::a/x", "arn:aws:s3:::b/y", "arn:aws:iam::1:user/bob", "*"});
    }
    MapContext context() {
        MapContext context;
        if (below(2) == 0) context.set("aws:username", {one_of({"bob", "eve"})});
        if (below(2) == 0) context.set("aws:SourceIp", {one_of({"192.0.2.1", "2001:db8::1"})});
        if (below(3) == 0) context.set("aws:TagKeys", {one_of({"a", "b"}), one_of({"b", "c"})});
        return context;
    }

    std::string statement(const char* effect) {
        std::string text = R"({"Effect":")" + std::string(effect) + R"(",")";
        text += one_of({"Action", "Action", "NotAction"});
        text += R"(":[")" + std::string(one_of({"*", "s3:*", "s3:Get*", "iam:GetUser", "sts:AssumeRole"}));
        text += R"("],")" + std::string(one_of({"Resource", "Resource", "NotResource"})) + R"(":")";
        text += one_of({"*", "arn:aws:s3:::a/*", "arn:aws:s3:::*", "arn:aws:iam::*:user/${aws:username}"});
        text += '"';
        if (below(2) == 0)
            text += std::string(R"(,"Condition":{)") +
                    one_of({R"("StringEquals":{"aws:username":"bob"})",
                            R"("StringNotLike":{"aws:username":"b*"})",
                            R"("IpAddress":{"aws:SourceIp":"192.0.2.0/24"})",
                            R"("NotIpAddress":{"aws:SourceIp":"::/0"})",
                            R"("ForAllValues:StringEquals":{"aws:TagKeys":["a","b"]})",
                            R"("ForAnyValue:StringNotEquals":{"aws:TagKeys":"b"})",
                            R"("Null":{"aws:username":"true"})",
                            R"("StringEqualsIfExists":{"aws:username":["eve"]})"}) +
                    "}";
        return text + "}";
    }
    std::vector<std::string> statements() {
        std::vector<std::string> result;
        for (auto n = below(4) + 1; n > 0; --n)
            result.push_back(statement(one_of({"Allow", "Allow", "Deny"})));
        return result;
    }

private:
    std::mt19937 random_;
};

Policy policy_of(const std::vector<std::string>& statements) {
    std::string text = R"({"Version":"2012-10-17","Statement":[)";
    for (const auto& statement : statements) text += (text.ends_with('[') ? "" : ",") + statement;
    auto policy = Policy::parse(text + "]}");
    EXPECT_TRUE(policy) << text << ": " << (policy ? "" : policy.error().message);
    return policy ? *policy : Policy{};
}

struct Question {
    std::string action, resource;
    MapContext context;
    Principal principal{.kind = Principal::Kind::user, .account = "111122223333"};
};

Verdict asked(const Policy& policy, const Question& q) {
    return policy
        .evaluate(
            {.action = q.action, .resource = q.resource, .context = q.context, .principal = q.principal})
        .verdict;
}

constexpr int lives = 20'000;

TEST(EveryPolicy, ADenialThatMatchesWinsWhereverItIsPut) {
    Lot lot(1);
    int denied = 0;
    for (int i = 0; i < lives; ++i) {
        auto statements = lot.statements();
        const auto denial = lot.statement("Deny");
        const Question q{lot.action(), lot.resource(), lot.context()};
        const auto before = asked(policy_of(statements), q);
        const bool hits = asked(policy_of({denial}), q) == Verdict::explicit_deny;
        statements.insert(statements.begin() + std::ptrdiff_t(lot.below(statements.size() + 1)), denial);
        const auto after = asked(policy_of(statements), q);
        ASSERT_EQ(after, hits ? Verdict::explicit_deny : before) << denial;
        denied += hits;
    }
    EXPECT_GT(denied, lives / 20);
}

TEST(EveryPolicy, AFurtherAllowNeverTakesAway) {
    Lot lot(2);
    int granted = 0;
    for (int i = 0; i < lives; ++i) {
        auto statements = lot.statements();
        const Question q{lot.action(), lot.resource(), lot.context()};
        const auto before = asked(policy_of(statements), q);
        statements.insert(statements.begin() + std::ptrdiff_t(lot.below(statements.size() + 1)),
                          lot.statement("Allow"));
        const auto after = asked(policy_of(statements), q);
        ASSERT_GE(after, before);
        if (before == Verdict::explicit_deny) {
            ASSERT_EQ(after, before);
        }
        granted += after != before;
    }
    EXPECT_GT(granted, lives / 50);
}

TEST(EveryPolicy, TheOrderOfStatementsAndTheirDivisionAmongPoliciesMeanNothing) {
    Lot lot(3);
    for (int i = 0; i < lives; ++i) {
        auto statements = lot.statements();
        const Question q{lot.action(), lot.resource(), lot.context()};
        const auto together = asked(policy_of(statements), q);
        std::vector<Policy> policies;
        std::vector<NamedPolicy> named;
        for (auto one = statements.rbegin(); one != statements.rend(); ++one)
            policies.push_back(policy_of({*one}));
        for (const auto& one : policies) named.push_back({"one", &one});
        const auto apart = decide(
            {.identity = named},
            {.action = q.action, .resource = q.resource, .context = q.context, .principal = q.principal});
        ASSERT_EQ(apart.verdict, together);
    }
}

TEST(EveryPolicy, BoundariesAndSessionPoliciesOnlyTakeAway) {
    Lot lot(4);
    int taken = 0;
    for (int i = 0; i < lives; ++i) {
        const auto identity = policy_of(lot.statements());
        const auto limit = policy_of(lot.statements());
        const Question q{lot.action(), lot.resource(), lot.context()};
        const Request request{
            .action = q.action, .resource = q.resource, .context = q.context, .principal = q.principal};
        const NamedPolicy own{"own", &identity};
        const NamedPolicy limiting{"limit", &limit};
        const auto free = decide({.identity = {&own, 1}}, request);
        const auto bounded = decide({.identity = {&own, 1}, .boundary = &limiting}, request);
        const auto session = decide({.identity = {&own, 1}, .session = {{&limiting, 1}}}, request);
        ASSERT_EQ(bounded.verdict, session.verdict);
        ASSERT_EQ(bounded.allowed(), free.allowed() && asked(limit, q) == Verdict::allowed);
        taken += free.allowed() && !bounded.allowed();
    }
    EXPECT_GT(taken, lives / 50);
}

TEST(EveryPolicy, CaseOfActionsMeansNothing) {
    Lot lot(5);
    for (int i = 0; i < lives; ++i) {
        const auto policy = policy_of(lot.statements());
        Question q{lot.action(), lot.resource(), lot.context()};
        const auto as_written = asked(policy, q);
        for (char& c : q.action)
            if (lot.below(2) == 0) c = char(std::toupper(static_cast<unsigned char>(c)));
        ASSERT_EQ(asked(policy, q), as_written);
    }
}

}  // namespace
}  // namespace keytide::iam_policy
