#include "compliance/assessment.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace keytide::compliance {
namespace {

using namespace std::chrono_literals;

const Instant now = *parse_rfc3339("2026-11-26T12:00:00Z");

constexpr Duration days(int n) {
    return std::chrono::hours{24} * n;
}

Key key(Duration age, Use use = Use::never(), KeyStatus status = KeyStatus::active) {
    return {AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), status, now - age, std::move(use)};
}

Use used(Duration ago, std::string service = "s3") {
    return {true, now - ago, std::move(service), "us-east-1"};
}

Account account_of(std::vector<Key> keys, std::string name = "bob") {
    Account account{.id = "123456789012", .root_has_key = false};
    User user{.name = name, .arn = "arn:aws:iam::123456789012:user/" + name, .created = now - days(400)};
    user.password.known = true;
    user.keys = std::move(keys);
    account.users.push_back(std::move(user));
    return account;
}

Assessment held_against(const Account& account, const std::string& id, const std::string& standard = {}) {
    const auto controls =
        chosen_controls(standard.empty() ? std::vector<std::string>{} : std::vector{standard}, {id});
    return assess(account, controls.value(), now);
}

std::size_t failures(const Account& account, const std::string& id, const std::string& standard = {}) {
    return held_against(account, id, standard).count(Verdict::failed);
}

TEST(KeyAge, FailsInTheMomentWhenItIsOlderThanNinetyDays) {
    EXPECT_EQ(failures(account_of({key(days(90))}), "IAM.3"), 0u);
    EXPECT_EQ(failures(account_of({key(days(90) + 1ms)}), "IAM.3"), 1u);
    EXPECT_EQ(held_against(account_of({key(days(91))}), "IAM.3").findings.front().message,
              "91 days old, made 2026-08-27, never used");
}

TEST(KeyAge, IsOfNoInterestInAKeyThatIsSwitchedOff) {
    const auto assessment =
        held_against(account_of({key(days(500), Use::never(), KeyStatus::inactive)}), "IAM.3");
    EXPECT_TRUE(assessment.passed());
    EXPECT_EQ(assessment.tallies.front().looked_at, 0u);
}

TEST(KeyAge, NotKnownIsNotPassed) {
    auto account = account_of({key(days(1))});
    account.users[0].keys[0].created.reset();
    EXPECT_FALSE(held_against(account, "IAM.3").passed());
    account.users[0].keys.clear();
    account.users[0].keys_known = false;
    EXPECT_FALSE(held_against(account, "IAM.3").passed());
}

TEST(Unused, CountsFromTheLastUseOrElseFromTheMaking) {
    EXPECT_EQ(failures(account_of({key(days(200), used(days(44)))}), "IAM.22"), 0u);
    EXPECT_EQ(failures(account_of({key(days(200), used(days(46)))}), "IAM.22"), 1u);
    EXPECT_EQ(failures(account_of({key(days(200), used(days(46)))}), "IAM.8"), 0u);
    EXPECT_EQ(failures(account_of({key(days(44))}), "IAM.22"), 0u);
    EXPECT_EQ(failures(account_of({key(days(46))}), "IAM.22"), 1u);
    EXPECT_EQ(failures(account_of({key(days(91))}), "IAM.8"), 1u);
    EXPECT_EQ(held_against(account_of({key(days(1), Use{})}), "IAM.22").count(Verdict::unknown), 1u);
}

TEST(Unused, IsSaidOfPasswordsToo) {
    auto account = account_of({});
    auto& password = account.users[0].password;
    password = {.known = true, .enabled = true, .use = Use::never(), .changed = now - days(46)};
    EXPECT_EQ(failures(account, "IAM.22"), 1u);
    password.use = used(days(2));
    EXPECT_EQ(failures(account, "IAM.22"), 0u);
    password.enabled = false;
    password.use = Use::never();
    EXPECT_EQ(failures(account, "IAM.22"), 0u);
    password.known = false;
    EXPECT_EQ(held_against(account, "IAM.22").count(Verdict::unknown), 1u);
}

TEST(RootKey, FailsAndNotToKnowDoesNotPass) {
    auto account = account_of({});
    EXPECT_TRUE(held_against(account, "IAM.4").passed());
    account.root_has_key = true;
    const auto assessment = held_against(account, "IAM.4");
    ASSERT_EQ(assessment.count(Verdict::failed), 1u);
    EXPECT_EQ(assessment.findings.front().arn, "arn:aws:iam::123456789012:root");
    account.root_has_key.reset();
    EXPECT_FALSE(held_against(account, "IAM.4").passed());
}

TEST(TwoActiveKeys, AreAFailureUnlessARotationReplacesOneByTheOther) {
    auto account = account_of({key(days(10)), key(days(1))});
    account.users[0].keys[1].id = AccessKeyId::parse("AKIAI44QH8DHBEXAMPLE");
    EXPECT_EQ(failures(account, "1.13", "cis-3.0"), 1u);
    account.rotating.push_back({"r-1", "bob", {*account.users[0].keys[0].id, *account.users[0].keys[1].id}});
    const auto overlap = held_against(account, "1.13", "cis-3.0");
    EXPECT_TRUE(overlap.passed());
    EXPECT_EQ(overlap.count(Verdict::rotating), 1u);
    account.rotating[0].keys.pop_back();
    EXPECT_EQ(failures(account, "1.13", "cis-3.0"), 1u) << "the second key is not the rotation's";
    account.rotating[0] = {"r-1", "eve", {*account.users[0].keys[0].id, *account.users[0].keys[1].id}};
    EXPECT_EQ(failures(account, "1.13", "cis-3.0"), 1u) << "the rotation is another user's";
}

