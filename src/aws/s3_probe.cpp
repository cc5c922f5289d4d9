#include "aws/s3_probe.hpp"

#include "aws/signed_call.hpp"

namespace keytide::aws {

S3ListBucketsProbe::S3ListBucketsProbe(http::Http& http, Endpoint s3, ports::Clock& clock,
                                       std::string user_agent)
    : http_(http), s3_(std::move(s3)), clock_(clock), user_agent_(std::move(user_agent)) {}

ports::Answer<ports::ProbeAccepted> S3ListBucketsProbe::attempt(const AccessKey& key) {
    auto answered = call(http_, signed_get(s3_, key, clock_.now(), user_agent_), "ListAllMyBucketsResult");
    if (!answered) return to_answer<ports::ProbeAccepted>(std::move(answered.error()));
    return {ports::ProbeAccepted{}, answered->server_time};
}

}  // namespace keytide::aws
