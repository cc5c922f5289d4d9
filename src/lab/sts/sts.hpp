// Security Token Service: who somebody is, and temporary credentials.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
#pragma once

#include <functional>
#include <memory>

#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "lab/state/partition.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::sts {

// What a role held, whom it trusts included, where a change was not heard of yet; null: what it holds now.
using EarlierOfRole = std::function<std::shared_ptr<const HeldPolicies>(const Role&)>;

// One authenticated request: authorises, validates, acts.
ActionResult serve(Partition& partition, const Caller& caller, const Parameters& parameters, Instant now,
                   const EarlierOfRole& earlier);

}  // namespace keytide::lab::sts
