#include "aws/json_protocol.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "signature/hash.hpp"
#include "signature/sigv4.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

std::string_view target_of(Service service) {
    if (service == Service::cloudtrail) return "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.";
    return service == Service::ssm ? "AmazonSSM." : "secretsmanager.";
}

// "com.amazonaws.x#ResourceNotFoundException:http://…" is ResourceNotFoundException. What is no word was
// written by somebody else.
std::string code_in(std::string_view type) {
    type = type.substr(type.rfind('#') + 1);
    type = type.substr(0, type.find(':'));
    const bool is_word = !type.empty() && type.size() <= 128 && std::ranges::all_of(type, [](char c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' ||
               c == '_';
    });
    return is_word ? std::string(type) : std::string();
}

std::optional<ports::Refused> error_of(const http::HttpReply& reply) {
    const auto document = JsonDocument::parse(reply.body);
    if (!document) return std::nullopt;
    auto code = code_in(document->text("/__type").value_or(""));
    if (code.empty()) return std::nullopt;
    const auto message = document->text("/message").value_or(document->text("/Message").value_or(""));
    return ports::Refused{std::move(code), printable(message), reply.status};
}

}  // namespace

std::expected<JsonDocument, NoSuccess> read_json_reply(const http::HttpReply& reply) {
    if (reply.status >= 200 && reply.status < 300) {
        auto document = JsonDocument::parse(reply.body.empty() ? std::string_view("{}") : reply.body);
        if (!document)
            return std::unexpected(ports::Indeterminate{"the answer is not the JSON that AWS sends"});
        return std::move(*document);
    }
    return std::unexpected(no_success(reply.status, error_of(reply)));
}

std::expected<JsonDocument, NoSuccess> JsonService::call(std::string_view action, const JsonMembers& members,
                                                         const AccessKey& signer, Instant signed_at,
                                                         bool changing) const {
    WipedString body;
    std::size_t size = 64;
    for (const auto& [name, value] : members) size += name.size() + value.size() + 8;
    body.reserve(size);
    for (const auto& [name, value] : members) {
        body += body.empty() ? '{' : ',';
        body += json_text(name) += ':';
        body += value;
    }
    body += members.empty() ? "{}" : "}";

    signature::WireRequest wire{"POST", endpoint_.path, "", {}, signature::sha256_hex(body)};
    wire.headers.push_back({"Host", endpoint_.host});
    wire.headers.push_back({"User-Agent", user_agent_});
    wire.headers.push_back({"Content-Type", "application/x-amz-json-1.1"});
    wire.headers.push_back({"X-Amz-Target", std::string(target_of(endpoint_.service)) + std::string(action)});
    signature::sign(wire, signer, endpoint_.signing_region, signing_name(endpoint_.service), signed_at);
    const auto reply = http_.send({.method = std::move(wire.method),
                                   .url = endpoint_.url,
                                   .headers = std::move(wire.headers),
                                   .body = std::move(body),
                                   .changing = changing});
    if (!reply) return std::unexpected(read_failure(reply.error()));
    return read_json_reply(*reply);
}

std::string request_token(std::initializer_list<std::string_view> parts) {
    std::string text;
    for (const auto part : parts) text += fmt::format("{}:{},", part.size(), part);
    const auto hash = signature::sha256_hex(text);
    return fmt::format("{}-{}-{}-{}-{}", hash.substr(0, 8), hash.substr(8, 4), hash.substr(12, 4),
                       hash.substr(16, 4), hash.substr(20, 12));
}

}  // namespace keytide::aws
