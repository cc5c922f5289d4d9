// Keytide as the credential source: what was handed out works until it expires.
#include "simulator/expectations.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

TEST(HandOuts, TheOldKeyOutlivesAllThatWasHandedOutWithIt) {
    World w;
    const auto until = w.clock.time + 2h;
    w.hand_outs.until[w.old_key] = until;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_TRUE(is_well(w));
    w.clock.time = until - 1s;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_GE(w.clock.time, until + w.numbers.in_flight);
    EXPECT_TRUE(is_replaced(w));
}

TEST(HandOuts, NothingIsWaitedForWhereNothingWasHandedOut) {
    World w;
    const auto began = w.clock.time;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_LT(w.clock.time - began, 1min);
}

TEST(HandOuts, ProgramsGoByTheClockOfThisMachineWhereItIsBehindAws) {
    World w;
    w.aws.behind = -10min;
    const auto until = w.clock.time + 2h;
    w.hand_outs.until[w.old_key] = until;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    w.clock.time = until - 5min;  // AWS's is past it
    EXPECT_EQ(ended(w.resume()), Stopped::parked);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    w.clock.time = until + 2min;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
}

TEST(HandOuts, ARecordThatCannotBeReadIsNotTakenForNothing) {
    World w;
    w.hand_outs.unreadable = true;
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_EQ(w.aws.keys.size(), 2u);
    w.hand_outs.unreadable = false;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
}

TEST(HandOuts, OnTheWayBackTheNewKeyOutlivesWhatWasHandedOutWithIt) {
    World w;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    const auto new_key = w.profile.held->id;
    const auto until = w.clock.time + 5h;
    w.hand_outs.until[new_key] = until;
    EXPECT_EQ(ended(w.settle(rotation::GoingBack{w.clock.time, "a consumer broke", "alice"})),
              Stopped::parked);
    w.clock.time += 3h;  // the grace time is over
    EXPECT_EQ(ended(w.resume()), Stopped::parked);
    EXPECT_TRUE(w.aws.keys.contains(new_key));
    w.clock.time = until + 2min;
    EXPECT_EQ(ended(w.resume()), Stopped::rolled_back);
    EXPECT_TRUE(is_well(w));
}

TEST(HandOuts, ACompromisedKeyWaitsForNobody) {
    World w;
    w.aws.allowed.insert("UpdateAccessKey");
    w.adjust = [](rotation::Request& r) { r.compromised = r.may_deactivate = true; };
    w.hand_outs.until[w.old_key] = w.clock.time + 2h;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_LT(w.clock.time, w.hand_outs.until[w.old_key]);
}

}  // namespace
}  // namespace keytide::simulator
