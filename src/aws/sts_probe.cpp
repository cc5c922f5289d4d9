#include "aws/sts_probe.hpp"

namespace keytide::aws {

ports::Answer<ports::ProbeAccepted> StsProbe::attempt(const AccessKey& key) {
    auto answer = identities_.caller(key);
    ports::Answer<ports::ProbeAccepted> result{ports::ProbeAccepted{}, answer.server_time};
    if (auto* identity = answer.done())
        result.outcome = ports::ProbeAccepted{std::move(*identity)};
    else if (auto* refused = answer.refused())
        result.outcome = *refused;
    else if (auto* not_sent = answer.not_sent())
        result.outcome = *not_sent;
    else
        result.outcome = *answer.indeterminate();
    return result;
}

}  // namespace keytide::aws
