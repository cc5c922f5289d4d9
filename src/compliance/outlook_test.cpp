#include "compliance/outlook.hpp"

#include <gtest/gtest.h>

namespace keytide::compliance {
namespace {

const Instant now = *parse_rfc3339("2026-11-26T12:00:00Z");

constexpr Duration days(int n) {
    return std::chrono::hours{24} * n;
}

Account with_keys_of(std::initializer_list<int> ages) {
    Account account;
    for (const auto age : ages) {
        User user{.name = "user" + std::to_string(age)};
        user.keys.push_back({std::nullopt, KeyStatus::active, now - days(age), Use::never()});
        account.users.push_back(std::move(user));
    }
    return account;
}

TEST(Outlook, CountsActiveKeysByTenDays) {
    auto account = with_keys_of({0, 9, 10, 89, 90, 91, 179, 180, 4000});
    account.users[0].keys.push_back({std::nullopt, KeyStatus::inactive, now, Use::never()});
    const auto seen = outlook(account, days(90), now);
    ASSERT_EQ(seen.ages.size(), 19u);
    EXPECT_EQ(seen.ages[0].keys, 2u);
    EXPECT_EQ(seen.ages[1].keys, 1u);
    EXPECT_EQ(seen.ages[8].keys, 1u);
    EXPECT_EQ(seen.ages[9].keys, 2u) << "90 and 91 days";
    EXPECT_EQ(seen.ages[17].keys, 1u);
    EXPECT_EQ(seen.ages[18].keys, 2u) << "180 days and 11 years";
    EXPECT_EQ(seen.keys, 9u);
}

TEST(Outlook, TellsTheWeekInWhichAKeyReachesTheLimit) {
    const auto seen = outlook(with_keys_of({91, 90, 84, 83, 76, 0}), days(90), now);
    EXPECT_EQ(seen.overdue, 1u);
    ASSERT_EQ(seen.weeks.size(), 13u);
    EXPECT_EQ(seen.weeks[0].users, (std::vector<std::string>{"user90", "user84"}));
    EXPECT_EQ(seen.weeks[1].users, (std::vector<std::string>{"user83"}));
    EXPECT_EQ(seen.weeks[2].users, (std::vector<std::string>{"user76"}));
    EXPECT_EQ(seen.weeks[12].users, (std::vector<std::string>{"user0"}));
    EXPECT_EQ(seen.weeks[1].begins, now + days(7));
}

TEST(Outlook, IsOfKeysFromTheFutureAsOfNewOnes) {
    EXPECT_EQ(outlook(with_keys_of({-3}), days(90), now).ages[0].keys, 1u);
}

}  // namespace
}  // namespace keytide::compliance
