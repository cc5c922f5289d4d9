// --debug: tells every call, without its headers and bodies, since keys travel there.
#pragma once

#include "http/http.hpp"

namespace keytide::cli {

class ToldHttp final : public http::Http {
public:
    ToldHttp(http::Http& http, bool tell) : http_(http), tell_(tell) {}
    std::expected<http::HttpReply, http::HttpFailure> send(const http::HttpRequest& request) override;

private:
    http::Http& http_;
    bool tell_;
};

}  // namespace keytide::cli
