#include "signature/sigv4.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "signature/percent_encoding.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::signature {
namespace {

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower(c);
    return result;
}

// What hops and HTTP libraries may add or rewrite on the way; botocore's list.
bool is_never_signed(std::string_view name) {
    constexpr std::array<std::string_view, 12> names{"authorization",
                                                     "connection",
                                                     "expect",
                                                     "keep-alive",
                                                     "proxy-authenticate",
                                                     "proxy-authorization",
                                                     "te",
                                                     "trailer",
                                                     "upgrade",
                                                     "transfer-encoding",
                                                     "user-agent",
                                                     "x-amzn-trace-id"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

void append_normalised_path(std::string& to, std::string_view path) {
    std::vector<std::string_view> segments;
    const bool ends_in_slash = path.ends_with('/');
    for (auto rest = path; !rest.empty();) {
        const auto segment = rest.substr(0, rest.find('/'));
        rest.remove_prefix(std::min(rest.size(), segment.size() + 1));
        if (segment.empty() || segment == ".") continue;
        if (segment != "..")
            segments.push_back(segment);
        else if (!segments.empty())
            segments.pop_back();
    }
    for (const auto segment : segments) {
        to += '/';
        append_encoded(to, segment);  // a second time: the path came encoded
    }
    if (segments.empty() || ends_in_slash) to += '/';
}

std::string encoded_as_signed(std::string_view part) {
    std::string result;
    append_encoded(result, percent_decoded(part));
    return result;
}

void append_canonical_query(std::string& to, std::string_view query) {
    if (query.empty()) return;
    std::vector<std::pair<std::string, std::string>> parameters;
    while (true) {
        const auto pair = query.substr(0, query.find('&'));
        const auto equals = std::min(pair.find('='), pair.size());
        auto name = encoded_as_signed(pair.substr(0, equals));
        if (name != "X-Amz-Signature")
            parameters.emplace_back(std::move(name),
                                    encoded_as_signed(pair.substr(std::min(equals + 1, pair.size()))));
        if (pair.size() == query.size()) break;
        query.remove_prefix(pair.size() + 1);
    }
    std::sort(parameters.begin(), parameters.end());
    for (const auto& [name, value] : parameters) {
        if (&name != &parameters.front().first) to += '&';
        to.append(name).append("=").append(value);
    }
}

// Trims, and makes one space of any run of blanks inside.
void append_trimmed(std::string& to, std::string_view value) {
    bool pending_space = false;
    const auto start = to.size();
    for (const char c : value) {
        if (c == ' ' || c == '\t') {
            pending_space = to.size() > start;
        } else {
            if (pending_space) to += ' ';
            pending_space = false;
            to += c;
        }
    }
}

void append_canonical_header(std::string& to, std::string_view name, std::span<const HeaderField> headers) {
    to.append(name) += ':';
    bool first = true;
    for (const auto& header : headers) {
        if (!same_header_name(header.name, name)) continue;
        if (!std::exchange(first, false)) to += ',';
        append_trimmed(to, header.value);
    }
    to += '\n';
}

void append_joined(std::string& to, std::span<const std::string> names) {
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (i > 0) to += ';';
        to += names[i];
    }
}

void set_header(std::vector<HeaderField>& headers, std::string_view name, std::string_view value) {
    std::erase_if(headers, [&](const HeaderField& h) { return same_header_name(h.name, name); });
    headers.push_back({std::string(name), std::string(value)});
}

std::vector<std::string> headers_to_sign(const std::vector<HeaderField>& headers) {
    std::vector<std::string> names;
    for (const auto& header : headers) {
        auto name = lower(header.name);
        if (!is_never_signed(name)) names.push_back(std::move(name));
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    return names;
}

void append_scope(std::string& to, const Scope& scope) {
    to.append(scope.date).append("/").append(scope.region).append("/").append(scope.service);
    to.append("/aws4_request");
}

std::string_view text_of(const Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

}  // namespace

std::string Scope::text() const {
    std::string text;
    append_scope(text, *this);
    return text;
}

bool same_letters(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string canonical_request(const Head& request, std::string_view payload_hash,
                              std::span<const std::string> signed_headers, std::string_view service) {
    std::string text;
    text.reserve(512 + request.path.size() + request.query.size());
    text.append(request.method) += '\n';
    if (service == "s3")
        text += request.path.empty() ? "/" : request.path;
    else
        append_normalised_path(text, request.path);
    text += '\n';
    append_canonical_query(text, request.query);
    text += '\n';
    for (const auto& name : signed_headers) append_canonical_header(text, name, request.headers);
    text += '\n';
    append_joined(text, signed_headers);
    text.append("\n").append(payload_hash);
    return text;
}

std::string string_to_sign(std::string_view amz_date, const Scope& scope, std::string_view canonical) {
    const auto digest = sha256_hex(canonical);
    std::string text;
    text.reserve(algorithm.size() + amz_date.size() + 128 + digest.size());
    text.append(algorithm).append("\n").append(amz_date).append("\n");
    append_scope(text, scope);
    return text.append("\n").append(digest);
}

SigningKey::SigningKey(const Secret& secret, Scope scope) : scope_(std::move(scope)) {
    WipedString start;
    start.reserve(4 + secret.size() + 16);  // beyond what a string keeps inside itself
    start.append("AWS4").append(secret.reveal());
    key_ = hmac_sha256(start, scope_.date);
    for (const std::string_view part : {std::string_view(scope_.region), std::string_view(scope_.service),
                                        std::string_view("aws4_request")})
        key_ = hmac_sha256(text_of(key_), part);
}

SigningKey::~SigningKey() {
    explicit_bzero(key_.data(), key_.size());
}

std::string SigningKey::sign(std::string_view string_to_sign) const {
    return to_hex(hmac_sha256(text_of(key_), string_to_sign));
}

void sign(WireRequest& request, const AccessKey& key, std::string_view region, std::string_view service,
          Instant signed_at) {
    const auto date = to_amz_date(signed_at);
    set_header(request.headers, "X-Amz-Date", date);
    if (!key.session_token.empty())
        set_header(request.headers, "X-Amz-Security-Token", key.session_token.reveal());
    if (service == "s3") set_header(request.headers, "X-Amz-Content-SHA256", request.payload_hash);

    const Scope scope{date.substr(0, 8), std::string(region), std::string(service)};
    const auto names = headers_to_sign(request.headers);
    const auto signature = SigningKey(key.secret, scope)
                               .sign(string_to_sign(date, scope, canonical_request(request, names, service)));

    std::string authorization(algorithm);
    authorization.append(" Credential=").append(key.id.text()).append("/").append(scope.text());
    authorization.append(", SignedHeaders=");
    append_joined(authorization, names);
    authorization.append(", Signature=").append(signature);
    set_header(request.headers, "Authorization", authorization);
}

}  // namespace keytide::signature
