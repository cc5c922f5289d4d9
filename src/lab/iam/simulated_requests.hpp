// What a simulation asks about: actions on resources, in a context that the caller describes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/iam/call.hpp"

namespace keytide::lab::iam {

// Each action on each resource.
struct SimulatedRequests {
    std::vector<std::string> actions;
    std::vector<std::string> resources;  // at least "*"
    bool names_resources = false;        // ResourceArns was given, and is not "*" alone
    iam_policy::MapContext context;
    std::string resource_owner;  // the number of an account; empty: the caller's

    std::size_t count() const { return actions.size() * resources.size(); }
};

// ActionNames, ResourceArns, ContextEntries, ResourceOwner. ValidationError, InvalidInput.
Outcome<SimulatedRequests> read_simulated_requests(const Call& call);

}  // namespace keytide::lab::iam
