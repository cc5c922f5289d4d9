#include "lab/misbehaviour/fault_rules.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::misbehaviour {
namespace {

using namespace std::chrono_literals;

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");
const Attempt create{"iam", "CreateAccessKey", "AKIABOB", "bob", "arn:aws:iam::123456789012:user/bob"};
const Attempt list_buckets{"s3", "ListBuckets", "AKIABOB", "bob", "arn:aws:iam::123456789012:user/bob"};
const Attempt by_root{"iam", "CreateAccessKey", "AKIAROOT", "", "arn:aws:iam::123456789012:root"};
const Attempt by_nobody{"iam", "CreateAccessKey", "", "", ""};

// What happens to so many calls in a row: x struck, . not.
std::string fate_of(FaultRules& rules, const Attempt& attempt, int calls, Instant now = noon) {
    std::string fate;
    for (int i = 0; i < calls; ++i) fate += rules.decide(attempt, now).fault ? 'x' : '.';
    return fate;
}

FaultRules with(Rule rule) {
    FaultRules rules(1);
    rules.add(std::move(rule));
    return rules;
}

TEST(FaultRules, LeaveAloneWhatTheyAreNotFor) {
    auto nothing = FaultRules(1);
    EXPECT_EQ(fate_of(nothing, create, 2), "..");
    auto service = with({.services = {"iam", "sts"}, .fault = LoseAnswer{}});
    EXPECT_EQ(fate_of(service, create, 1), "x");
    EXPECT_EQ(fate_of(service, list_buckets, 1), ".");
    auto action = with({.actions = {"ListBuckets"}, .fault = LoseAnswer{}});
    EXPECT_EQ(fate_of(action, create, 1), ".");
    EXPECT_EQ(fate_of(action, list_buckets, 1), "x");
}

TEST(FaultRules, KnowAPrincipalByKeyNameOrArn) {
    for (const char* principal : {"AKIABOB", "bob", "arn:aws:iam::123456789012:user/bob"}) {
        auto rules = with({.principals = {principal}, .fault = CloseUnheard{}});
        EXPECT_EQ(fate_of(rules, create, 1), "x") << principal;
        EXPECT_EQ(fate_of(rules, by_root, 1), ".") << principal;
        EXPECT_EQ(fate_of(rules, by_nobody, 1), ".") << principal;
    }
    auto nameless = with({.principals = {""}, .fault = CloseUnheard{}});
    EXPECT_EQ(fate_of(nameless, by_root, 1), ".") << "an empty name is nobody's";
}

TEST(FaultRules, SkipAndThenStrikeSoManyTimes) {
    auto rules = with({.skip = 2, .times = 3, .fault = LoseAnswer{}});
    EXPECT_EQ(fate_of(rules, create, 8), "..xxx...");
    EXPECT_EQ(rules.standing()[0].matched, 8u);
    EXPECT_EQ(rules.standing()[0].applied, 3u);
}

TEST(FaultRules, StrikeByChanceWhichTheSeedDecides) {
    const Rule half{.probability = 0.5, .seed = 7, .fault = LoseAnswer{}};
    auto one = with(half);
    auto again = with(half);
    auto other = half;
    other.seed = 8;
    auto another = with(other);
    const auto fate = fate_of(one, create, 1000);
    EXPECT_EQ(fate_of(again, create, 1000), fate);
    EXPECT_NE(fate_of(another, create, 1000), fate);
    const auto struck = std::count(fate.begin(), fate.end(), 'x');
    EXPECT_GT(struck, 430);
    EXPECT_LT(struck, 570);
    auto never = with({.probability = 0, .fault = LoseAnswer{}});
    EXPECT_EQ(fate_of(never, create, 3), "...");
}

TEST(FaultRules, DrawTheirLotsApartFromEachOther) {
    FaultRules rules(1);
    rules.add({.actions = {"CreateAccessKey"}, .probability = 0.5, .fault = LoseAnswer{}});
    rules.add({.actions = {"ListBuckets"}, .probability = 0.5, .fault = LoseAnswer{}});
    const auto first = fate_of(rules, create, 100);
    EXPECT_NE(fate_of(rules, list_buckets, 100), first);
    FaultRules mixed(1);
    mixed.add({.actions = {"CreateAccessKey"}, .probability = 0.5, .fault = LoseAnswer{}});
    std::string of_create;
    for (int i = 0; i < 100; ++i) {
        of_create += fate_of(mixed, create, 1);
        fate_of(mixed, list_buckets, 1);
    }
    EXPECT_EQ(of_create, first) << "calls that a rule is not for do not change what it does";
}

TEST(FaultRules, AddDelaysUpAndLetTheFirstMisfortuneHappen) {
    FaultRules rules(1);
    rules.add({.fault = Delay{1s, 2s}});
    rules.add({.times = 1, .fault = LoseAnswer{}});
    rules.add({.fault = CloseUnheard{}});
    rules.add({.fault = Delay{3s, 0s}});
    const auto first = rules.decide(create, noon);
    EXPECT_EQ(first.before, 4s);
    EXPECT_EQ(first.after, 2s);
    EXPECT_TRUE(std::holds_alternative<LoseAnswer>(*first.fault));
    const auto second = rules.decide(create, noon);
    EXPECT_TRUE(std::holds_alternative<CloseUnheard>(*second.fault));
}

TEST(FaultRules, ThrottleEachApiByItsOwnBucket) {
    auto rules = with({.fault = Throttle{.rate = 2, .burst = 3}});
    EXPECT_EQ(fate_of(rules, create, 5), "...xx");
    EXPECT_EQ(fate_of(rules, list_buckets, 4), "...x") << "another API, another bucket";
    EXPECT_EQ(fate_of(rules, create, 3, noon + 1s), "..x") << "two tokens a second";
    EXPECT_EQ(fate_of(rules, create, 4, noon + 1h), "...x") << "never more than the burst";
    const auto refused = rules.decide(create, noon + 1h);
    EXPECT_EQ(std::get<Refuse>(*refused.fault).code, "Throttling");
    EXPECT_EQ(std::get<Refuse>(*refused.fault).status, 400);
    EXPECT_EQ(std::get<Refuse>(*refused.fault).message, "Rate exceeded");
    rules.decide(list_buckets, noon);
    EXPECT_EQ(std::get<Refuse>(*rules.decide(list_buckets, noon).fault).code, "SlowDown");
}

TEST(FaultRules, GoOneByOneOrAllTogether) {
    FaultRules rules(1);
    const auto first = rules.add({.fault = LoseAnswer{}})->id;
    rules.add({.fault = CloseUnheard{}});
    EXPECT_TRUE(rules.remove(first));
    EXPECT_FALSE(rules.remove(first));
    EXPECT_TRUE(std::holds_alternative<CloseUnheard>(*rules.decide(create, noon).fault));
    rules.clear();
    EXPECT_EQ(fate_of(rules, create, 1), ".");
    for (std::size_t i = 0; i < FaultRules::most; ++i) ASSERT_TRUE(rules.add({.fault = LoseAnswer{}}));
    EXPECT_FALSE(rules.add({.fault = LoseAnswer{}}));
}

}  // namespace
}  // namespace keytide::lab::misbehaviour
