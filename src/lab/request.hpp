// A request as it came over the wire, and the reply to it: all that the lab knows of HTTP.
//
// Path and query stay as they were sent, since the signature covers those bytes.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "signature/sigv4.hpp"

namespace keytide::lab {

using signature::HeaderField;  // name, value

struct Request : signature::Head {  // its path starts with '/'
    std::string body;
    std::string source_ip{};  // who sent it, as far as the network knows

    // The value of the first header of this name, in any case of letters; null when there is none.
    const std::string* header(std::string_view name) const;
};

struct Reply {
    int status = 200;
    std::string content_type;  // empty: no Content-Type header
    std::vector<HeaderField> headers;
    std::string body;
};

}  // namespace keytide::lab
