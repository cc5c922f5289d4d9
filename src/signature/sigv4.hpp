// AWS Signature Version 4: what is signed, with which key, and how the signature travels.
//
// The request is put into one canonical form, so that both sides, however their HTTP libraries order and
// space things, hash the same bytes. The key is derived for a day, a region and a service, so that a
// signature proves nothing anywhere else.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "signature/hash.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::signature {

inline constexpr std::string_view algorithm = "AWS4-HMAC-SHA256";

struct HeaderField {
    std::string name, value;
};

// The head of a request as it is on the wire.
struct Head {
    std::string method;
    std::string path;   // as sent: percent-encoded, without query; empty means "/"
    std::string query;  // as sent, without '?'
    std::vector<HeaderField> headers;
};

struct WireRequest : Head {
    // The body's SHA-256 in hexadecimal. Where the request has x-amz-content-sha256 it is that header's
    // value (so also UNSIGNED-PAYLOAD); whoever receives a request compares it with the body himself.
    std::string payload_hash;
};

struct Scope {
    std::string date;  // yyyymmdd, UTC
    std::string region;
    std::string service;

    std::string text() const;  // 20260131/us-east-1/iam/aws4_request
    bool operator==(const Scope&) const = default;
};

// ASCII, in any case of letters.
bool same_letters(std::string_view a, std::string_view b);  // of equal length
inline bool same_header_name(std::string_view a, std::string_view b) {
    return a.size() == b.size() && same_letters(a, b);
}

// `signed_headers` in lower case and sorted. X-Amz-Signature in the query is left out: it cannot sign itself.
// S3 takes the path as sent; every other service removes dot segments and empty segments and encodes once
// more.
std::string canonical_request(const Head& head, std::string_view payload_hash,
                              std::span<const std::string> signed_headers, std::string_view service);
inline std::string canonical_request(const WireRequest& request, std::span<const std::string> signed_headers,
                                     std::string_view service) {
    return canonical_request(request, request.payload_hash, signed_headers, service);
}

// `amz_date` as 20260131T120000Z.
std::string string_to_sign(std::string_view amz_date, const Scope& scope, std::string_view canonical);

// The derived key: good for its scope only, so it may be kept where the secret may not. Wiped at its end.
class SigningKey {
public:
    SigningKey(const Secret& secret, Scope scope);
    SigningKey(const SigningKey&) = default;
    SigningKey& operator=(const SigningKey&) = default;
    ~SigningKey();

    const Scope& scope() const { return scope_; }
    std::string sign(std::string_view string_to_sign) const;  // 64 hexadecimal digits

private:
    Digest key_;
    Scope scope_;
};

// Adds X-Amz-Date, X-Amz-Security-Token (when the key has a session token), X-Amz-Content-SHA256 (S3) and
// Authorization, replacing what was there. Every header is signed except those that proxies may change.
// Needs: a Host header as it will be sent, and payload_hash.
void sign(WireRequest& request, const AccessKey& key, std::string_view region, std::string_view service,
          Instant signed_at);

}  // namespace keytide::signature
