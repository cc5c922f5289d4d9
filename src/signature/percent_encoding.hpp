// Percent-encoding as AWS wants it: everything but the unreserved characters of RFC 3986 becomes %XX, in
// upper case. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
// (UriEncode)
#pragma once

#include <string>
#include <string_view>

namespace keytide::signature {

enum class Slash { encoded, kept };

void append_encoded(std::string& to, std::string_view bytes, Slash slash = Slash::encoded);

// %XX becomes a byte; a % that no two hexadecimal digits follow stands for itself, and so does '+'.
std::string percent_decoded(std::string_view text);

}  // namespace keytide::signature
