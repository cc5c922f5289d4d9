// AWS's JSON protocol, 1.1: the header X-Amz-Target names service and operation, bodies are JSON objects. And
// REST-JSON, as far as Security Hub speaks it: the path names the operation.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
// https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html
#pragma once

#include <boost/json/fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/gate/service.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

// secretsmanager.PutSecretValue, AmazonSSM.GetParameter. Nothing: no service of this protocol is addressed.
struct JsonTarget {
    gate::Service service;
    std::string action;
};
std::optional<JsonTarget> json_target(const Request& request);

// What an action answers: the text of a JSON object, or an error.
using JsonResult = Outcome<std::string>;

std::string json_text(const boost::json::object& object);
double json_time(Instant t);  // seconds since 1970, with a fraction

// An error is {"__type": "ParameterNotFound", "message": "…"}; `Message` where the service's model has it so.
Reply render_json_result(gate::Service service, const std::string& request_id, const JsonResult& result);

ServiceError unknown_operation();  // UnknownOperationException

}  // namespace keytide::lab
