#include "signature/presented.hpp"

#include <algorithm>
#include <charconv>

#include "signature/percent_encoding.hpp"

namespace keytide::signature {
namespace {

using Failure = std::unexpected<NotPresented>;

Failure fault(PresentedFault kind, std::vector<std::string> parts = {}) {
    return Failure({kind, std::move(parts)});
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

// Takes the part before the first `separator` off the front.
std::string_view take_part(std::string_view& rest, char separator) {
    const auto part = rest.substr(0, rest.find(separator));
    rest.remove_prefix(std::min(rest.size(), part.size() + 1));
    return part;
}

bool is_signature(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

bool is_day(std::string_view text) {
    return text.size() == 8 &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool read_credential(std::string_view text, Presented& into) {
    into.access_key_id = take_part(text, '/');
    into.scope.date = take_part(text, '/');
    into.scope.region = take_part(text, '/');
    into.scope.service = take_part(text, '/');
    return AccessKeyId::is_one(into.access_key_id) && is_day(into.scope.date) && !into.scope.region.empty() &&
           !into.scope.service.empty() && text == "aws4_request";
}

bool read_signed_headers(std::string_view text, Presented& into) {
    into.signed_headers.reserve(std::size_t(std::count(text.begin(), text.end(), ';')) + 1);
    while (!text.empty()) {
        const auto name = take_part(text, ';');
        if (name.empty() ||
            std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; }))
            return false;
        into.signed_headers.emplace_back(name);
    }
    return !into.signed_headers.empty();
}

const HeaderField* find_header(const Head& request, std::string_view name) {
    const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                    [&](const HeaderField& h) { return same_header_name(h.name, name); });
    return found == request.headers.end() ? nullptr : &*found;
}

std::size_t count_headers(const Head& request, std::string_view name) {
    return std::size_t(std::count_if(request.headers.begin(), request.headers.end(),
                                     [&](const HeaderField& h) { return same_header_name(h.name, name); }));
}

// The parameters that make a query a presigned one, decoded.
struct QueryParts {
    std::optional<std::string> algorithm, credential, date, expires, signed_headers, signature,
        security_token;
    std::vector<std::string> duplicates;

