// Security Token Service: who somebody is, and temporary credentials.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_Operations.html
#pragma once

#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "lab/state/partition.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::sts {

// One authenticated request: authorises, validates, acts.
ActionResult serve(Partition& partition, const Caller& caller, const Parameters& parameters, Instant now);

}  // namespace keytide::lab::sts