TEST(InactiveKeys, AreToBeRemovedAWeekAfterTheirLastUse) {
    const auto off = KeyStatus::inactive;
    EXPECT_EQ(failures(account_of({key(days(200), used(days(8)), off)}), "inactive-key"), 1u);
    EXPECT_EQ(failures(account_of({key(days(200), used(days(6)), off)}), "inactive-key"), 0u);
    EXPECT_EQ(failures(account_of({key(days(6), Use::never(), off)}), "inactive-key"), 0u);
    auto soaking = account_of({key(days(200), used(days(8)), off)});
    soaking.rotating.push_back({"r-1", "bob", {*soaking.users[0].keys[0].id}});
    EXPECT_EQ(failures(soaking, "inactive-key"), 0u);
}

TEST(OrphanKeys, AreThoseThatNobodyEverUsedBesideAnother) {
    EXPECT_EQ(failures(account_of({key(days(8))}), "orphan-key"), 0u);
    EXPECT_EQ(failures(account_of({key(days(80), used(days(1))), key(days(8))}), "orphan-key"), 1u);
    EXPECT_EQ(failures(account_of({key(days(80), used(days(1))), key(days(6))}), "orphan-key"), 0u);
}

TEST(OrphanKeys, AreThoseWhoseSecretARotationOfOursNeverGot) {
    auto account = account_of({key(days(1))});
    account.unclaimed.push_back({"r-1", "bob", now - days(2), now - days(1), {}});
    EXPECT_EQ(failures(account, "orphan-key"), 1u);
    account.unclaimed[0].known.push_back(*account.users[0].keys[0].id);
    EXPECT_EQ(failures(account, "orphan-key"), 0u);
}

TEST(BetterAsRole, IsAdviceWithItsReason) {
    const auto advice = [](const Account& account) -> std::string {
        const auto assessment = held_against(account, "better-as-role");
        EXPECT_TRUE(assessment.passed());
        return assessment.findings.empty() ? "" : assessment.findings.front().message;
    };
    EXPECT_EQ(advice(account_of({key(days(1))}, "github-actions")),
              "perhaps continuous integration, since its name has 'github'");
    EXPECT_EQ(advice(account_of({key(days(1), used(1h, "ssmmessages"))})),
              "perhaps a machine, since its key was last used for ssmmessages, as the agents on machines do");
    EXPECT_EQ(advice(account_of({key(days(1))}, "bob@example.com")),
              "perhaps a person, since its name is an address");
    EXPECT_EQ(advice(account_of({key(days(1))}, "alice")), "");
    EXPECT_EQ(advice(account_of({}, "github-actions")), "") << "it has no key";
    auto tagged = account_of({key(days(1))});
    tagged.users[0].tags = {{"team", "ci"}, {"Used-By", "GitLab runners"}};
    EXPECT_EQ(advice(tagged), "perhaps continuous integration, since its tag Used-By has 'gitlab'");
}

TEST(Controls, HaveTheNumbersOfTheEditionThatIsAskedFor) {
    const auto id_of = [](const std::string& standard, Rule rule) {
        const auto controls = chosen_controls({standard}, {}).value();
        const auto found = std::ranges::find(controls, rule, &Control::rule);
        return found == controls.end() ? "" : std::string(found->id);
    };
    EXPECT_EQ(id_of("cis-1.2", Rule::key_age), "1.4");
    EXPECT_EQ(id_of("cis-1.4", Rule::key_age), "1.14");
    EXPECT_EQ(id_of("cis-3.0", Rule::unused), "1.12");
    EXPECT_EQ(id_of("cis-3.0", Rule::one_active_key), "1.13");
    EXPECT_EQ(id_of("cis-5.0", Rule::key_age), "1.13");
    EXPECT_EQ(id_of("cis-5.0", Rule::root_key), "1.3");
    EXPECT_EQ(id_of("cis-7.0", Rule::one_active_key), "");
    EXPECT_EQ(id_of("cis-7.0", Rule::key_age), "2.12");
}

TEST(Controls, ThatDoNotExistOrCouldBeSeveralAreNotGuessed) {
    EXPECT_EQ(chosen_controls({}, {}).value().size(), 8u);
    EXPECT_EQ(chosen_controls({"cis-9"}, {}).error().kind, ErrorKind::usage);
    EXPECT_EQ(chosen_controls({}, {"IAM.99"}).error().kind, ErrorKind::usage);
    EXPECT_EQ(chosen_controls({"cis-3.0"}, {"IAM.3"}).error().kind, ErrorKind::usage);
    EXPECT_NE(chosen_controls({}, {"1.14"}).error().hint.find("cis-1.4, cis-1.5, cis-3.0, cis-4.0"),
              std::string::npos);
    EXPECT_EQ(chosen_controls({}, {"2.12"}).value().front().standard, "cis-7.0");
    EXPECT_EQ(chosen_controls({"cis-3.0", "cis-5.0"}, {"1.13", "1.13"}).value().size(), 2u);
}

}  // namespace
}  // namespace keytide::compliance
