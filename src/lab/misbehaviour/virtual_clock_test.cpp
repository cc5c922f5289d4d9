#include "lab/misbehaviour/virtual_clock.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::misbehaviour {
namespace {

using namespace std::chrono_literals;
using std::chrono::days;

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");

TEST(VirtualClock, RunsWithTheRealOneUntilItIsToldOtherwise) {
    const VirtualClock clock;
    EXPECT_EQ(clock.at(noon), noon);
    EXPECT_EQ(clock.real_time_until(noon + 10s, noon), 10s);
    EXPECT_EQ(clock.real_time_until(noon - 10s, noon), 0s);
}

TEST(VirtualClock, RunsOnFromWhereItWasAdvancedTo) {
    VirtualClock clock;
    ASSERT_TRUE(clock.advance(days(90), noon));
    EXPECT_EQ(clock.at(noon), noon + days(90));
    EXPECT_EQ(clock.at(noon + 5s), noon + days(90) + 5s);
    ASSERT_TRUE(clock.advance(days(1), noon + 5s));
    EXPECT_EQ(clock.at(noon + 5s), noon + days(91) + 5s);
}

TEST(VirtualClock, ShowsWhatItIsSetTo) {
    VirtualClock clock;
    ASSERT_TRUE(clock.set(noon + 1h, noon));
    EXPECT_EQ(clock.at(noon + 1s), noon + 1h + 1s);
}

TEST(VirtualClock, NeverGoesBackNorOutOfTheCalendar) {
    VirtualClock clock;
    EXPECT_FALSE(clock.set(noon - 1ms, noon));
    EXPECT_FALSE(clock.advance(-1ms, noon));
    EXPECT_TRUE(clock.set(*parse_rfc3339("8999-12-31T00:00:00Z"), noon));
    EXPECT_FALSE(clock.advance(days(3650), noon));
}

TEST(VirtualClock, RunsFasterAndWaitsShorter) {
    VirtualClock clock;
    ASSERT_TRUE(clock.run_at(60, noon));
    EXPECT_EQ(clock.at(noon + 1s), noon + 60s);
    EXPECT_EQ(clock.real_time_until(noon + 30s, noon), 500ms);
    ASSERT_TRUE(clock.run_at(1, noon + 1s));
    EXPECT_EQ(clock.at(noon + 2s), noon + 61s) << "what was gained stays";
}

TEST(VirtualClock, StandsStillAndIsStillAdvanced) {
    VirtualClock clock;
    ASSERT_TRUE(clock.run_at(0, noon));
    EXPECT_EQ(clock.at(noon + 1h), noon);
    EXPECT_GT(clock.real_time_until(noon + 1s, noon), 1h);
    ASSERT_TRUE(clock.advance(1s, noon + 1h));
    EXPECT_EQ(clock.real_time_until(noon + 1s, noon + 1h), 0s);
    EXPECT_FALSE(clock.run_at(-1, noon));
    EXPECT_FALSE(clock.run_at(1e9, noon));
}

}  // namespace
}  // namespace keytide::lab::misbehaviour
