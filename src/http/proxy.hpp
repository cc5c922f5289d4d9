// Which proxy a call goes through, by the AWS CLI's rules: those of Python's urllib, lower-case variables
// before upper-case ones, no_proxy as host suffixes without CIDR. With one difference: loopback is never
// proxied, since a plain request would leave the machine.
// https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-proxy.html
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "credentials/environment.hpp"

namespace keytide::http {

// The proxy's URL, with http:// before it when it had no scheme; nothing for a direct call.
std::optional<std::string> proxy_for(std::string_view url, const credentials::Environment& environment);

inline bool through_proxy(std::string_view url, const credentials::Environment& environment) {
    return proxy_for(url, environment).has_value();
}

}  // namespace keytide::http
