// A service that speaks JSON over HTTP and holds a destination's key: one call, and what became of it in the
// words that a destination needs.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "http/curl_http.hpp"
#include "vocabulary/error.hpp"

namespace keytide::destinations {

// Why there is no answer that can be used.
struct Trouble {
    Error error;                     // names the place
    bool may_have_happened = false;  // a change may have been made
};
template <class T>
using Told = std::expected<T, Trouble>;

struct JsonCall {
    std::string method;
    std::string path;  // behind the service's URL, as it is sent
    WipedString body = {};
    std::string content_type = "application/json";
};

class JsonService {
public:
    // `place` names the destination in errors. The headers say who asks.
    JsonService(std::string place, std::string url, std::unique_ptr<http::Http> http,
                std::vector<signature::HeaderField> headers);

    // Any status that is an answer to the question is handed back. 401, 403, 429, 5xx and redirections are
    // trouble: of a change it is unknown after a 5xx whether it was made.
    Told<http::HttpReply> call(const JsonCall& call);

    std::unexpected<Trouble> refuse(std::string_view why, std::string hint = {}) const;  // nothing changed
    std::unexpected<Trouble> in_doubt(std::string_view why, std::string hint = {}) const;

private:
    std::string place_, url_;
    std::unique_ptr<http::Http> http_;
    std::vector<signature::HeaderField> headers_;
};

// A name as a segment of a path (RFC 3986); slashes stay when it is several.
std::string path_segment(std::string_view name, bool several = false);

}  // namespace keytide::destinations
