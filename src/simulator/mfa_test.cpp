// Users who may change their keys only with MFA: who signs what, where the codes come from, and what happens
// when there is none.
#include <gtest/gtest.h>

#include "ledger/event_json.hpp"
#include "simulator/expectations.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

// As surveyed, with what the survey may ask.
Result<orchestrator::Outcome> rotate(World& w) {
    return w.rotate({});
}

bool is_of_iam(const std::string& call) {
    return !call.starts_with("GetCallerIdentity") && !call.starts_with("ListBuckets") &&
           !call.starts_with("GetSessionToken");
}

int count(const World& w, const std::string& beginning) {
    return int(std::count_if(w.aws.calls.begin(), w.aws.calls.end(),
                             [&](const std::string& c) { return c.starts_with(beginning); }));
}

// The invariant of every test here: IAM is called by sessions only, and nothing else is.
AssertionResult sessions_call_iam_alone(const World& w) {
    for (const auto& call : w.aws.calls)
        if (is_of_iam(call) != (call.find(" by session of ") != std::string::npos))
            return testing::AssertionFailure() << call;
    return testing::AssertionSuccess();
}

TEST(Mfa, TwoCodesAreEnoughForARotation) {
    for (const bool may_list : {false, true}) {
        World w;
        if (may_list) w.aws.allowed.insert("ListAccessKeys");
        w.with_mfa(2);
        EXPECT_EQ(ended(rotate(w)), Stopped::completed);
        EXPECT_TRUE(is_replaced(w));
        EXPECT_TRUE(sessions_call_iam_alone(w));
        const auto new_key = w.profile.held->id.text();
        EXPECT_EQ(count(w, "GetSessionToken by " + w.old_key.text()), 1) << "the survey's session serves on";
        EXPECT_EQ(count(w, "GetSessionToken by " + new_key), 1);
        EXPECT_EQ(count(w, "DeleteAccessKey " + w.old_key.text() + " by session of " + new_key), 1);
        ASSERT_EQ(w.person.remarks.size(), 2u);
        EXPECT_EQ(w.person.remarks.front(), "");
        EXPECT_NE(w.person.remarks.back().find("works once"), std::string::npos) << w.person.remarks.back();
    }
}

TEST(Mfa, WithoutADeviceNothingIsAskedOrMinted) {
    World w;
    w.type_codes(2);
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_EQ(count(w, "GetSessionToken"), 0);
    EXPECT_TRUE(w.person.remarks.empty());
}

TEST(Mfa, WithoutACodeNoRotationBegins) {
    World w;
    w.with_mfa(0);
    const auto outcome = rotate(w);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().kind, ErrorKind::usage);
    EXPECT_NE(outcome.error().hint.find("--token-code"), std::string::npos);
    EXPECT_FALSE(w.started());
    for (const auto& call : w.aws.calls) EXPECT_FALSE(is_of_iam(call)) << call;
}

TEST(Mfa, ARotationThatRunsOutOfCodesParksAndIsResumedWithOne) {
    World w;
    w.with_mfa(1);
    const auto outcome = rotate(w);
    EXPECT_EQ(ended(outcome), Stopped::needs_mfa);
    EXPECT_TRUE(is_well(w));
    EXPECT_EQ(w.aws.keys.size(), 2u);
    const auto& asked = outcome->rotation.needs_mfa;
    ASSERT_TRUE(asked);
    EXPECT_EQ(asked->serial, w.mfa_serial);
    EXPECT_NE(asked->question.find(w.profile.held->id.text()), std::string::npos) << "whose session";
    EXPECT_NE(asked->answers.front().find("--token-code"), std::string::npos);

    EXPECT_EQ(ended(w.resume()), Stopped::needs_mfa) << "and nobody gave one";
    EXPECT_EQ(w.aws.keys.size(), 2u);
    w.type_codes(1);
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_TRUE(sessions_call_iam_alone(w));
}

TEST(Mfa, ARefusedCodeIsAskedForAgain) {
    World w;
    w.with_mfa(2);
    w.person.codes.push_front("000000");
    w.person.codes.push_front("000001");
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_NE(w.person.remarks.at(1).find("refused"), std::string::npos);
}

TEST(Mfa, ThreeRefusedCodesPark) {
    World w;
    w.with_mfa(1);
    for (const auto* wrong : {"000000", "000001", "000002", "000003"}) w.person.codes.push_back(wrong);
    const auto outcome = rotate(w);
    EXPECT_EQ(ended(outcome), Stopped::needs_mfa);
    EXPECT_EQ(w.person.codes.size(), 1u) << "three of four";
    EXPECT_NE(outcome->rotation.needs_mfa->question.find("refused"), std::string::npos);
    EXPECT_TRUE(is_well(w));
}

TEST(Mfa, ACodeWorksOnce) {
    World w;
    w.with_mfa(1);
    w.person.codes.push_back(w.person.codes.front());
    EXPECT_EQ(ended(rotate(w)), Stopped::needs_mfa);
    w.type_codes(1);
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Mfa, ADeviceThatAwsDoesNotKnowIsNotAskedThreeTimes) {
    World w;
    w.with_mfa(3);
    w.aws.faults = {{"GetSessionToken", Fate::refused, "AccessDenied"}};
    EXPECT_FALSE(rotate(w));
    EXPECT_EQ(w.person.codes.size(), 2u);
}

