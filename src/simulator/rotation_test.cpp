// The protocol, the orchestrator and a living fake of AWS together: what a user of a key must be able to rely
// on.
#include <gtest/gtest.h>

#include "simulator/expectations.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

TEST(Rotation, CompletesForAUserWhoMayOnlyCreateAndDelete) {
    World w;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    const auto& calls = w.aws.calls;
    const auto deletion = "DeleteAccessKey " + w.old_key.text() + " by " + w.profile.held->id.text();
    EXPECT_EQ(std::count(calls.begin(), calls.end(), deletion), 1)
        << "the old key is deleted once, signed by the new one";
}

TEST(Rotation, SeesTheOldKeyRefusedSteadilyByEveryService) {
    World w;
    w.aws.propagation = 8s;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    const auto& calls = w.aws.calls;
    const auto deletion = std::find_if(calls.begin(), calls.end(),
                                       [](const std::string& c) { return c.starts_with("DeleteAccessKey"); });
    for (const std::string call : {"GetCallerIdentity by ", "ListBuckets by "})
        EXPECT_GT(std::count(deletion, calls.end(), call + w.old_key.text()), 3)
            << "accepted for a while, then refused three times";
}

TEST(Rotation, CompletesForAUserWhoMayList) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, CompletesWithAnAdministratorsCredentials) {
    World w;
    w.by_administrator = true;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, NeedsTheAdministratorAgainWhenItIsResumed) {
    World w;
    w.by_administrator = true;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    w.by_administrator = false;
    w.clock.time += 2h;
    const auto outcome = w.resume();
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("credentials of"), std::string::npos);
    EXPECT_EQ(w.aws.keys.size(), 2u);
}

TEST(Rotation, IssuesAFirstKeyAndDeletesNothing) {
    World w;
    w.without_a_key();
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    for (const auto& call : w.aws.calls) EXPECT_FALSE(call.starts_with("DeleteAccessKey")) << call;
}

TEST(Rotation, WaitsUntilTheNewKeyIsKnownEverywhere) {
    World w;
    w.aws.propagation = 8s;
    w.numbers.spread = 5s;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, DoesNotTakeOneSuccessForSteadiness) {
    World w;
    w.aws.faults = {{"GetCallerIdentity", Fate::refused, "InvalidClientTokenId"}};
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    const auto& calls = w.aws.calls;
    const auto first_probe = "GetCallerIdentity by " + w.profile.held->id.text();
    EXPECT_GE(std::count(calls.begin(), calls.end(), first_probe), 4) << "one refusal and three successes";
}

TEST(Rotation, StartsCountingAnewAfterARefusal) {
    World w;
    int answers = 0;
    w.aws.before_call = [&](const std::string& call) {
        if (call.starts_with("GetCallerIdentity") && ++answers == 3)
            w.aws.faults = {{"GetCallerIdentity", Fate::refused, "InvalidClientTokenId"}};
    };
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) != "NewKeyAccepted") return;
        EXPECT_EQ(answers, 6) << "two successes, a refusal, and three successes in a row";
    };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
}

// Of each operation one call, and then two a second: the least that a throttle lets through.
void throttle(World& w, std::map<std::string, Instant>& next) {
    w.aws.before_call = [&](const std::string& call) {
        const auto operation = call.substr(0, call.find(' '));
        if (w.clock.time < next[operation])
            w.aws.faults = {{operation, Fate::refused, "Throttling"}};
        else
            next[operation] = w.clock.time + 500ms;
    };
}

TEST(Rotation, CompletesUnderAThrottleThatTakesEverySecondCall) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.aws.propagation = 2s;
    std::map<std::string, Instant> next;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "KeyCreated") throttle(w, next);
    };
    const auto begun = w.clock.time;
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_LT(w.clock.time - begun, 1min) << "long before any deadline";
}

TEST(Rotation, CountsAThrottledAnswerNeitherForTheKeyNorAgainstIt) {
    World w;
    int answers = 0;
    w.aws.before_call = [&](const std::string& call) {
        if (call.starts_with("GetCallerIdentity") && (++answers == 2 || answers == 4))
            w.aws.faults = {{"GetCallerIdentity", Fate::refused, "Throttling"}};
    };
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) != "NewKeyAccepted") return;
        EXPECT_EQ(answers, 5) << "three successes in a row, and two answers between them that tell nothing";
    };
    EXPECT_EQ(ended(w.start()), Stopped::completed);
}

