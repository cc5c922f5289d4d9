#include "lab/cloudformation/cloudformation.hpp"

namespace keytide::lab::cloudformation {

struct Stacks::State {};

Stacks::Stacks() : state_(std::make_unique<State>()) {}
Stacks::Stacks(Stacks&&) noexcept = default;
Stacks& Stacks::operator=(Stacks&&) noexcept = default;
Stacks::~Stacks() = default;

ActionResult serve(Account&, Stacks&, const Caller&, const Parameters& parameters, Instant) {
    return std::unexpected(unknown_action(parameters.get("Action"), version));
}

}  // namespace keytide::lab::cloudformation
