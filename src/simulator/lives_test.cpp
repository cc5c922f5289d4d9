// Many lives with everything going wrong at random, each life from one seed: answers lost, late and refused,
// processes that die between any two effects, places that refuse, full disks, clocks that jump, people who
// act at the same time. Whoever reads a place is served all the while, and once the faults stop and a person
// answers, every rotation ends. `make simulate` lives many more.
#include <gtest/gtest.h>

#include <algorithm>

#include "simulator/life.hpp"
#include "simulator/stage.hpp"

namespace keytide::simulator {
namespace {

// Lives to which nothing happens prove nothing.
const std::set<std::string> must_happen{
    "CreateRefused",    "CreateUnanswered", "CreateSettled",    "OtherKeyDeleted",
    "NewKeyAccepted",   "OldKeyAccepted",   "DeliverFailed",    "DeactivateIntended",
    "ActivateIntended", "StatusRefused",    "StatusUnanswered", "OldKeyDeactivated",
    "OldKeyActivated",  "SoakEnded",        "DeleteRefused",    "DeleteUnanswered",
    "OldKeyDeleted",    "NewKeyDeleted",    "OldKeyRejected",   "NewKeyRejected",
    "GoingBack",        "Parked",           "NeedsPerson",      "Completed",
    "RolledBack"};

TEST(Lives, ServeTheirConsumersAndEnd) {
    std::set<std::string> happened;
    for (std::uint32_t seed = 1; seed <= 3000; ++seed) {
        const auto life = live(seed);
        happened.insert(life.happened.begin(), life.happened.end());
        if (!life.violation) continue;
        const auto fails = [&](const Script& s) { return live_again(s).violation == life.violation; };
        FAIL() << "seed " << seed << ":\n" << tell(*life.violation, shrink(life.script, fails));
    }
    for (const auto& name : must_happen) EXPECT_TRUE(happened.contains(name)) << name << " never happened";
}

TEST(Lives, AreLivedAgainFromWhatWasWrittenDown) {
    for (std::uint32_t seed = 1; seed <= 100; ++seed) {
        const auto life = live(seed);
        const auto text = to_text(life.script);
        const auto script = parse_script(text);
        ASSERT_TRUE(script) << script.error().message;
        EXPECT_EQ(to_text(*script), text);
        const auto again = live_again(*script);
        EXPECT_EQ(again.happened, life.happened) << "seed " << seed << "\n" << text;
        EXPECT_EQ(again.rotations, life.rotations) << "seed " << seed;
    }
}

// As if a deactivation that got no answer were forbidden.
bool has_an_unanswered_deactivation(const Script& script) {
    return live_again(script).happened.contains("StatusUnanswered");
}

TEST(Shrinking, LeavesTheShortestStory) {
    std::uint32_t seed = 1;
    while (!live(seed).happened.contains("StatusUnanswered")) ++seed;
    const auto life = live(seed);
    const auto shortest = shrink(life.script, has_an_unanswered_deactivation);
    EXPECT_GT(life.script.misfortunes.size(), 1u);
    EXPECT_EQ(shortest.misfortunes.size(), 1u) << to_text(shortest);
    EXPECT_EQ(shortest.steps.size(), 1u);
    EXPECT_EQ(shortest.givens.size(), 1u) << "nobody deactivates without a permission";
    const auto story = tell("A deactivation got no answer", shortest);
    EXPECT_NE(story.find("ledger: StatusUnanswered"), std::string::npos) << story;
    EXPECT_NE(story.find("\nthen live\n"), std::string::npos) << story;
}

}  // namespace
}  // namespace keytide::simulator