    bool any() const { return algorithm || credential || signature; }
};

QueryParts read_query(std::string_view query) {
    QueryParts parts;
    while (!query.empty()) {
        auto value = take_part(query, '&');
        const auto encoded_name = take_part(value, '=');
        if (encoded_name.size() < 10) continue;  // shorter than X-Amz-Date: the usual query costs nothing
        const auto name = percent_decoded(encoded_name);
        std::optional<std::string>* place = nullptr;
        if (name == "X-Amz-Algorithm") place = &parts.algorithm;
        if (name == "X-Amz-Credential") place = &parts.credential;
        if (name == "X-Amz-Date") place = &parts.date;
        if (name == "X-Amz-Expires") place = &parts.expires;
        if (name == "X-Amz-SignedHeaders") place = &parts.signed_headers;
        if (name == "X-Amz-Signature") place = &parts.signature;
        if (name == "X-Amz-Security-Token") place = &parts.security_token;
        if (place == nullptr) continue;
        if (*place) parts.duplicates.push_back(name);
        *place = percent_decoded(value);
    }
    return parts;
}

std::expected<Presented, NotPresented> from_query(const QueryParts& parts) {
    if (!parts.duplicates.empty()) return fault(PresentedFault::duplicate, parts.duplicates);
    if (parts.algorithm && *parts.algorithm != algorithm)
        return fault(PresentedFault::wrong_algorithm, {"X-Amz-Algorithm"});

    std::vector<std::string> missing;
    const auto need = [&](const auto& part, const char* name) {
        if (!part) missing.emplace_back(name);
    };
    need(parts.algorithm, "X-Amz-Algorithm"), need(parts.credential, "X-Amz-Credential");
    need(parts.signature, "X-Amz-Signature"), need(parts.date, "X-Amz-Date");
    need(parts.signed_headers, "X-Amz-SignedHeaders"), need(parts.expires, "X-Amz-Expires");
    if (!missing.empty()) return fault(PresentedFault::incomplete, std::move(missing));

    Presented presented;
    presented.carrier = Carrier::query;
    std::vector<std::string> unreadable;
    const auto check = [&](bool good, const char* name) {
        if (!good) unreadable.emplace_back(name);
    };
    check(read_credential(*parts.credential, presented), "X-Amz-Credential");
    check(is_signature(*parts.signature), "X-Amz-Signature");
    const auto signed_at = parse_amz_date(*parts.date);
    check(signed_at.has_value(), "X-Amz-Date");
    check(read_signed_headers(*parts.signed_headers, presented), "X-Amz-SignedHeaders");
    int seconds = 0;
    const auto& expires = *parts.expires;
    const auto [end, problem] = std::from_chars(expires.data(), expires.data() + expires.size(), seconds);
    // 1 second to 7 days: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
    check(
        problem == std::errc{} && end == expires.data() + expires.size() && seconds >= 1 && seconds <= 604800,
        "X-Amz-Expires");
    if (!unreadable.empty()) return fault(PresentedFault::malformed, std::move(unreadable));

    presented.signature = *parts.signature;
    presented.date = *parts.date;
    presented.signed_at = *signed_at;
    presented.expires_after = std::chrono::seconds{seconds};
    presented.session_token = parts.security_token.value_or("");
    return presented;
}

std::expected<Presented, NotPresented> from_header(const Head& request, std::string_view authorization) {
    auto rest = trimmed(authorization);
    if (take_part(rest, ' ') != algorithm) return fault(PresentedFault::wrong_algorithm, {"Authorization"});

    std::optional<std::string_view> credential, signed_headers, signature;
    std::vector<std::string> duplicates, missing, unreadable;
    while (!rest.empty()) {
        auto value = trimmed(take_part(rest, ','));
        if (value.empty()) continue;
        const auto name = trimmed(take_part(value, '='));
        std::optional<std::string_view>* place = nullptr;
        if (name == "Credential") place = &credential;
        if (name == "SignedHeaders") place = &signed_headers;
        if (name == "Signature") place = &signature;
        if (place == nullptr) {
            unreadable.emplace_back("Authorization");
            continue;
        }
        if (*place) duplicates.emplace_back(name);
        *place = trimmed(value);
    }
    if (!duplicates.empty()) return fault(PresentedFault::duplicate, std::move(duplicates));

    const auto* amz_date = find_header(request, "X-Amz-Date");
    const auto* http_date = amz_date == nullptr ? find_header(request, "Date") : nullptr;
    if (!credential) missing.emplace_back("Credential");
    if (!signature) missing.emplace_back("Signature");
    if (!signed_headers) missing.emplace_back("SignedHeaders");
    if (amz_date == nullptr && http_date == nullptr) missing.emplace_back("X-Amz-Date");
    if (!missing.empty()) return fault(PresentedFault::incomplete, std::move(missing));

    Presented presented;
    if (!read_credential(*credential, presented)) unreadable.emplace_back("Credential");
    if (!is_signature(*signature)) unreadable.emplace_back("Signature");
    if (!read_signed_headers(*signed_headers, presented)) unreadable.emplace_back("SignedHeaders");
    auto signed_at = parse_amz_date(trimmed((amz_date != nullptr ? amz_date : http_date)->value));
    if (!signed_at && http_date != nullptr) signed_at = parse_http_date(trimmed(http_date->value));
    if (!signed_at) unreadable.emplace_back("X-Amz-Date");
    if (!unreadable.empty()) return fault(PresentedFault::malformed, std::move(unreadable));

    presented.signature = *signature;
    presented.signed_at = *signed_at;
    presented.date = amz_date != nullptr ? std::string(trimmed(amz_date->value)) : to_amz_date(*signed_at);
    if (const auto* token = find_header(request, "X-Amz-Security-Token"))
        presented.session_token = token->value;
    return presented;
}

}  // namespace

std::expected<Presented, NotPresented> read_presented(const Head& request) {
    const auto* authorization = find_header(request, "Authorization");
    const auto query = read_query(request.query);
    if (authorization == nullptr && !query.any()) return fault(PresentedFault::absent);
    if (authorization != nullptr && query.any()) return fault(PresentedFault::duplicate, {"Authorization"});
    // Two of these would let a signature be checked with one and the request be served with the other.
    std::vector<std::string> twice;
    for (const char* name :
         {"Authorization", "Host", "X-Amz-Date", "X-Amz-Security-Token", "X-Amz-Content-SHA256"})
        if (count_headers(request, name) > 1) twice.emplace_back(name);
    if (!twice.empty()) return fault(PresentedFault::duplicate, std::move(twice));
    return authorization == nullptr ? from_query(query) : from_header(request, authorization->value);
}

std::vector<std::string> headers_not_signed(const Presented& presented, const Head& request) {
    std::vector<std::string> names;
    const auto is_signed = [&](std::string_view name) {
        return std::any_of(presented.signed_headers.begin(), presented.signed_headers.end(),
                           [&](const std::string& s) { return same_header_name(s, name); });
    };
    if (!is_signed("host")) names.emplace_back("host");
    for (const auto& header : request.headers) {
        if (header.name.size() < 6 || !same_header_name(std::string_view(header.name).substr(0, 6), "x-amz-"))
            continue;
        if (is_signed(header.name)) continue;
        std::string name = header.name;
        std::transform(name.begin(), name.end(), name.begin(),
                       [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
        names.push_back(std::move(name));
    }
    return names;
}

std::string expected_signature(const Presented& presented, const Head& head, std::string_view payload_hash,
                               const SigningKey& key) {
    const auto canonical =
        canonical_request(head, payload_hash, presented.signed_headers, presented.scope.service);
    return key.sign(string_to_sign(presented.date, presented.scope, canonical));
}

bool verifies(const Presented& presented, const Head& head, std::string_view payload_hash,
              const SigningKey& key) {
    return key.scope() == presented.scope && presented.date.starts_with(presented.scope.date) &&
           equal_in_constant_time(expected_signature(presented, head, payload_hash, key),
                                  presented.signature);
}

}  // namespace keytide::signature
