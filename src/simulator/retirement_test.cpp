// The ways in which the old key goes, and the ways back.
#include "simulator/expectations.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;
using rotation::Abandoned;
using rotation::GoingBack;

void may_deactivate(World& w) {
    w.aws.allowed.insert({"ListAccessKeys", "UpdateAccessKey", "GetAccessKeyLastUsed"});
    w.adjust = [](rotation::Request& request) { request.may_deactivate = true; };
}

// At the first event of this name.
template <class Act>
void upon(World& w, std::string name, Act act) {
    w.ledger.after_append = [&w, name, act, done = false](const rotation::Event& e) mutable {
        if (done || rotation::name_of(e) != name) return;
        done = true;
        act();
    };
}

// Of the first event of this name in the story; past the end when there is none.
auto position(const World& w, const std::string& name) {
    const auto story = w.ledger.story();
    return std::find(story.begin(), story.end(), name) - story.begin();
}

TEST(Retirement, DeactivatesBeforeItDeletes) {
    World w;
    may_deactivate(w);
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_LT(position(w, "OldKeyDeactivated"), position(w, "DeleteIntended"));
}

TEST(Retirement, SoaksWithTheWayBackOpen) {
    World w;
    may_deactivate(w);
    w.numbers.soak = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_EQ(w.aws.keys.at(w.old_key).status, KeyStatus::inactive);
    EXPECT_TRUE(is_well(w));
    w.clock.time += 1h;
    EXPECT_EQ(ended(w.resume()), Stopped::parked) << "an hour too early";
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    w.clock.time += 1h;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Retirement, AsksWhenSomebodyNeedsTheOldKeyAgain) {
    World w;
    may_deactivate(w);
    w.numbers.soak = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    w.aws.keys.at(w.old_key).status = KeyStatus::active;
    w.clock.time += 3h;
    EXPECT_EQ(ended(w.resume()), Stopped::needs_person);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
}

TEST(Retirement, ALocalClockThatJumpsEndsNoWaiting) {
    World w;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    w.clock.time += 3h;
    w.aws.behind = 3h - 1min;  // at AWS only a minute has passed
    EXPECT_EQ(ended(w.resume()), Stopped::parked);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
}

TEST(Retirement, AClockThatJumpsWhileItWaitsEndsNoWaiting) {
    World w;
    w.numbers.grace = 40s;
    upon(w, "OverlapBegan", [&] {
        w.clock.time += 30min;
        w.aws.behind = 30min;
    });
    const auto began = w.clock.time;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_GE(w.clock.time - w.aws.behind - began, 40s);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Retirement, WaitsUntilTheOldKeyIsQuiet) {
    World w;
    may_deactivate(w);
    w.numbers.quiet = 1h;
    w.numbers.last_use_lag = 1h;
    const auto used = w.clock.time;
    w.aws.uses[w.old_key] = {used, "s3", "us-east-1"};
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    const auto new_key = w.profile.held->id;
    w.clock.time = used + 2h + 15min;
    EXPECT_EQ(ended(w.resume()), Stopped::parked) << "nobody is seen to use the new key";
    w.aws.uses[new_key] = {used, "sts", "us-east-1"};
    w.clock.time += 16min;
    EXPECT_EQ(ended(w.resume()), Stopped::parked) << "our own probes are use too";
    w.aws.uses[new_key] = {w.clock.time, "ec2", "us-east-1"};
    w.aws.uses[w.old_key] = {w.clock.time - 1h, "s3", "us-east-1"};
    w.clock.time += 16min;
    EXPECT_EQ(ended(w.resume()), Stopped::parked) << "the old key was used again";
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    w.clock.time += 2h;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Retirement, ARecordThatIsMissingProvesNoQuiet) {
    World w;
    may_deactivate(w);
    w.numbers.quiet = 1h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    w.aws.uses[w.profile.held->id] = {w.clock.time, "ec2", "us-east-1"};
    w.clock.time += 5h;
    EXPECT_EQ(ended(w.resume()), Stopped::parked);
    w.clock.time += 7 * 24h;
    EXPECT_EQ(ended(w.resume()), Stopped::needs_person) << "a gate has a deadline";
    EXPECT_EQ(w.aws.keys.size(), 2u);
}

