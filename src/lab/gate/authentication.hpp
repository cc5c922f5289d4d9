// Who is this? Every request is verified afresh and in constant time; no verdict is remembered, only signing
// keys that were derived before. A request that comes twice within its time is accepted twice.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <string>
#include <unordered_map>

#include "lab/caller.hpp"
#include "lab/gate/service.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/moment.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/state/partition.hpp"
#include "signature/presented.hpp"

namespace keytide::lab::gate {

// What a request says of itself, before anything of it is believed.
using Claim = std::expected<signature::Presented, signature::NotPresented>;

// How long before and after its date a signature is good, on AWS.
inline constexpr Duration fifteen_minutes = std::chrono::minutes(15);

class Authenticator {
public:
    // That time is another, from now on.
    void set_window(Duration window) { window_ = window; }
    Duration window() const { return window_; }

    // `service` is the one addressed; the claim's scope must name it. Any region will do. In order: something
    // is presented, the key exists and is active, the date is right (by the lab's clock or the real one), the
    // scope, the signature, the body. A body that came in chunks is put together (payload.hpp).
    // `replica`: the one of the service's that is asked.
    Outcome<Caller> authenticate(const Claim& claim, Request& request, Service service, Partition& partition,
                                 Moment moment, const misbehaviour::Delays& replica);

private:
    // After a wrong secret some replicas refuse its key for a while.
    bool is_still_refused(Service service, const std::string& access_key_id, Instant now) const;
    void refuse_until(Service service, const std::string& access_key_id, Instant end);

    Duration window_ = fifteen_minutes;
    std::unordered_map<std::string, Instant> refused_until_;  // by service and key
};

}  // namespace keytide::lab::gate
