// One HTTP request and what became of it.
//
// send() makes exactly one attempt on a connection of its own: no retry, no redirect, no reuse. A failure
// says whether it is certain that nothing of the request reached a server; in doubt it is not.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "signature/sigv4.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::http {

struct HttpRequest {
    std::string method;
    std::string url;  // as signed: nothing in it is normalised on the way
    std::vector<signature::HeaderField> headers;
    WipedString body;
    bool changing = false;  // may change something: unsent bytes are dropped when the process dies
};

struct HttpReply {
    int status = 0;
    WipedString body;
    std::optional<Instant> date;  // the Date header
};

struct HttpFailure {
    bool not_sent = false;  // true: not a byte of the request went to a server
    std::string reason;     // no final full stop
};

class Http {
public:
    virtual ~Http() = default;
    virtual std::expected<HttpReply, HttpFailure> send(const HttpRequest& request) = 0;
};

}  // namespace keytide::http