TEST(Retirement, KeepsBothKeysWhenAPermissionDisappears) {
    for (const std::string permission : {"UpdateAccessKey", "DeleteAccessKey", "ListAccessKeys"}) {
        World w;
        may_deactivate(w);
        upon(w, "Delivered", [&] { w.aws.allowed.erase(permission); });
        const auto outcome = w.start();
        EXPECT_EQ(ended(outcome), Stopped::needs_person) << permission;
        EXPECT_TRUE(w.aws.keys.contains(w.old_key));
        EXPECT_TRUE(is_well(w));
        EXPECT_NE(outcome->rotation.question->question.find(permission), std::string::npos)
            << outcome->rotation.question->question;
        w.aws.allowed.insert(permission);
        EXPECT_EQ(ended(w.resume()), Stopped::completed);
        EXPECT_TRUE(is_replaced(w));
    }
}

TEST(Retirement, ParksWhenDeletingGetsNoAnswerAgainAndAgain) {
    World w;
    upon(w, "OverlapEnded", [&] {
        for (int i = 0; i < 2000; ++i) w.aws.faults.push_back({"DeleteAccessKey", Fate::lost_before});
    });
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_TRUE(is_well(w));
    w.aws.faults.clear();
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Retirement, IsConfirmedEvenWhenTheNewKeyWasReplacedMeanwhile) {
    World w;
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "OldKeyRejected") throw Crash{};
    };
    EXPECT_THROW(w.start(), Crash);
    w.ledger.before_append = {};
    w.aws.keys.clear();
    w.profile.held = w.aws.make_key();
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_FALSE(w.ledger.holds_secrets());
}

