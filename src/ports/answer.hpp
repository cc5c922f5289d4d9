// How a call to the outside ends: done, refused, never sent, or indeterminate. The four are never confused.
//
// Indeterminate (timeout, reset, 5xx, an answer that nobody can read) means that the call may have happened,
// may still happen, or may not. NotSent is said only when it is certain that nothing of the request reached a
// server.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <variant>

#include "vocabulary/instant.hpp"

namespace keytide::ports {

struct Done {};

// AWS itself answered with an error (4xx with an AWS error code, or S3's 503 SlowDown).
struct Refused {
    std::string code;     // InvalidClientTokenId, AccessDenied, Throttling…
    std::string message;  // AWS's words
    int status = 0;       // HTTP
};

struct NotSent {
    std::string reason;
};

struct Indeterminate {
    std::string reason;
};

template <class T>
struct Answer {
    std::variant<T, Refused, NotSent, Indeterminate> outcome;
    std::optional<Instant> server_time{};  // the answer's Date header

    const T* done() const { return std::get_if<T>(&outcome); }
    T* done() { return std::get_if<T>(&outcome); }
    const Refused* refused() const { return std::get_if<Refused>(&outcome); }
    const NotSent* not_sent() const { return std::get_if<NotSent>(&outcome); }
    const Indeterminate* indeterminate() const { return std::get_if<Indeterminate>(&outcome); }
};

// Why an answer is not the one that was wanted, for people.
template <class T>
std::string why(const Answer<T>& answer) {
    if (const auto* refused = answer.refused()) return refused->code + ": " + refused->message;
    if (const auto* not_sent = answer.not_sent()) return not_sent->reason;
    return answer.indeterminate()->reason;
}

}  // namespace keytide::ports
