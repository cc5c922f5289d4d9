#include <gtest/gtest.h>

#include <type_traits>

#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/secret.hpp"

namespace keytide {
namespace {

using namespace std::chrono_literals;

TEST(AccessKeyId, CarriesTheAccountNumber) {
    EXPECT_EQ(AccessKeyId::parse("ASIAY34FZKBOKMUTVV7A")->account(), "609629065308");
    EXPECT_EQ(AccessKeyId::parse("ASIAQNZGKIQY56JQ7WML")->account(), "029608264753");
    EXPECT_EQ(AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE")->account(), std::nullopt) << "of the old generation";
}

TEST(AccessKeyId, RefusesWhatNoKeyIdIs) {
    EXPECT_FALSE(AccessKeyId::parse(""));
    EXPECT_FALSE(AccessKeyId::parse("AKIA OSFODNN7EXAMPLE"));
    EXPECT_FALSE(AccessKeyId::parse("AKIA/OSFODNN7EXAMPLE"));
    EXPECT_FALSE(AccessKeyId::parse(std::string(129, 'A')));
}

TEST(Secret, CannotBeCopiedOrComparedCarelessly) {
    static_assert(!std::is_copy_constructible_v<Secret> && !std::is_copy_assignable_v<Secret>);
    const Secret one("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    EXPECT_TRUE(one.same_as(one.clone()));
    EXPECT_FALSE(one.same_as(Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ")));
    EXPECT_FALSE(one.same_as(Secret("wJalr")));
}

TEST(Instant, IsReadAndWrittenInAllFourWays) {
    const Instant t = *parse_rfc3339("2026-01-31T12:34:56.789Z");
    EXPECT_EQ(to_rfc3339(t), "2026-01-31T12:34:56.789Z");
    EXPECT_EQ(parse_rfc3339("2026-01-31T14:34:56.789+02:00"), t);
    EXPECT_EQ(to_amz_date(t), "20260131T123456Z");
    EXPECT_EQ(to_http_date(t), "Sat, 31 Jan 2026 12:34:56 GMT");
    EXPECT_EQ(parse_amz_date("20260131T123456Z"), t - 789ms);
    EXPECT_EQ(parse_http_date("Sat, 31 Jan 2026 12:34:56 GMT"), t - 789ms);
    for (const auto* bad :
         {"", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "2026-01-31T12:34:56", "2026-01-31T12:34:56Zx"})
        EXPECT_FALSE(parse_rfc3339(bad)) << bad;
    EXPECT_FALSE(parse_amz_date("20260131T1234560Z"));
}

TEST(Duration, IsReadAsPeopleWriteIt) {
    EXPECT_EQ(parse_duration("90s"), 90s);
    EXPECT_EQ(parse_duration("7d"), 168h);
    EXPECT_EQ(parse_duration("1h30m"), 90min);
    EXPECT_EQ(parse_duration("0"), 0s);
    EXPECT_EQ(to_text(Duration{90min}), "1h30m");
    for (const auto* bad : {"", "5", "-5s", "5y", "s", "99999999999999999999d", "9000000d"})
        EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(CallerIdentity, TakesSessionsOfOneRoleForOnePrincipal) {
    const CallerIdentity monday{"AROAEXAMPLE:monday", "123456789012",
                                "arn:aws:sts::123456789012:assumed-role/admin/monday"};
    const CallerIdentity tuesday{"AROAEXAMPLE:tuesday", "123456789012",
                                 "arn:aws:sts::123456789012:assumed-role/admin/tuesday"};
    const CallerIdentity other{"AROAOTHER:monday", "123456789012",
                               "arn:aws:sts::123456789012:assumed-role/other/monday"};
    EXPECT_TRUE(monday.is_same_principal(tuesday));
    EXPECT_FALSE(monday.is_same_principal(other));
    EXPECT_FALSE(monday.is_same_principal({"AROAEXAMPLE:monday", "999999999999", ""}));
}

TEST(CallerIdentity, KnowsUsersFromRootAndRoles) {
    const CallerIdentity user{"AIDAEXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/team/path/bob"};
    EXPECT_EQ(user.user_name(), "bob");
    EXPECT_FALSE(user.is_root());
    EXPECT_TRUE((CallerIdentity{"123456789012", "123456789012", "arn:aws:iam::123456789012:root"}.is_root()));
    EXPECT_FALSE((
        CallerIdentity{"AROAX:s", "123456789012", "arn:aws:sts::123456789012:assumed-role/r/s"}.user_name()));
}

}  // namespace
}  // namespace keytide
