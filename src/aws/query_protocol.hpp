// AWS's query protocol: a form goes out, XML comes back. The rest-xml errors of S3 are read here as well.
//
// What an answer means follows from what it proves. Only an error that AWS itself wrote is a refusal; success
// is only what carries the element that success carries. Everything else (5xx, a proxy's page of HTML, a
// redirect, a text cut off) leaves open what happened.
// https://docs.aws.amazon.com/AWSEC2/latest/APIReference/Query-Requests.html
#pragma once

#include <expected>
#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <variant>

#include "aws/xml_document.hpp"
#include "http/http.hpp"
#include "ports/answer.hpp"

namespace keytide::aws {

using Parameters = std::initializer_list<std::pair<std::string_view, std::string_view>>;

// Action=…&Version=…&name=value…, percent-encoded.
std::string form_body(std::string_view action, std::string_view version, Parameters parameters);

using NoSuccess = std::variant<ports::Refused, ports::NotSent, ports::Indeterminate>;

// The whole answer of a 2xx, when its root element has the expected name (CreateAccessKeyResponse,
// ListAllMyBucketsResult). A redirect is no success.
std::expected<XmlDocument, NoSuccess> read_reply(http::HttpReply& reply, std::string_view expected_root);

// What a status that is no success means, with the error that stood in the answer, if any did: only a 4xx
// with an error of AWS's is a refusal, and the 503 by which S3 throttles.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
NoSuccess no_success(int status, std::optional<ports::Refused> error);

// A failure below HTTP.
NoSuccess read_failure(const http::HttpFailure& failure);

template <class T>
ports::Answer<T> to_answer(NoSuccess outcome, std::optional<Instant> server_time) {
    return std::visit(
        [&](auto&& what) {
            return ports::Answer<T>{std::move(what), server_time};
        },
        std::move(outcome));
}

}  // namespace keytide::aws
