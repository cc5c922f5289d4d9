#include "cli/demo_stage.hpp"

#include "aws/query_protocol.hpp"
#include "cli/demo_template.hpp"
#include "http/curl_http.hpp"
#include "http/url.hpp"
#include "signature/hash.hpp"
#include "signature/sigv4.hpp"

namespace keytide::cli {
namespace {

constexpr auto stack = "IAM-User-Sample-Stack", change_set = "demo";
constexpr auto version = "2010-05-15";  // of CloudFormation's API

Result<void> call(const std::string& endpoint, const AccessKey& root, const char* method,
                  const std::string& path, const char* service, const std::string& body, Instant now) {
    signature::WireRequest wire{{.method = method, .path = path}, signature::sha256_hex(body)};
    wire.headers.push_back({"Host", http::parse_url(endpoint)->authority()});
    if (!body.empty()) wire.headers.push_back({"Content-Type", "application/x-www-form-urlencoded"});
    signature::sign(wire, root, "us-east-1", service, now);
    http::CurlHttp http({});
    const auto reply = http.send({.method = method,
                                  .url = endpoint + path,
                                  .headers = wire.headers,
                                  .body = WipedString(body),
                                  .changing = true});
    if (!reply) return failed("the lab gave no answer: " + reply.error().reason);
    if (reply->status != 200)
        return failed("the lab refused: " + std::string(reply->body.data(), reply->body.size()));
    return {};
}

}  // namespace

Result<void> set_demo_stage(const std::string& endpoint, const AccessKey& root, const std::string& bucket,
                            Instant now) {
    const auto create = aws::form_body("CreateChangeSet", version,
                                       {{"StackName", stack},
                                        {"ChangeSetName", change_set},
                                        {"ChangeSetType", "CREATE"},
                                        {"TemplateBody", demo_template},
                                        {"Capabilities.member.1", "CAPABILITY_NAMED_IAM"}});
    if (auto ok = call(endpoint, root, "POST", "/", "cloudformation", create, now); !ok) return ok;
    const auto execute =
        aws::form_body("ExecuteChangeSet", version, {{"StackName", stack}, {"ChangeSetName", change_set}});
    if (auto ok = call(endpoint, root, "POST", "/", "cloudformation", execute, now); !ok) return ok;
    return call(endpoint, root, "PUT", "/" + bucket, "s3", "", now);
}

}  // namespace keytide::cli
