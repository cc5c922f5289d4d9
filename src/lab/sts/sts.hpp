// Security Token Service: GetCallerIdentity, which no policy can deny.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
#pragma once

#include "lab/caller.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"

namespace keytide::lab::sts {

ActionResult serve(const Caller& caller, const Parameters& parameters);

}  // namespace keytide::lab::sts