TEST(Mfa, ACodeThatAwsDidNotJudgeIsUsedAgain) {
    for (const auto& trouble :
         {Fault{"GetSessionToken", Fate::refused, "InvalidClientTokenId"},
          Fault{"GetSessionToken", Fate::refused, "Throttling"}, Fault{"GetSessionToken", Fate::lost_before},
          Fault{"GetSessionToken", Fate::not_sent}}) {
        World w;
        w.with_mfa(2);
        w.ledger.after_append = [&](const rotation::Event& e) {
            if (rotation::name_of(e) == "OverlapBegan") w.aws.faults = {trouble, trouble};
        };
        EXPECT_EQ(ended(rotate(w)), Stopped::completed) << trouble.code;
        EXPECT_TRUE(is_replaced(w));
        EXPECT_EQ(w.person.remarks.size(), 2u);
    }
}

TEST(Mfa, ACodeThatWasSpentUnseenIsAskedForAgain) {
    World w;
    w.with_mfa(3);
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "OverlapBegan") w.aws.faults = {{"GetSessionToken", Fate::lost_after}};
    };
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_EQ(w.person.remarks.size(), 3u);
}

TEST(Mfa, ParksInTheEndWhenNoSessionIsGivenToTheNewKey) {
    for (const auto fate : {Fate::refused, Fate::lost_before}) {
        World w;
        w.with_mfa(2);
        w.ledger.after_append = [&](const rotation::Event& e) {
            if (rotation::name_of(e) == "OverlapBegan")
                w.aws.faults.assign(1000, {"GetSessionToken", fate, "InvalidClientTokenId"});
        };
        const auto begun = w.clock.time;
        EXPECT_EQ(ended(rotate(w)), fate == Fate::refused ? Stopped::needs_person : Stopped::parked);
        EXPECT_GE(w.clock.time - begun, w.numbers.settle_deadline);
        EXPECT_TRUE(is_well(w));
        EXPECT_EQ(w.aws.keys.size(), 2u);
        w.aws.faults.clear();
        w.ledger.after_append = {};
        w.type_codes(1);
        EXPECT_EQ(ended(w.resume()), Stopped::completed);
        EXPECT_TRUE(is_replaced(w));
    }
}

TEST(Mfa, ASessionThatEndedIsMintedAnew) {
    World w;
    w.aws.allowed.insert("UpdateAccessKey");
    w.with_mfa(3);
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) == "OldKeyDeactivated") w.clock.time += 2h;
    };
    w.aws.after_call = [](const CallSeen& seen) {
        EXPECT_EQ(seen.answer.find("ExpiredToken"), std::string::npos) << "its end is known, " << seen.call;
    };
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_TRUE(sessions_call_iam_alone(w));
    EXPECT_EQ(count(w, "GetSessionToken by " + w.profile.held->id.text()), 2);
}

TEST(Mfa, ASessionThatAwsCallsEndedIsMintedAnewOrParks) {
    for (const std::string call : {"ListAccessKeys", "CreateAccessKey", "UpdateAccessKey", "DeleteAccessKey"})
        for (const bool has_code : {true, false}) {
            World w;
            w.aws.allowed.insert({"ListAccessKeys", "UpdateAccessKey"});
            bool begun = false, ended_it = false;
            w.adjust = [&](rotation::Request& request) {
                request.may_deactivate = true;
                begun = true;
            };
            w.aws.before_call = [&](const std::string& text) {
                if (!begun || !text.starts_with(call) || std::exchange(ended_it, true)) return;
                w.aws.end_sessions();
                if (!has_code) w.person.codes.clear();
            };
            w.with_mfa(3);
            const auto first = ended(rotate(w));
            EXPECT_TRUE(is_well(w));
            EXPECT_TRUE(sessions_call_iam_alone(w));
            if (has_code) {
                EXPECT_EQ(first, Stopped::completed) << call;
            } else {
                EXPECT_EQ(first, Stopped::needs_mfa) << call;
                w.type_codes(2);
                EXPECT_EQ(ended(w.resume()), Stopped::completed) << call;
            }
            EXPECT_TRUE(is_replaced(w)) << call;
        }
}

// A person may take long to find the device; what was seen before is seen again then.
TEST(Mfa, EvidenceIsTakenAfterTheCodeWasGiven) {
    World w;
    w.with_mfa(3);
    Instant minted{}, seen{};
    bool ended_it = false;
    w.aws.before_call = [&](const std::string& call) {
        if (call.starts_with("GetSessionToken")) minted = w.clock.time += 10min;
        if (call.starts_with("GetCallerIdentity")) seen = w.clock.time;
        if (call.starts_with("DeleteAccessKey " + w.old_key.text())) {
            EXPECT_GE(seen, minted);
            if (!std::exchange(ended_it, true)) w.aws.end_sessions();
        }
    };
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_TRUE(w.person.codes.empty()) << "one more, for the session that ended";
}

