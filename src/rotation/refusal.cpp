#include "rotation/refusal.hpp"

#include <algorithm>
#include <array>

namespace keytide::rotation {
namespace {

template <std::size_t n>
bool one_of(std::string_view code, const std::array<std::string_view, n>& codes) {
    return std::find(codes.begin(), codes.end(), code) != codes.end();
}

bool speaks_of_time(std::string_view message) {
    return message.starts_with("Signature expired") || message.starts_with("Signature not yet current");
}

}  // namespace

bool says_unknown_key(std::string_view code) {
    return one_of(code, std::array<std::string_view, 4>{"InvalidClientTokenId", "InvalidAccessKeyId",
                                                        "AuthFailure", "UnrecognizedClientException"});
}

bool says_denied(std::string_view code) {
    return one_of(code, std::array<std::string_view, 3>{"AccessDenied", "AccessDeniedException",
                                                        "UnauthorizedOperation"});
}

bool says_mismatch(std::string_view code, std::string_view message) {
    return one_of(code,
                  std::array<std::string_view, 2>{"SignatureDoesNotMatch", "InvalidSignatureException"}) &&
           !speaks_of_time(message);
}

bool says_clock(std::string_view code, std::string_view message) {
    return speaks_of_time(message) ||
           one_of(code, std::array<std::string_view, 3>{"RequestTimeTooSkewed", "RequestExpired",
                                                        "RequestInTheFuture"});
}

bool says_session_ended(std::string_view code) {
    return code == "ExpiredToken" || code == "ExpiredTokenException";
}

bool says_throttled(std::string_view code) {
    return one_of(code, std::array<std::string_view, 9>{
                            "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled",
                            "RequestThrottledException", "RequestLimitExceeded", "TooManyRequestsException",
                            "SlowDown", "PriorRequestNotComplete"});
}

}  // namespace keytide::rotation
