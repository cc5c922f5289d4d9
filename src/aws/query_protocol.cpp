#include "aws/query_protocol.hpp"

#include <fmt/format.h>

#include <pugixml.hpp>

#include "signature/percent_encoding.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using std::string_view;

// The query protocol's envelopes, as botocore takes them, and the bare one of S3.
pugi::xml_node error_element(pugi::xml_node root) {
    const string_view name = root.name();
    if (name == "ErrorResponse" || name == "Response") {
        const auto several = root.child("Errors").child("Error");
        return several ? several : root.child("Error");
    }
    if (name == "Error") return root;
    return {};
}

// AWS's codes are words: anything else in their place was written by somebody else.
bool is_error_code(string_view text) {
    if (text.empty() || text.size() > 128) return false;
    for (const char c : text)
        if (!((c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
              c == '_'))
            return false;
    return true;
}

std::optional<ports::Refused> error_of(http::HttpReply& reply) {
    const auto document = XmlDocument::parse(std::move(reply.body));
    if (!document) return std::nullopt;
    const auto element = error_element(document->root());
    const auto code = element.child("Code").text();
    if (!is_error_code(code.get())) return std::nullopt;
    return ports::Refused{code.get(), printable(element.child("Message").text().get()), reply.status};
}

NoSuccess indeterminate(std::string reason) {
    return ports::Indeterminate{std::move(reason)};
}

}  // namespace

std::string form_body(string_view action, string_view version, Parameters parameters) {
    std::string body;
    const auto add = [&](string_view name, string_view value) {
        if (!body.empty()) body += '&';
        signature::append_encoded(body, name);
        body += '=';
        signature::append_encoded(body, value);
    };
    add("Action", action);
    add("Version", version);
    for (const auto& [name, value] : parameters) add(name, value);
    return body;
}

std::expected<XmlDocument, NoSuccess> read_reply(http::HttpReply& reply, string_view expected_root) {
    if (reply.status >= 200 && reply.status < 300) {
        auto document = XmlDocument::parse(std::move(reply.body));
        if (!document) return std::unexpected(indeterminate("the answer is not the XML that AWS sends"));
        if (document->root().name() != expected_root)
            return std::unexpected(indeterminate(fmt::format("the answer holds no {}", expected_root)));
        return std::move(*document);
    }
    return std::unexpected(no_success(reply.status, error_of(reply)));
}

NoSuccess no_success(int status, std::optional<ports::Refused> error) {
    const bool throttled = status == 503 && error && error->code == "SlowDown";
    if (throttled || (status >= 400 && status < 500)) {
        if (error) return std::move(*error);
        return indeterminate(fmt::format("HTTP status {} without an error code of AWS", status));
    }
    return indeterminate(error ? fmt::format("HTTP status {} {}", status, error->code)
                               : fmt::format("HTTP status {}", status));
}

NoSuccess read_failure(const http::HttpFailure& failure) {
    if (failure.not_sent) return ports::NotSent{printable(failure.reason)};
    return ports::Indeterminate{printable(failure.reason)};
}

}  // namespace keytide::aws
