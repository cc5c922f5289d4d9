#include "aws/signed_call.hpp"

#include "signature/hash.hpp"
#include "signature/sigv4.hpp"

namespace keytide::aws {
namespace {

http::HttpRequest signed_request(const Endpoint& endpoint, std::string method, std::string_view content_type,
                                 std::string_view body, const AccessKey& signer, Instant signed_at,
                                 std::string_view user_agent) {
    signature::WireRequest wire{std::move(method), endpoint.path, "", {}, signature::sha256_hex(body)};
    wire.headers.push_back({"Host", endpoint.host});
    wire.headers.push_back({"User-Agent", std::string(user_agent)});
    if (!content_type.empty()) wire.headers.push_back({"Content-Type", std::string(content_type)});
    signature::sign(wire, signer, endpoint.signing_region, signing_name(endpoint.service), signed_at);
    return {std::move(wire.method), endpoint.url, std::move(wire.headers), WipedString(body)};
}

}  // namespace

http::HttpRequest signed_form(const Endpoint& endpoint, std::string_view form, const AccessKey& signer,
                              Instant signed_at, std::string_view user_agent) {
    return signed_request(endpoint, "POST", "application/x-www-form-urlencoded; charset=utf-8", form, signer,
                          signed_at, user_agent);
}

http::HttpRequest signed_rest_json(const Endpoint& endpoint, std::string_view body, const AccessKey& signer,
                                   Instant signed_at, std::string_view user_agent) {
    return signed_request(endpoint, "POST", "application/json", body, signer, signed_at, user_agent);
}

http::HttpRequest signed_put(const Endpoint& endpoint, std::string_view content_type, std::string_view body,
                             const AccessKey& signer, Instant signed_at, std::string_view user_agent) {
    return signed_request(endpoint, "PUT", content_type, body, signer, signed_at, user_agent);
}

http::HttpRequest signed_get(const Endpoint& endpoint, const AccessKey& signer, Instant signed_at,
                             std::string_view user_agent) {
    return signed_request(endpoint, "GET", "", "", signer, signed_at, user_agent);
}

std::expected<Success, Failure> call(http::Http& http, const http::HttpRequest& request,
                                     std::string_view expected_root) {
    auto reply = http.send(request);
    if (!reply) return std::unexpected(Failure{read_failure(reply.error()), std::nullopt});
    auto document = read_reply(*reply, expected_root);
    if (!document) return std::unexpected(Failure{std::move(document.error()), reply->date});
    return Success{std::move(*document), reply->date};
}

}  // namespace keytide::aws
