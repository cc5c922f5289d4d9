#include "aws/anchor_places.hpp"

#include <utility>

#include "aws/signed_call.hpp"
#include "signature/percent_encoding.hpp"

namespace keytide::aws {
namespace {

using ports::Answer;
using ports::Done;

constexpr std::string_view sns_version = "2010-03-31";

// S3 signs a path as it is sent, its slashes as they are.
void append_path(std::string& to, std::string_view path) {
    for (;;) {
        const auto slash = path.find('/');
        signature::append_encoded(to, path.substr(0, slash));
        if (slash == std::string_view::npos) return;
        to += '/';
        path.remove_prefix(slash + 1);
    }
}

}  // namespace

AnchorObject::AnchorObject(http::Http& http, Endpoint s3, std::string bucket, std::string key,
                           ports::Clock& clock, std::string user_agent)
    : http_(http),
      s3_(std::move(s3)),
      bucket_(std::move(bucket)),
      key_(std::move(key)),
      clock_(clock),
      user_agent_(std::move(user_agent)) {}

Answer<Done> AnchorObject::remember(const AccessKey& signer, std::string_view ledger_id,
                                    std::string_view anchor) {
    auto key = key_;
    if (key.empty() || key.ends_with('/')) key += ledger_id;
    auto object = s3_;
    std::string path = object.path.ends_with('/') ? "" : "/";
    append_path(path, bucket_ + "/" + key);
    object.path += path;
    object.url += path;
    auto reply = http_.send(
        signed_put(object, "text/plain", std::string(anchor) + "\n", signer, clock_.now(), user_agent_));
    if (!reply) return to_answer<Done>(read_failure(reply.error()), std::nullopt);
    if (reply->status == 200) return {Done{}, reply->date};
    auto refused = read_reply(*reply, "Error");
    if (refused) return {ports::Indeterminate{"the answer cannot be read"}, reply->date};
    return to_answer<Done>(std::move(refused.error()), reply->date);
}

AnchorTopic::AnchorTopic(http::Http& http, Endpoint sns, std::string topic_arn, ports::Clock& clock,
                         std::string user_agent)
    : http_(http),
      sns_(std::move(sns)),
      topic_arn_(std::move(topic_arn)),
      clock_(clock),
      user_agent_(std::move(user_agent)) {}

Answer<Done> AnchorTopic::remember(const AccessKey& signer, std::string_view ledger_id,
                                   std::string_view anchor) {
    const auto subject = "Keytide ledger " + std::string(ledger_id);
    const auto form = form_body("Publish", sns_version,
                                {{"TopicArn", topic_arn_}, {"Subject", subject}, {"Message", anchor}});
    auto answered =
        call(http_, signed_form(sns_, form, signer, clock_.now(), user_agent_), "PublishResponse");
    if (!answered) return to_answer<Done>(std::move(answered.error()));
    return {Done{}, answered->server_time};
}

}  // namespace keytide::aws
