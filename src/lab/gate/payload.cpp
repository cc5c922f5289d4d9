#include "lab/gate/payload.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "lab/gate/refusals.hpp"
#include "lab/s3/aws_chunked.hpp"
#include "signature/chunk_signatures.hpp"

namespace keytide::lab::gate {
namespace {

using signature::Carrier;

constexpr std::string_view unsigned_payload = "UNSIGNED-PAYLOAD";

struct Framing {
    std::string_view name;
    bool is_signed, has_trailers;
};
constexpr Framing framings[] = {
    {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD", true, false},
    {"STREAMING-UNSIGNED-PAYLOAD-TRAILER", false, true},
    {"STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER", true, true},
};

const Framing* framing_named(std::string_view name) {
    for (const auto& framing : framings)
        if (framing.name == name) return &framing;
    return nullptr;
}

bool is_sha256(std::string_view text) {
    return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
           });
}

Outcome<void> check_hash(const std::string& promised, const std::string& body) {
    static const auto of_nothing = signature::sha256_hex("");
    const auto of_body = body.empty() ? std::string() : signature::sha256_hex(body);
    const auto& actual = body.empty() ? of_nothing : of_body;
    if (signature::same_header_name(promised, actual)) return {};  // hexadecimal in any case of letters
    ServiceError error{"XAmzContentSHA256Mismatch",
                       "The provided 'x-amz-content-sha256' header does not match what was computed.", 400};
    error.elements = {{"ClientComputedContentSHA256", promised}, {"S3ComputedContentSHA256", actual}};
    return std::unexpected(std::move(error));
}

Outcome<std::uint64_t> decoded_length(const Request& request) {
    std::uint64_t length = 0;
    const auto* text = request.header("x-amz-decoded-content-length");
    if (text == nullptr)
        return refuse("MissingContentLength", "You must provide the Content-Length HTTP header.", 411);
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
    if (error != std::errc{} || end != text->data() + text->size())
        return refuse("InvalidArgument", "Invalid value for x-amz-decoded-content-length", 400);
    return length;
}

// The names in x-amz-trailer, in lower case.
std::set<std::string> announced_trailers(const Request& request) {
    std::set<std::string> names;
    std::string name;
    const auto* header = request.header("x-amz-trailer");
    const std::string text = header == nullptr ? "" : *header + ",";
    for (const char c : text) {
        if (c == ',' && !name.empty()) names.insert(std::exchange(name, {}));
        if (c != ',' && c != ' ' && c != '\t') name += c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    }
    return names;
}

// Exactly what was announced, and each once: the head's signature covers the names. Nothing but a checksum,
// since what follows the data could otherwise say what is to be done with it.
Outcome<void> check_trailers(const s3::ChunkedBody& body, const Request& request) {
    auto announced = announced_trailers(request);
    for (const auto& trailer : body.trailers)
        if (announced.erase(trailer.name) == 0 || !trailer.name.starts_with("x-amz-checksum-"))
            return s3::malformed_trailer();
    if (!announced.empty()) return s3::malformed_trailer();
    return {};
}

Outcome<void> check_signatures(const s3::ChunkedBody& body, const Framing& framing, const Request& request,
                               const std::string& payload_hash, const signature::Presented& presented,
                               const signature::SigningKey& key) {
    signature::ChunkSignatures chain(key, presented.date, presented.signature);
    const auto accept = [&](const std::string& to_sign, std::string_view given) -> Outcome<void> {
        if (chain.accept(to_sign, given)) return {};
        return std::unexpected(
            wrong_chunk_signature(presented, request, payload_hash, to_sign, std::string(given)));
    };
    for (const auto& chunk : body.chunks)
        if (auto good = accept(chain.string_to_sign(chunk.data), chunk.signature); !good) return good;
    if (!framing.has_trailers) return {};
    return accept(chain.string_to_sign(body.trailers), body.trailer_signature);
}

// What said how the body travelled says nothing of the object.
void drop_framing_headers(Request& request) {
    std::erase_if(request.headers, [](const HeaderField& field) {
        for (const char* name : {"x-amz-decoded-content-length", "x-amz-trailer", "content-length"})
            if (signature::same_header_name(field.name, name)) return true;
        return false;
    });
}

Outcome<void> unchunk(Request& request, const Framing& framing, const std::string& payload_hash,
                      const signature::Presented& presented, const signature::SigningKey& key) {
    const auto length = decoded_length(request);
    if (!length) return std::unexpected(length.error());
    const auto body = s3::read_aws_chunked(request.body, *length);
    if (!body) return std::unexpected(body.error());
    if (auto announced = check_trailers(*body, request); !announced) return announced;
    if (framing.is_signed)
        if (auto good = check_signatures(*body, framing, request, payload_hash, presented, key); !good)
            return good;

    std::string data;
    data.reserve(std::size_t(*length));
    for (const auto& chunk : body->chunks) data += chunk.data;
    drop_framing_headers(request);
    for (const auto& trailer : body->trailers) request.headers.push_back(trailer);
    request.body = std::move(data);
    return {};
}

}  // namespace

Outcome<std::string> promised_payload(const Request& request, Service service, Carrier carrier) {
    if (service != Service::s3) return signature::sha256_hex(request.body);
    const auto* header = request.header("x-amz-content-sha256");
    if (header == nullptr && carrier == Carrier::query) return std::string(unsigned_payload);
    if (header == nullptr)
        return refuse("InvalidRequest", "Missing required header for this request: x-amz-content-sha256",
                      400);
    if (header->starts_with("STREAMING-AWS4-ECDSA-"))
        return refuse("NotImplemented", "A header you provided implies functionality that is not implemented",
                      501);
    if (*header != unsigned_payload && !is_sha256(*header) && framing_named(*header) == nullptr) {
        ServiceError error{
            "InvalidArgument",
            "x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, "
            "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER or "
            "a valid sha256 value.",
            400};
        error.elements = {{"ArgumentName", "x-amz-content-sha256"}, {"ArgumentValue", *header}};
        return std::unexpected(std::move(error));
    }
    return *header;
}

Outcome<void> settle_payload(Request& request, const std::string& payload_hash,
                             const signature::Presented& presented, const signature::SigningKey& key) {
    if (payload_hash == unsigned_payload) return {};
    if (const auto* framing = framing_named(payload_hash))
        return unchunk(request, *framing, payload_hash, presented, key);
    return check_hash(payload_hash, request.body);
}

}  // namespace keytide::lab::gate
