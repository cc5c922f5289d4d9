// --debug: tells every call, without its headers and bodies, since keys travel there.
#pragma once

#include "aws/http.hpp"

namespace keytide::cli {

class ToldHttp final : public aws::Http {
public:
    ToldHttp(aws::Http& http, bool tell) : http_(http), tell_(tell) {}
    std::expected<aws::HttpReply, aws::HttpFailure> send(const aws::HttpRequest& request) override;

private:
    aws::Http& http_;
    bool tell_;
};

}  // namespace keytide::cli
