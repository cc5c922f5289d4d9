// What `make explore` does to its full budget, with fewer misfortunes. And that the explorer sees what is
// wrong.
#include "simulator/explorer/explorer.hpp"

#include <gtest/gtest.h>

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

std::string told(const Setting& setting, const Explored& found) {
    return found.violation ? *found.violation + "\n" + story_of(setting, found.way) : "";
}

Setting named(std::string_view name) {
    for (const auto& setting : settings())
        if (setting.name == name) return setting;
    ADD_FAILURE() << "no setting " << name;
    return settings().front();
}

TEST(Explorer, FindsNoViolationWithAnyTwoMisfortunes) {
    std::set<rotation::Phase> phases;
    for (const auto& setting : settings()) {
        const int misfortunes = setting.name == "quiet" ? 1 : 2;  // its waits make it the longest by far
        const auto found = explore(setting, {misfortunes, misfortunes});
        EXPECT_FALSE(found.violation) << told(setting, found);
        phases.insert(found.phases.begin(), found.phases.end());
    }
    for (int phase = 0; phase <= int(rotation::Phase::ended); ++phase)
        EXPECT_TRUE(phases.contains(rotation::Phase(phase)))
            << name_of(rotation::Phase(phase)) << " was never seen";
}

TEST(Explorer, SeesThatALateCallLandsWhenTheWindowIsTakenTooShort) {
    auto setting = named("list");
    setting.beyond_window = 1h;
    const auto found = explore(setting, {2, 2});
    ASSERT_TRUE(found.violation);
    EXPECT_EQ(*found.invariants.begin(), "No contrary act") << told(setting, found);
}

TEST(Explorer, SeesARotationThatNeverEnds) {
    auto setting = named("list");
    setting.request.numbers.poll = 0s;  // what fails for now is tried again in the same moment, for ever
    const auto found = explore(setting, {1, 1});
    ASSERT_TRUE(found.violation);
    EXPECT_EQ(*found.invariants.begin(), "Termination") << told(setting, found);
}

TEST(Explorer, TellsTheWayToAViolation) {
    auto setting = named("list");
    setting.request.numbers.poll = 0s;
    const auto found = explore(setting, {1, 1});
    const auto story = story_of(setting, found.way);
    EXPECT_NE(story.find("CreateAccessKey by OLD"), std::string::npos) << story;
}

}  // namespace
}  // namespace keytide::simulator
