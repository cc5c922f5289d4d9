#include "aws/findings_sender.hpp"

#include <utility>

#include "aws/json_protocol.hpp"
#include "aws/signed_call.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {

using ports::Answer;
using ports::ImportedFindings;

namespace {

constexpr std::string_view operation = "findings/import";

Endpoint at_operation(Endpoint endpoint) {
    for (auto* text : {&endpoint.url, &endpoint.path}) {
        if (!text->ends_with('/')) *text += '/';
        *text += operation;
    }
    return endpoint;
}

Answer<ImportedFindings> read(const http::HttpReply& reply) {
    const auto answer = read_json_reply(reply);
    if (!answer) return to_answer<ImportedFindings>(answer.error(), reply.date);
    const auto taken = answer->number("/SuccessCount"), failed = answer->number("/FailedCount");
    if (!taken || !failed || *taken < 0)
        return {ports::Indeterminate{"the answer does not say how many findings were taken"}, reply.date};
    ImportedFindings imported{.taken = std::size_t(*taken)};
    for (std::size_t i = 0; i < answer->size("/FailedFindings"); ++i) {
        const auto text = [&](const char* member) {
            const auto pointer = "/FailedFindings/" + std::to_string(i) + member;
            return printable(answer->text(pointer).value_or(""));
        };
        imported.refused.push_back(text("/Id") + " (" + text("/ErrorCode") + ": " + text("/ErrorMessage") +
                                   ")");
    }
    if (std::int64_t(imported.refused.size()) != *failed)
        return {ports::Indeterminate{"the answer does not say which findings were refused"}, reply.date};
    return {std::move(imported), reply.date};
}

}  // namespace

FindingsSender::FindingsSender(http::Http& http, Endpoint security_hub, ports::Clock& clock,
                               std::string user_agent)
    : http_(http),
      security_hub_(at_operation(std::move(security_hub))),
      clock_(clock),
      user_agent_(std::move(user_agent)) {}

Answer<ImportedFindings> FindingsSender::import(const AccessKey& signer,
                                                const std::vector<std::string>& asff) {
    std::string body = "{\"Findings\":[";
    for (const auto& finding : asff) body += (body.back() == '[' ? "" : ",") + finding;
    body += "]}";
    const auto request = signed_rest_json(security_hub_, body, signer, clock_.now(), user_agent_);
    const auto reply = http_.send(request);
    if (!reply) return to_answer<ImportedFindings>(read_failure(reply.error()), std::nullopt);
    return read(*reply);
}

}  // namespace keytide::aws
