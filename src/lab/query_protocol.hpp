// The envelope that IAM, STS and CloudFormation share: Action=X answers XResponse, an error ErrorResponse.
// https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "lab/request.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab {

// What an action answers: the XML inside <ActionResult> (xml.hpp writes it; it may be empty), nothing for
// actions that have no result element (DeleteUser, DeleteStack…), or an error.
using ActionResult = Outcome<std::optional<std::string>>;

inline ActionResult no_result() {
    return std::optional<std::string>{};
}

// `xmlns`: https://iam.amazonaws.com/doc/2010-05-08/ and so on.
Reply render_query_result(std::string_view action, std::string_view xmlns, const std::string& request_id,
                          const ActionResult& result);
Reply render_query_error(std::string_view xmlns, const std::string& request_id, const ServiceError& error);

// The errors that services of this protocol share.
ServiceError unknown_action(std::string_view action, std::string_view version);    // InvalidAction 400
ServiceError constraint_violated(std::string_view member, std::string_view rule);  // ValidationError 400:
// "1 validation error detected: Value at 'userName' failed to satisfy constraint: Member must …"

}  // namespace keytide::lab
