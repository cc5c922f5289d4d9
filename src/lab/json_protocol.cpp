#include "lab/json_protocol.hpp"

#include <algorithm>
#include <array>
#include <boost/json.hpp>

namespace keytide::lab {
namespace {

namespace json = boost::json;
using gate::Service;

// botocore's models of both services spell the member in two ways; what the gate says is the same for all.
std::string_view message_member(Service service, std::string_view code) {
    if (code == "AccessDeniedException") return "Message";
    if (service == Service::secretsmanager) {
        constexpr std::array<std::string_view, 10> of_gate{"ValidationException",
                                                           "SerializationException",
                                                           "UnknownOperationException",
                                                           "UnrecognizedClientException",
                                                           "InvalidSignatureException",
                                                           "IncompleteSignatureException",
                                                           "MissingAuthenticationTokenException",
                                                           "ExpiredTokenException",
                                                           "ThrottlingException",
                                                           "InternalFailure"};
        return std::find(of_gate.begin(), of_gate.end(), code) != of_gate.end() ? "message" : "Message";
    }
    const bool is_of_organizations = code == "InvalidInputException" ||
                                     code == "AWSOrganizationsNotInUseException" ||
                                     code == "TooManyRequestsException";
    if (service == Service::organizations && is_of_organizations) return "Message";
    if (service == Service::securityhub && code == "InvalidInputException") return "Message";
    constexpr std::array<std::string_view, 4> of_ssm{"TooManyUpdates", "InternalServerError",
                                                     "InvalidNextToken", "InvalidFilterValue"};
    return std::find(of_ssm.begin(), of_ssm.end(), code) != of_ssm.end() ? "Message" : "message";
}

// Only with a signature for it: the same path may be an object of S3.
std::optional<JsonTarget> rest_json_target(const Request& request) {
    if (request.method != "POST" || !request.path.starts_with("/findings")) return std::nullopt;
    const auto* authorization = request.header("authorization");
    if (authorization == nullptr || authorization->find("/securityhub/aws4_request") == std::string::npos)
        return std::nullopt;
    if (request.path == "/findings/import") return JsonTarget{Service::securityhub, "BatchImportFindings"};
    return JsonTarget{Service::securityhub, request.path == "/findings" ? "GetFindings" : ""};
}

}  // namespace

std::optional<JsonTarget> json_target(const Request& request) {
    const auto* header = request.header("x-amz-target");
    if (header == nullptr) return rest_json_target(request);
    const auto dot = header->rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    const auto service = gate::service_of_target(std::string_view(*header).substr(0, dot));
    if (!service) return std::nullopt;
    return JsonTarget{*service, header->substr(dot + 1)};
}

std::string json_text(const json::object& object) {
    return json::serialize(object);
}

double json_time(Instant t) {
    return double(std::chrono::floor<std::chrono::milliseconds>(t).time_since_epoch().count()) / 1000;
}

Reply render_json_result(Service service, const std::string& request_id, const JsonResult& result) {
    Reply reply{200, "application/x-amz-json-1.1", {{"x-amzn-RequestId", request_id}}, {}};
    if (result) {
        reply.body = *result;
        return reply;
    }
    const auto& error = result.error();
    json::object body{{"__type", error.code}};
    if (!error.message.empty()) body[message_member(service, error.code)] = error.message;
    for (const auto& [name, text] : error.elements) body[name] = text;
    reply.status = error.status;
    reply.body = json::serialize(body);
    return reply;
}

ServiceError unknown_operation() {
    return {"UnknownOperationException", "", 400};
}

}  // namespace keytide::lab
