#include "lab/state/key_past.hpp"

#include <gtest/gtest.h>

namespace keytide::lab {
namespace {

using namespace std::chrono_literals;
using enum KeyState;

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");
const misbehaviour::Delays slow{.created = 10s, .inactive = 4s, .reactivated = 6s, .deleted = 3s};

KeyPast remembering() {
    KeyPast past;
    past.remember_for(60s);
    return past;
}

TEST(KeyPast, KnowsTheTruthWhereNothingHappened) {
    EXPECT_EQ(remembering().seen("K", active, slow, noon), active);
    KeyPast forgetful;
    forgetful.note("K", absent, active, noon);
    EXPECT_EQ(forgetful.seen("K", active, slow, noon), active) << "nothing is remembered unless asked to";
}

TEST(KeyPast, EachKindOfChangeTakesItsTime) {
    auto past = remembering();
    past.note("K", absent, active, noon);
    EXPECT_EQ(past.seen("K", active, slow, noon + 9999ms), absent);
    EXPECT_EQ(past.seen("K", active, slow, noon + 10s), active);
    past.note("K", active, inactive, noon + 20s);
    EXPECT_EQ(past.seen("K", inactive, slow, noon + 23s), active);
    EXPECT_EQ(past.seen("K", inactive, slow, noon + 24s), inactive);
    past.note("K", inactive, active, noon + 30s);
    EXPECT_EQ(past.seen("K", active, slow, noon + 35s), inactive);
    EXPECT_EQ(past.seen("K", active, slow, noon + 36s), active);
    past.note("K", active, absent, noon + 40s);
    EXPECT_EQ(past.seen("K", absent, slow, noon + 42s), active);
    EXPECT_EQ(past.seen("K", absent, slow, noon + 43s), absent);
    EXPECT_EQ(past.seen("Other", active, slow, noon + 40s), active);
}

TEST(KeyPast, ADeletionThatWasHeardOfOvertakesACreation) {
    auto past = remembering();
    past.note("K", absent, active, noon);
    past.note("K", active, absent, noon + 1s);
    EXPECT_EQ(past.seen("K", absent, slow, noon + 5s), absent);
    EXPECT_EQ(past.seen("K", absent, slow, noon + 10s), absent) << "the creation is old news by then";
}

TEST(KeyPast, AListIsAsOldAsItIs) {
    auto past = remembering();
    past.note("K", absent, active, noon);
    past.note("K", active, inactive, noon + 10s);
    EXPECT_EQ(past.seen("K", inactive, 5s, noon + 4s), absent);
    EXPECT_EQ(past.seen("K", inactive, 5s, noon + 14s), active);
    EXPECT_EQ(past.seen("K", inactive, 5s, noon + 15s), inactive);
}

TEST(KeyPast, ForgetsWhatIsTooOldToMatter) {
    auto past = remembering();
    past.note("K", active, absent, noon);
    past.note("L", absent, active, noon + 61s);
    EXPECT_EQ(past.forgotten(), std::vector<std::string>{"K"});
    EXPECT_TRUE(past.forgotten().empty());
    past.note("L", active, inactive, noon + 90s);
    past.note("M", absent, active, noon + 122s);
    EXPECT_TRUE(past.forgotten().empty()) << "of L one trace is left";
    EXPECT_EQ(past.seen("L", inactive, slow, noon + 122s), inactive);
}

}  // namespace
}  // namespace keytide::lab