TEST(Rotation, ParksWhenItIsThrottledAllTheWhile) {
    World w;
    w.aws.faults.assign(1000, {"GetCallerIdentity", Fate::refused, "Throttling"});
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_EQ(w.aws.keys.size(), 2u) << "nothing was learned of the new key, and so it is not deleted";
    EXPECT_LT(w.aws.calls.size(), 40u) << "it backs off";
    w.aws.faults.clear();
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, GoesBackWhenTheNewKeyIsNeverAccepted) {
    World w;
    w.ledger.before_append = [&](const rotation::Event& e) {
        if (const auto* made = std::get_if<rotation::KeyCreated>(&e)) w.aws.never_known.insert(made->key);
    };
    EXPECT_EQ(ended(w.start()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(Rotation, ParksWhenAwsCannotBeReachedWhileItVerifies) {
    World w;
    for (int i = 0; i < 301; ++i) w.aws.faults.push_back({"GetCallerIdentity", Fate::lost_before});
    w.numbers.verify_deadline = 2min;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_TRUE(is_well(w));
    w.aws.faults.clear();
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, GoesBackWhenTheNewKeyBelongsToAnotherUser) {
    World w;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (const auto* made = std::get_if<rotation::KeyCreated>(&e))
            w.aws.strangers[made->key] = {"AIDASOMEBODYELSE", w.aws.bob.account, w.aws.bob.arn};
    };
    const auto begun = w.clock.time;
    EXPECT_EQ(ended(w.start()), Stopped::rolled_back);
    EXPECT_LT(w.clock.time - begun, 10s) << "there is nothing to wait for";
    EXPECT_TRUE(is_as_before(w));
}

TEST(Rotation, ChangesNothingWhenCreatingIsRefused) {
    World w;
    w.aws.allowed.erase("CreateAccessKey");
    EXPECT_EQ(ended(w.start()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
}

TEST(Rotation, DeletesAKeyWhoseSecretCouldNotBeKept) {
    World w;
    w.ledger.append_fails = [](const rotation::Event& e) { return rotation::name_of(e) == "KeyCreated"; };
    const auto outcome = w.start();
    ASSERT_FALSE(outcome);
    EXPECT_NE(outcome.error().message.find("was deleted again"), std::string::npos)
        << outcome.error().message;
    EXPECT_TRUE(is_well(w));
    EXPECT_EQ(w.aws.keys.size(), 1u);
}

TEST(Rotation, AsksAPersonWhenACreatedKeyMayBeOursAndItsSecretIsLost) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.aws.faults = {{"ListAccessKeys", Fate::refused, "Throttling"}, {"CreateAccessKey", Fate::lost_after}};
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w));
    ASSERT_EQ(w.aws.keys.size(), 2u) << "elimination is not proof: nothing is deleted";
    std::erase_if(w.aws.keys, [&](const auto& k) { return k.first != w.old_key; });
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, CreatesAgainOnceALostCallIsSeenToHaveMadeNoKey) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.aws.faults = {{"ListAccessKeys", Fate::refused, "Throttling"}, {"CreateAccessKey", Fate::lost_before}};
    EXPECT_EQ(ended(w.start()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, ParksWhenCreatingGetsNoAnswerAgainAndAgain) {
    for (const bool may_list : {false, true}) {
        World w;
        if (may_list) w.aws.allowed.insert("ListAccessKeys");
        for (int i = 0; i < 20; ++i) w.aws.faults.push_back({"CreateAccessKey", Fate::lost_before});
        EXPECT_EQ(ended(w.start()), Stopped::parked);
        EXPECT_TRUE(is_well(w));
        w.aws.faults.clear();
        EXPECT_EQ(ended(w.resume()), Stopped::completed);
        EXPECT_TRUE(is_replaced(w));
    }
}

TEST(Rotation, AsksAPersonWhenALostCallTookTheSlotAndNobodyMayLook) {
    World w;
    w.aws.faults = {{"CreateAccessKey", Fate::lost_after}};
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w));
    ASSERT_EQ(w.aws.keys.size(), 2u);
    std::erase_if(w.aws.keys, [&](const auto& k) { return k.first != w.old_key; });
    EXPECT_EQ(ended(w.resume()), Stopped::completed) << "once the person has made room";
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, KeepsBothKeysWhenADestinationRefusesForGood) {
    World w;
    w.profile.refusals = 3;
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w));
    EXPECT_EQ(w.aws.keys.size(), 2u);
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, WhatOthersSayEndsNoSentenceOfItsQuestion) {
    World w;
    w.profile.refusals = 3;
    w.profile.refusal = "Access is denied.";
    const auto outcome = w.start();
    ASSERT_EQ(ended(outcome), Stopped::needs_person);
    const auto& question = outcome->rotation.question->question;
    EXPECT_NE(question.find("Access is denied. No key was deleted"), std::string::npos) << question;
}

TEST(Rotation, NeverOverwritesAStrangersKey) {
    World w;
    const AccessKey stranger{*AccessKeyId::parse("AKIASTRANGER"), Secret("theirs"), Secret()};
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "NewKeyAccepted") w.profile.held = stranger.clone();
    };
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(w.profile.held->same_as(stranger));
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
}

TEST(Rotation, KeepsTheOldKeyWhenADestinationDriftsBeforeItsDeletion) {
    World w;
    w.numbers.grace = 30s;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "OverlapBegan") w.profile.held->id = w.old_key;
    };
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
}

