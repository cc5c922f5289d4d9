// AWS's JSON protocol, 1.1, beside the query protocol: the header X-Amz-Target says what is asked, objects go
// out and come back. An answer means what it proves, as in query_protocol.hpp.
// https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/endpoint.hpp"
#include "aws/json_document.hpp"
#include "aws/query_protocol.hpp"
#include "http/http.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::aws {

// The members of what is asked, each with its value in JSON.
using JsonMembers = std::vector<std::pair<std::string_view, WipedString>>;

// The whole answer of a 2xx, when it is a JSON object or nothing at all.
std::expected<JsonDocument, NoSuccess> read_json_reply(const http::HttpReply& reply);

// Secrets Manager, Systems Manager or CloudTrail, ready to be asked.
class JsonService {
public:
    JsonService(http::Http& http, Endpoint endpoint, std::string user_agent)
        : http_(http), endpoint_(std::move(endpoint)), user_agent_(std::move(user_agent)) {}

    std::expected<JsonDocument, NoSuccess> call(std::string_view action, const JsonMembers& members,
                                                const AccessKey& signer, Instant signed_at,
                                                bool changing) const;

private:
    http::Http& http_;
    Endpoint endpoint_;
    std::string user_agent_;
};

// A UUID that is the same for the same parts, for what AWS calls a ClientRequestToken.
std::string request_token(std::initializer_list<std::string_view> parts);

}  // namespace keytide::aws
