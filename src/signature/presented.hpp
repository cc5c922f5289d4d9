// What a received request says about its signature, and whether that is true.
//
// A signature comes in the Authorization header or, in a presigned URL, in the query; never in both. Reading
// it proves nothing: the caller finds the key by its id, checks the date against the clock, region and
// service of the scope against the endpoint, and the body against payload_hash.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <vector>

#include "signature/sigv4.hpp"

namespace keytide::signature {

enum class Carrier { header, query };

struct Presented {
    Carrier carrier = Carrier::header;
    std::string access_key_id;
    Scope scope;
    std::vector<std::string> signed_headers;  // lower case
    std::string date;                         // 20260131T120000Z, as it was signed
    Instant signed_at;                        // the same
    std::string signature;
    std::string session_token;              // empty for long-term keys
    std::optional<Duration> expires_after;  // of presigned URLs: from signed_at
};

enum class PresentedFault {
    absent,           // nothing was presented
    wrong_algorithm,  // not AWS4-HMAC-SHA256
    incomplete,       // `parts` are missing
    malformed,        // `parts` cannot be read
    duplicate,        // `parts` are there twice
};

struct NotPresented {
    PresentedFault fault;
    // As AWS names them: Credential, SignedHeaders, Signature, X-Amz-Date, Authorization, X-Amz-Algorithm…
    std::vector<std::string> parts;
};

std::expected<Presented, NotPresented> read_presented(const Head& request);

// Headers that must be signed and are not: host, and every x-amz-* header. In lower case.
std::vector<std::string> headers_not_signed(const Presented& presented, const Head& request);

std::string expected_signature(const Presented& presented, const Head& head, std::string_view payload_hash,
                               const SigningKey& key);
inline std::string expected_signature(const Presented& presented, const WireRequest& request,
                                      const SigningKey& key) {
    return expected_signature(presented, request, request.payload_hash, key);
}

// False too when the key was derived for another scope, or when the scope's date is not the date's day.
bool verifies(const Presented& presented, const Head& head, std::string_view payload_hash,
              const SigningKey& key);
inline bool verifies(const Presented& presented, const WireRequest& request, const SigningKey& key) {
    return verifies(presented, request, request.payload_hash, key);
}

}  // namespace keytide::signature