TEST(Mfa, ATroubleThatIsOverIsNotAddedToTheNext) {
    World w;
    w.aws.allowed.insert("ListAccessKeys");
    w.with_mfa(3);
    const auto throttled = [&] { w.aws.faults = {{"GetSessionToken", Fate::refused, "Throttling"}}; };
    bool delivered = false, slept = false;
    w.ledger.after_append = [&](const rotation::Event& e) {
        if (rotation::name_of(e) != "OverlapBegan") return;
        delivered = true;
        throttled();
    };
    w.aws.before_call = [&](const std::string& call) {
        if (!delivered || !call.starts_with("ListAccessKeys") || std::exchange(slept, true)) return;
        w.clock.time += 2h;  // a laptop, with a session that ends meanwhile
        throttled();
    };
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(slept);
    EXPECT_TRUE(is_replaced(w));
}

TEST(Mfa, AnAdministratorSignsBySessionsToo) {
    World w;
    w.by_administrator = true;
    w.aws.allowed.insert("ListAccessKeys");
    w.with_mfa(1);
    EXPECT_EQ(ended(rotate(w)), Stopped::completed);
    EXPECT_TRUE(is_replaced(w));
    EXPECT_TRUE(sessions_call_iam_alone(w));
    EXPECT_EQ(count(w, "GetSessionToken by " + w.aws.administrator.id.text()), 1);
}

TEST(Mfa, TheWayBackNeedsACodeAsWell) {
    World w;
    w.aws.allowed.insert({"ListAccessKeys", "UpdateAccessKey"});
    w.numbers.soak = 2h;
    w.with_mfa(2);
    EXPECT_EQ(ended(rotate(w)), Stopped::parked);
    const rotation::Event back = rotation::GoingBack{w.clock.time, "a person wants it", "alice"};
    EXPECT_EQ(ended(w.settle(back)), Stopped::needs_mfa);
    EXPECT_TRUE(is_well(w));
    w.type_codes(2);  // the new key's, to activate the old one, and the old one's, to delete the new one
    EXPECT_EQ(ended(w.resume()), Stopped::rolled_back);
    EXPECT_TRUE(is_as_before(w));
    EXPECT_TRUE(sessions_call_iam_alone(w));
}

TEST(Mfa, SurvivesACrashBeforeAndAfterEveryTouchOfTheWorld) {
    bool crashed = true;
    int resumed = 0;
    for (int fatal = 1; crashed; ++fatal) {
        World w;
        w.aws.allowed.insert({"ListAccessKeys", "UpdateAccessKey"});
        w.with_mfa(2);
        int touches = 0;
        crashed = false;
        const auto touch = [&] {
            if (++touches != fatal) return;
            crashed = true;
            throw Crash{};
        };
        w.aws.before_call = [&](const std::string&) { touch(); };
        w.aws.after_call = [&](const CallSeen&) { touch(); };
        w.ledger.before_append = [&](const rotation::Event&) { touch(); };
        w.ledger.after_append = [&](const rotation::Event&) { touch(); };
        try {
            EXPECT_EQ(ended(rotate(w)), Stopped::completed);
        } catch (const Crash&) {
        }
        EXPECT_TRUE(is_well(w)) << "after a crash at touch " << fatal;
        if (!crashed || !w.started()) continue;

        w.person.codes.clear();
        auto outcome = w.resume();  // no session outlives its process
        for (int visits = 0; outcome && visits < 10; ++visits, outcome = w.resume()) {
            EXPECT_TRUE(is_well(w)) << "after resuming from touch " << fatal;
            if (outcome->how == Stopped::parked)
                w.clock.time = std::max(w.clock.time, outcome->rotation.parked->until);
            else if (outcome->how == Stopped::needs_mfa)
                ++resumed, w.type_codes(1);
            else if (outcome->how == Stopped::needs_person)  // the secret of a key is lost
                std::erase_if(w.aws.keys, [&](const auto& k) {
                    return k.first != w.old_key && k.first != outcome->rotation.new_key;
                });
            else
                break;
        }
        EXPECT_EQ(ended(outcome), Stopped::completed) << "touch " << fatal;
        EXPECT_TRUE(is_replaced(w)) << "touch " << fatal;
        EXPECT_TRUE(sessions_call_iam_alone(w));
    }
    EXPECT_GT(resumed, 20);
}

// Neither codes nor sessions are anybody's to keep.
TEST(Mfa, NoCodeAndNoSessionIsRecorded) {
    World w;
    w.aws.allowed.insert("UpdateAccessKey");
    w.with_mfa(1);
    w.person.codes.push_back("000000");
    w.ledger.before_append = [&](const rotation::Event& e) {
        const auto text = *ledger::to_json(e);
        for (const std::string kept : {"100000", "000000", "ASIA", "secret-of-session"})
            EXPECT_EQ(text.find(kept), std::string::npos) << text;
    };
    EXPECT_EQ(ended(rotate(w)), Stopped::needs_mfa);
    w.type_codes(1);
    EXPECT_EQ(ended(w.resume()), Stopped::completed);
}

}  // namespace
}  // namespace keytide::simulator
