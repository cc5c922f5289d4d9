// What users and roles held of policies a while ago, for replicas that have not heard of what changed since.
// Nothing is remembered longer than a replica can be late.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <string>

#include "lab/state/held_policies.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

class PolicyPast {
public:
    // From now on; zero: nothing.
    void remember_for(Duration horizon) { horizon_ = horizon; }
    bool remembers() const { return horizon_ > Duration{0}; }

    // Before and after a call. Who was not there before held nothing.
    void note(const std::map<std::string, HeldPolicies>& before,
              const std::map<std::string, HeldPolicies>& after, Instant now);

    // What a user or role held then, by its unique id; null: what it holds now.
    std::shared_ptr<const HeldPolicies> as_of(const std::string& id, Instant then) const;

private:
    struct Change {
        Instant at;
        std::shared_ptr<const HeldPolicies> before;
    };

    Duration horizon_{0};
    std::map<std::string, std::deque<Change>> changes_;  // oldest first
};

}  // namespace keytide::lab