TEST(GoingBack, DeletesTheNewKeyWhenNothingWasWritten) {
    World w;
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (const auto* made = std::get_if<rotation::KeyCreated>(&e)) w.aws.never_known.insert(made->key);
        if (rotation::name_of(e) == "GoingBack") throw Crash{};
    };
    EXPECT_THROW(w.start(), Crash);
    w.ledger.before_append = {};
    EXPECT_EQ(ended(w.settle(GoingBack{w.clock.time, "a person said so", "alice"})), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(GoingBack, DoesNotBelieveOneReplicaThatTheNewKeyIsGone) {
    World w;
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (const auto* made = std::get_if<rotation::KeyCreated>(&e)) w.aws.never_known.insert(made->key);
        if (rotation::name_of(e) == "GoingBack")
            w.aws.faults = {{"DeleteAccessKey", Fate::refused, "NoSuchEntity"}};
    };
    EXPECT_EQ(ended(w.start()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(GoingBack, NeverDeletesTheUsersLastKey) {
    for (const bool by_administrator : {false, true}) {
        World w;
        w.by_administrator = by_administrator;
        w.ledger.before_append = [&](const rotation::Event& e) {
            if (const auto* made = std::get_if<rotation::KeyCreated>(&e)) w.aws.never_known.insert(made->key);
            if (rotation::name_of(e) == "GoingBack") w.aws.keys.erase(w.old_key);
        };
        EXPECT_EQ(ended(w.start()), Stopped::needs_person);
        EXPECT_EQ(w.aws.keys.size(), 1u);
    }
}

TEST(GoingBack, DeliversTheOldKeyAgainAndRetiresTheNewOne) {
    for (const std::string moment : {"Delivered", "OldKeyDeactivated"}) {
        World w;
        may_deactivate(w);
        w.numbers.grace = 10s;
        w.numbers.soak = 2h;
        w.ledger.after_append = [&](const rotation::Event& e) {
            if (rotation::name_of(e) == moment) throw Crash{};
        };
        EXPECT_THROW(w.start(), Crash);
        w.ledger.after_append = {};
        EXPECT_EQ(ended(w.settle(GoingBack{w.clock.time, "a consumer broke", "alice"})), Stopped::rolled_back)
            << moment;
        EXPECT_TRUE(is_as_before(w)) << moment;
    }
}

TEST(GoingBack, KnowsTheOldSecretFromTheDestinationWhenAnAdministratorRotates) {
    World w;
    w.by_administrator = true;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_EQ(ended(w.settle(GoingBack{w.clock.time, "a consumer broke", "alice"})), Stopped::parked)
        << "grace again";
    w.clock.time += 2h;
    EXPECT_EQ(ended(w.resume()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(GoingBack, WaitsForADeactivationThatCanStillLand) {
    World w;
    may_deactivate(w);
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "DeactivateIntended") throw Crash{};
    };
    EXPECT_THROW(w.start(), Crash);
    w.ledger.after_append = {};
    EXPECT_EQ(ended(w.settle(GoingBack{w.clock.time, "a consumer broke", "alice"})), Stopped::parked);
    EXPECT_TRUE(is_well(w));
    w.clock.time += w.numbers.late_call_window;
    w.aws.keys.at(w.old_key).status = KeyStatus::inactive;  // it did
    EXPECT_EQ(ended(w.resume()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(GoingBack, IsRefusedOnceTheOldKeysDeletionHasBegun) {
    World w;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "DeleteIntended") throw Crash{};
    };
    EXPECT_THROW(w.start(), Crash);
    w.ledger.after_append = {};
    EXPECT_FALSE(w.settle(GoingBack{w.clock.time, "too late", "alice"}));
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Abandoning, EndsTheRotationAndWipesItsSecrets) {
    World w;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_EQ(ended(w.settle(Abandoned{w.clock.time, "settled by hand", "alice"})), Stopped::abandoned);
    EXPECT_FALSE(w.ledger.holds_secrets());
    EXPECT_EQ(w.aws.keys.size(), 2u) << "nothing is touched";
}

TEST(Compromised, DeactivatesTheOldKeyAsSoonAsTheNewOneWorks) {
    World w;
    may_deactivate(w);
    w.numbers.grace = 2h;
    w.adjust = [](rotation::Request& request) { request.may_deactivate = request.compromised = true; };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_LT(position(w, "OldKeyDeactivated"), position(w, "DeliverIntended"));
}

TEST(Compromised, AnAdministratorDeactivatesItFirstOfAll) {
    World w;
    w.by_administrator = true;
    w.adjust = [](rotation::Request& request) { request.may_deactivate = request.compromised = true; };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_LT(position(w, "OldKeyDeactivated"), position(w, "CreateIntended"));
}

TEST(Compromised, IsNeverActivatedAgain) {
    World w;
    may_deactivate(w);
    w.adjust = [](rotation::Request& request) { request.may_deactivate = request.compromised = true; };
    w.profile.refusals = 3;
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_FALSE(w.settle(GoingBack{w.clock.time, "please", "alice"}));
    EXPECT_EQ(w.aws.keys.at(w.old_key).status, KeyStatus::inactive);
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(SecondSlot, AnInactiveKeyIsGivenUpToMakeRoom) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    const auto other = w.aws.make_key();
    w.aws.keys.at(other.id).status = KeyStatus::inactive;
    w.adjust = [&](rotation::Request& request) { request.give_up = other.id; };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(SecondSlot, AKeyThatWasActivatedMeanwhileIsNotGivenUp) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    const auto other = w.aws.make_key();
    w.adjust = [&](rotation::Request& request) { request.give_up = other.id; };
    EXPECT_EQ(ended(w.start()), Stopped::rolled_back);
    EXPECT_EQ(w.aws.keys.size(), 2u);
    EXPECT_TRUE(is_well(w));
}

TEST(SoleWriter, DeletesTheKeyOfALostAnswer) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.aws.faults = {{"CreateAccessKey", Fate::lost_after}};
    w.adjust = [](rotation::Request& request) { request.sole_writer = true; };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(LostAnswer, IsNotForgottenWhenTheNetworkGoesDown) {
    World w;
    w.aws.faults = {{"CreateAccessKey", Fate::lost_after}, {"CreateAccessKey", Fate::not_sent}};
    EXPECT_EQ(ended(w.start()), Stopped::parked) << "an orphan may exist: nothing has ended";
    EXPECT_EQ(w.aws.keys.size(), 2u);
    EXPECT_TRUE(is_well(w));
}

TEST(LostAnswer, LooksNoMoreOftenThanItShould) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    upon(w, "CreateUnanswered", [&] {
        for (int i = 0; i < 5000; ++i) w.aws.faults.push_back({"ListAccessKeys", Fate::lost_before});
    });
    w.aws.faults = {{"CreateAccessKey", Fate::lost_before}};
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_LT(w.aws.calls.size(), 400u) << "one a second, for five minutes";
}

TEST(Retirement, GoesOnDeliveringWhenTheOldKeyIsDeletedByAnOutsider) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) != "KeyCreated") return;
        w.aws.keys.erase(w.old_key);
        throw Crash{};
    };
    w.processes.are_seen = true;
    EXPECT_THROW(w.start(), Crash);
    w.ledger.after_append = {};
    w.resume();
    EXPECT_TRUE(is_well(w)) << "the new key heals whoever was cut off";
}

}  // namespace
}  // namespace keytide::simulator
