// CloudFormation: templates become stacks, and stacks become users and policies of the account.
#pragma once

#include <memory>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudformation {

inline constexpr const char* xmlns = "http://cloudformation.amazonaws.com/doc/2010-05-15/";
inline constexpr const char* version = "2010-05-15";

// All stacks and change sets of the account.
class Stacks {
public:
    Stacks();
    Stacks(Stacks&&) noexcept;
    Stacks& operator=(Stacks&&) noexcept;
    ~Stacks();

    struct State;
    State& state() { return *state_; }

private:
    std::unique_ptr<State> state_;
};

// One authenticated request: authorises (gate/authorisation.hpp), validates, acts.
ActionResult serve(Account& account, Stacks& stacks, const Caller& caller, const Parameters& parameters,
                   Instant now);

}  // namespace keytide::lab::cloudformation
