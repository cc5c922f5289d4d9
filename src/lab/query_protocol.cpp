#include "lab/query_protocol.hpp"

#include <fmt/format.h>

#include "lab/xml.hpp"

namespace keytide::lab {

Reply render_query_result(std::string_view action, std::string_view xmlns, const std::string& request_id,
                          const ActionResult& result) {
    if (!result) return render_query_error(xmlns, request_id, result.error());
    const std::string response = std::string(action) + "Response";
    XmlWriter xml;
    xml.open(response, xmlns);
    if (*result) {
        const std::string wrapper = std::string(action) + "Result";
        xml.open(wrapper).raw(**result).close(wrapper);
    }
    xml.open("ResponseMetadata").leaf("RequestId", request_id).close("ResponseMetadata").close(response);
    return {200, "text/xml", {{"x-amzn-RequestId", request_id}}, xml.take()};
}

Reply render_query_error(std::string_view xmlns, const std::string& request_id, const ServiceError& error) {
    XmlWriter xml;
    xml.open("ErrorResponse", xmlns).open("Error");
    xml.leaf("Type", error.status < 500 ? "Sender" : "Receiver");
    xml.leaf("Code", error.code).leaf("Message", error.message);
    for (const auto& [name, text] : error.elements) xml.leaf(name, text);
    xml.close("Error").leaf("RequestId", request_id).close("ErrorResponse");
    return {error.status, "text/xml", {{"x-amzn-RequestId", request_id}}, xml.take()};
}

ServiceError unknown_action(std::string_view action, std::string_view version) {
    return {"InvalidAction", fmt::format("Could not find operation {} for version {}", action, version), 400};
}

ServiceError constraint_violated(std::string_view member, std::string_view rule) {
    return {"ValidationError",
            fmt::format("1 validation error detected: Value at '{}' failed to satisfy constraint: {}", member,
                        rule),
            400};
}

}  // namespace keytide::lab