TEST(Rotation, KeepsTheOldKeyWhenAStrangersKeyIsPutInItsPlace) {
    World w;
    w.numbers.grace = 30s;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "OverlapBegan")
            w.profile.held = AccessKey{*AccessKeyId::parse("AKIASTRANGER"), Secret("theirs"), Secret()};
    };
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    EXPECT_EQ(w.profile.held->id.text(), "AKIASTRANGER");
}

TEST(Rotation, LooksBeforeItActsWhenItIsResumed) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "NewKeyAccepted") throw Crash{};
    };
    EXPECT_THROW(w.start(), Crash);
    w.ledger.after_append = {};
    for (auto& [id, key] : w.aws.keys)
        if (id != w.old_key) key.status = KeyStatus::inactive;
    EXPECT_EQ(ended(w.resume()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w)) << "a key that somebody disabled is delivered to nobody";
}

TEST(Rotation, BelievesADestinationOnlyAfterReadingBack) {
    World w;
    w.profile.forgets = true;
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w));
    const auto story = w.ledger.story();
    EXPECT_EQ(std::count(story.begin(), story.end(), "Delivered"), 0);
}

TEST(Rotation, KeepsBothKeysWhenDeletingIsNotAllowed) {
    World w;
    w.aws.allowed.erase("DeleteAccessKey");
    EXPECT_EQ(ended(w.start()), Stopped::needs_person);
    EXPECT_TRUE(is_well(w));
    EXPECT_EQ(w.aws.keys.size(), 2u);
    w.aws.allowed.insert("DeleteAccessKey");
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, RepeatsADeletionWhoseAnswerWasLost) {
    for (const auto fate : {Fate::lost_before, Fate::lost_after}) {
        World w;
        w.aws.faults = {};
        w.ledger.before_append = [&](const rotation::Event& e) {
            if (rotation::name_of(e) == "OverlapEnded") w.aws.faults = {{"DeleteAccessKey", fate}};
        };
        EXPECT_EQ(ended(w.start()), Stopped::completed);
        EXPECT_TRUE(is_replaced(w));
    }
}

TEST(Rotation, ParksForALongGraceTimeAndIsFinishedLater) {
    World w;
    w.numbers.grace = 2h;
    EXPECT_EQ(ended(w.start()), Stopped::parked);
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    w.clock.time += 1h;
    EXPECT_EQ(ended(w.resume()), Stopped::parked) << "an hour too early";
    EXPECT_TRUE(w.aws.keys.contains(w.old_key));
    w.clock.time += 1h;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, StopsBetweenTwoStepsWhenInterrupted) {
    World w;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "KeyCreated") w.clock.stop = true;
    };
    EXPECT_EQ(ended(w.start()), Stopped::interrupted);
    EXPECT_TRUE(is_well(w));
    w.clock.stop = false;
    w.processes.are_seen = true;
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Rotation, SurvivesACrashBeforeAndAfterEveryTouchOfTheWorld) {
    for (const auto& [may_list, is_readable] : {std::pair{false, true}, {true, true}, {true, false}}) {
        bool crashed = true;
        for (int fatal = 1; crashed; ++fatal) {
            World w;
            if (may_list) w.aws.allowed.insert("ListAccessKeys");
            if (!is_readable) w.profile.can = {};
            int touches = 0;
            crashed = false;
            const auto touch = [&] {
                if (++touches != fatal) return;
                crashed = true;
                throw Crash{};
            };
            w.aws.before_call = [&](const std::string&) { touch(); };
            w.profile.before_touch = touch;
            w.ledger.before_append = [&](const rotation::Event&) { touch(); };
            w.ledger.after_append = [&](const rotation::Event&) { touch(); };
            try {
                EXPECT_EQ(ended(w.start()), Stopped::completed);
            } catch (const Crash&) {
            }
            EXPECT_TRUE(is_well(w)) << "after a crash at touch " << fatal;
            if (!crashed || !w.started()) continue;

            // The process is gone, but not provably: an unanswered creation must be waited out.
            auto outcome = w.resume();
            while (outcome && outcome->how == Stopped::parked) {
                w.clock.time = std::max(w.clock.time, outcome->rotation.parked->until);
                outcome = w.resume();
            }
            ASSERT_TRUE(outcome) << outcome.error().message;
            EXPECT_TRUE(is_well(w)) << "after resuming from touch " << fatal;
            const bool secret_lost = outcome->how == Stopped::needs_person;
            if (secret_lost) {
                const auto story = w.ledger.story();
                EXPECT_EQ(std::count(story.begin(), story.end(), "KeyCreated"), 0)
                    << "only a lost secret needs a person";
                std::erase_if(w.aws.keys, [&](const auto& k) { return k.first != w.old_key; });
                outcome = w.resume();
            }
            EXPECT_EQ(ended(outcome), Stopped::completed) << "touch " << fatal;
            EXPECT_TRUE(is_replaced(w)) << "touch " << fatal;
        }
    }
}

}  // namespace
}  // namespace keytide::simulator
