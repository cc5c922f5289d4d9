// The policies that a simulation asks: texts that the caller sends, and those of a user, group or role.
//
// Each goes by the name that AWS has for it in its answers: PolicyInputList.1, the name of a managed policy,
// user_bob_p for the inline policy p of bob.
#pragma once

#include <deque>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lab/iam/call.hpp"
#include "lab/state/policy_document.hpp"

namespace keytide::lab::iam {

class SimulatedPolicies {
public:
    SimulatedPolicies() = default;
    SimulatedPolicies(SimulatedPolicies&&) = default;  // what points into the deque stays valid
    SimulatedPolicies& operator=(SimulatedPolicies&&) = default;

    // Those of the parameters, `list` and .member.N; InvalidInput for what is no policy.
    Outcome<void> add_given(const Call& call, std::string_view list);
    Outcome<void> add_text(std::string name, std::string_view document, iam_policy::Kind kind);

    // Inline and attached ones, those of a user's groups too.
    void add_those_of(const User& user);
    void add_those_of(const Group& group);
    void add_those_of(const Role& role);
    void add(const ManagedPolicy& policy);

    const std::vector<iam_policy::NamedPolicy>& all() const { return named_; }

    // The condition keys that they ask for, as somebody wrote them, in the order of their letters.
    std::vector<std::string> context_keys() const;
    std::string as_written(std::string_view lower_case_key) const;

private:
    struct Kept {
        std::string name;
        PolicyDocument document;
    };
    void keep(std::string name, PolicyDocument document);
    template <class Entity>
    void add_held(std::string_view kind, const Entity& entity);

    std::deque<Kept> kept_;
    std::vector<iam_policy::NamedPolicy> named_;
    std::map<std::string, std::string, std::less<>> written_keys_;  // by what they are in lower case
};

}  // namespace keytide::lab::iam
