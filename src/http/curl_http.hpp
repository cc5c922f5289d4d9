// HTTP over libcurl, with everything off that could send a request twice or somewhere else.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "credentials/environment.hpp"
#include "http/http.hpp"

namespace keytide::http {

// What one server wants, beside what every server does: all PEM, none of it a path. Empty: as usual.
struct Tls {
    std::string authorities;  // instead of the bundle
    std::string client_certificate;
    WipedString client_key;
};

struct CurlOptions {
    std::string ca_bundle;  // path of a PEM file; empty for the system's
    Tls tls;
    Duration connect_timeout = std::chrono::seconds{10};  // name, connection, proxy and TLS together
    Duration total_timeout = std::chrono::seconds{60};
    std::size_t largest_body = 4 << 20;  // bytes; an answer that has more is a failure
    credentials::Environment environment = credentials::process_environment();  // for the proxy
    // Asked about once a second; true abandons the call, but for a changing one that may have left: its
    // answer is worth waiting for. May be empty.
    std::function<bool()> interrupted;
};

class CurlHttp final : public Http {
public:
    explicit CurlHttp(CurlOptions options);
    std::expected<HttpReply, HttpFailure> send(const HttpRequest& request) override;

private:
    CurlOptions options_;
};

}  // namespace keytide::http
