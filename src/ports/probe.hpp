// A probe asks one service whether it takes a key: `sts`, `s3:list-buckets`, `exec:CMD`.
//
// Each attempt is one call on a new connection and changes nothing. AccessDenied is a Refused with that code;
// the caller decides that a service which denies has at least recognised the key.
#pragma once

#include <optional>
#include <string>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::ports {

struct ProbeAccepted {
    std::optional<CallerIdentity> identity;  // where the service tells whose key it is
};

class Probe {
public:
    virtual ~Probe() = default;
    virtual std::string name() const = 0;  // as given on the command line
    virtual Answer<ProbeAccepted> attempt(const AccessKey& key) = 0;
};

}  // namespace keytide::ports
