// The parts of a URL that a signature or a decision needs, as libcurl reads it: what is judged here is what
// is connected to later.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace keytide::http {

struct Url {
    std::string scheme;  // lower case
    std::string host;    // lower case; an IPv6 address in brackets
    std::string port;    // as written; empty when it is the scheme's own
    std::string path;    // "/" at least, as written
    bool has_user_info = false;
    bool has_query_or_fragment = false;

    std::string authority() const { return port.empty() ? host : host + ":" + port; }  // as the Host header
};

std::optional<Url> parse_url(std::string_view text);

// 127.0.0.0/8, ::1, or the name localhost (RFC 6761 keeps it at home, and libcurl does not ask DNS for it).
bool is_loopback(const Url& url);
bool is_loopback(std::string_view url);

}  // namespace keytide::http
