// What a user of a key must be able to rely on, as questions to a World.
#pragma once

#include <gtest/gtest.h>

#include "simulator/world.hpp"

namespace keytide::simulator {

using orchestrator::Stopped;
using testing::AssertionResult;

// Whoever uses what the destination holds is served, and the user has no key that nobody knows.
inline AssertionResult is_well(const World& w) {
    if (!w.profile.held) return testing::AssertionFailure() << "the destination holds nothing";
    const auto it = w.aws.keys.find(w.profile.held->id);
    if (it == w.aws.keys.end()) return testing::AssertionFailure() << "the destination holds a deleted key";
    if (!it->second.secret.same_as(w.profile.held->secret))
        return testing::AssertionFailure() << "id and secret do not match";
    if (it->second.status != KeyStatus::active)
        return testing::AssertionFailure() << "the destination's key is inactive";
    return testing::AssertionSuccess();
}

inline AssertionResult is_replaced(const World& w) {
    if (const auto well = is_well(w); !well) return well;
    if (w.profile.held->id == w.old_key)
        return testing::AssertionFailure() << "the old key is still delivered";
    if (w.aws.keys.contains(w.old_key)) return testing::AssertionFailure() << "the old key still exists";
    if (w.aws.keys.size() != 1) return testing::AssertionFailure() << "an orphan is left";
    if (w.ledger.holds_secrets()) return testing::AssertionFailure() << "secrets are not wiped";
    return testing::AssertionSuccess();
}

inline AssertionResult is_as_before(const World& w) {
    if (const auto well = is_well(w); !well) return well;
    if (w.profile.held->id != w.old_key || w.aws.keys.size() != 1)
        return testing::AssertionFailure() << "something changed";
    if (w.ledger.holds_secrets()) return testing::AssertionFailure() << "secrets are not wiped";
    return testing::AssertionSuccess();
}

inline Stopped ended(const Result<orchestrator::Outcome>& outcome) {
    EXPECT_TRUE(outcome) << outcome.error().message;
    return outcome ? outcome->how : Stopped::interrupted;
}

}  // namespace keytide::simulator
