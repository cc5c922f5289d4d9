// CloudTrail, of which the lab has the event history.
// https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
#pragma once

#include <string_view>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/cloudtrail/trail.hpp"
#include "lab/json_protocol.hpp"

namespace keytide::lab::cloudtrail {

// One authenticated request: authorises, validates, acts.
JsonResult serve(const Account& account, const Trail& trail, const Caller& caller, std::string_view action,
                 std::string_view body, Instant now);

// What becomes of a call that is over, in the words of its arguments; nothing: it is none of the history.
std::optional<TrailEvent> event_of(const Caller& caller, std::string_view service, std::string_view action,
                                   std::string_view error, Instant now);

}  // namespace keytide::lab::cloudtrail
