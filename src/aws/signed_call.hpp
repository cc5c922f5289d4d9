// One signed request to one endpoint.
#pragma once

#include <string>
#include <string_view>

#include "aws/endpoint.hpp"
#include "aws/query_protocol.hpp"
#include "http/http.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::aws {

// POST of a form, as the query protocol has it.
http::HttpRequest signed_form(const Endpoint& endpoint, std::string_view form, const AccessKey& signer,
                              Instant signed_at, std::string_view user_agent);

// POST of a JSON object, as REST-JSON has it: the endpoint's path names the operation.
http::HttpRequest signed_rest_json(const Endpoint& endpoint, std::string_view body, const AccessKey& signer,
                                   Instant signed_at, std::string_view user_agent);

http::HttpRequest signed_put(const Endpoint& endpoint, std::string_view content_type, std::string_view body,
                             const AccessKey& signer, Instant signed_at, std::string_view user_agent);

http::HttpRequest signed_get(const Endpoint& endpoint, const AccessKey& signer, Instant signed_at,
                             std::string_view user_agent);

struct Success {
    XmlDocument document;
    std::optional<Instant> server_time;
};

struct Failure {
    NoSuccess outcome;
    std::optional<Instant> server_time;
};

// Sends, and reads the answer. `expected_root` as for read_reply().
std::expected<Success, Failure> call(http::Http& http, const http::HttpRequest& request,
                                     std::string_view expected_root);

template <class T>
ports::Answer<T> to_answer(Failure failure) {
    return to_answer<T>(std::move(failure.outcome), failure.server_time);
}

}  // namespace keytide::aws
