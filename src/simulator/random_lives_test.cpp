// Many lives with everything going wrong at random, each life from one seed: answers lost and refused, calls
// not sent, processes that die between any two effects, destinations that refuse, full disks. Whoever reads
// the destination is served all the while, and once the faults stop and a person answers, every rotation
// ends.
#include <random>
#include <set>

#include "simulator/expectations.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

class Life {
public:
    explicit Life(std::uint32_t seed) : dice_(seed) {
        if (one_in(2)) w.aws.allowed.insert("ListAccessKeys");
        const bool may_deactivate = one_in(2);
        if (may_deactivate) w.aws.allowed.insert("UpdateAccessKey");
        const bool sole_writer = one_in(3);
        w.by_administrator = w.aws.allowed.contains("ListAccessKeys") && one_in(4);
        compromised_ = may_deactivate && one_in(5);
        w.adjust = [=, this](rotation::Request& request) {
            request.may_deactivate = may_deactivate;
            request.sole_writer = sole_writer;
            request.compromised = compromised_;
        };
        if (one_in(3)) w.aws.propagation = seconds(12);
        if (one_in(3)) w.numbers.spread = 5s;
        if (one_in(3)) w.numbers.grace = seconds(200);
        if (one_in(3)) w.numbers.soak = seconds(200);
        w.aws.before_call = [this](const std::string& call) { meddle(call); };
        w.profile.before_touch = [this] {
            maybe_crash();
            if (trouble_ && one_in(20)) w.profile.refusals = 1 + int(one_in(3)) * 2;
        };
        w.ledger.before_append = [this](const rotation::Event&) { maybe_crash(); };
        w.ledger.after_append = [this](const rotation::Event&) { maybe_crash(); };
        w.ledger.append_fails = [this](const rotation::Event&) { return trouble_ && one_in(150); };
    }

    // Runs to the end; the faults stop after a while.
    void live() {
        for (int process = 0; process < 60; ++process) {
            trouble_ = process < 12;
            try {
                auto outcome = w.started() ? next_process() : w.start();
                check();
                if (outcome && outcome->rotation.end != rotation::End::none) return finish(*outcome);
                if (outcome && outcome->how == Stopped::needs_person) answer(*outcome);
                if (outcome && outcome->how == Stopped::parked)
                    w.clock.time = std::max(w.clock.time, outcome->rotation.parked->until);
                if (!w.started() && !outcome) trouble_ = false;
            } catch (const Crash&) {
                check();
                if (one_in(2)) w.clock.time += seconds(1200);
            }
        }
        ADD_FAILURE() << "did not end: " << last_words_;
    }

    World w;

private:
    bool one_in(int n) { return std::uniform_int_distribution(1, n)(dice_) == 1; }
    Duration seconds(int most) { return 1s * std::uniform_int_distribution(1, most)(dice_); }

    Result<orchestrator::Outcome> next_process() {
        // Sometimes a person wants the old key back.
        if (one_in(12)) {
            auto outcome = w.settle(rotation::GoingBack{w.clock.time, "a person wants it", "alice"});
            if (outcome) return outcome;
        }
        return w.resume();
    }

    void maybe_crash() {
        if (trouble_ && one_in(60)) throw Crash{};
    }

    void meddle(const std::string& call) {
        check();
        maybe_crash();
        w.aws.faults.clear();
        if (!trouble_ || !one_in(6)) return;
        static constexpr Fate fates[] = {Fate::refused, Fate::not_sent, Fate::lost_before, Fate::lost_after};
        static constexpr const char* codes[] = {"Throttling", "InvalidClientTokenId", "ServiceFailure"};
        const auto pick = [&](auto& from) {
            return from[std::uniform_int_distribution<std::size_t>(0, std::size(from) - 1)(dice_)];
        };
        w.aws.faults = {{call.substr(0, call.find(' ')), pick(fates), pick(codes)}};
    }

    // The invariant of every moment. A compromised key's users are cut off on purpose.
    void check() {
        if (compromised_) return;
        EXPECT_TRUE(is_well(w)) << last_words_;
    }

    void answer(const orchestrator::Outcome& outcome) {
        last_words_ = outcome.rotation.question->question;
        // The person removes the key that nobody knows, as the question says.
        if (last_words_.find("CreateAccessKey got no answer") != std::string::npos)
            std::erase_if(w.aws.keys, [&](const auto& k) {
                return k.first != w.old_key && k.first != outcome.rotation.new_key;
            });
        w.profile.refusals = 0;
    }

    void finish(const orchestrator::Outcome& outcome) {
        EXPECT_FALSE(w.ledger.holds_secrets());
        const auto& r = outcome.rotation;
        if (r.end == rotation::End::completed) {
            EXPECT_TRUE(is_replaced(w)) << last_words_;
        } else if (!r.maybe_orphan) {
            EXPECT_TRUE(is_as_before(w)) << r.going_back;
        }
    }

    std::mt19937 dice_;
    bool trouble_ = true;
    bool compromised_ = false;
    std::string last_words_;
};

// Lives to which nothing happens prove nothing.
const std::set<std::string> must_happen{
    "CreateRefused",    "CreateUnanswered", "CreateSettled",    "OtherKeyDeleted",
    "NewKeyAccepted",   "OldKeyAccepted",   "DeliverFailed",    "DeactivateIntended",
    "ActivateIntended", "StatusRefused",    "StatusUnanswered", "OldKeyDeactivated",
    "OldKeyActivated",  "SoakEnded",        "DeleteRefused",    "DeleteUnanswered",
    "OldKeyDeleted",    "NewKeyDeleted",    "OldKeyRejected",   "NewKeyRejected",
    "GoingBack",        "Parked",           "NeedsPerson",      "Completed",
    "RolledBack"};

TEST(RandomLives, ServeTheirConsumersAndEnd) {
    std::set<std::string> happened;
    for (std::uint32_t seed = 1; seed <= 20000; ++seed) {
        Life life(seed);
        life.live();
        for (const auto& name : life.w.ledger.story()) happened.insert(name);
        if (testing::Test::HasFailure()) {
            std::string story;
            for (const auto& name : life.w.ledger.story()) story += " " + name;
            FAIL() << "seed " << seed << ":" << story;
        }
    }
    for (const auto& name : must_happen) EXPECT_TRUE(happened.contains(name)) << name << " never happened";
}

}  // namespace
}  // namespace keytide::simulator
