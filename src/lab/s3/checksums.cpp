#include "lab/s3/checksums.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <cstdint>
#include <exception>

#include "lab/base64.hpp"

namespace keytide::lab::s3 {
namespace {

constexpr std::string_view prefix = "x-amz-checksum-";

// Catalogued as CRC-32/ISO-HDLC, CRC-32/ISCSI and CRC-64/NVME.
// https://reveng.sourceforge.io/crc-catalogue/
using Crc32 = boost::crc_optimal<32, 0x04C11DB7, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;
using Crc32c = boost::crc_optimal<32, 0x1EDC6F41, 0xFFFFFFFF, 0xFFFFFFFF, true, true>;
using Crc64 = boost::crc_optimal<64, 0xAD93D23594C93659, 0xFFFFFFFFFFFFFFFF, 0xFFFFFFFFFFFFFFFF, true, true>;

template <class Crc>
std::string crc(std::string_view data) {
    Crc sum;
    sum.process_bytes(data.data(), data.size());
    auto value = sum.checksum();
    std::string bytes(sizeof value, '\0');
    for (auto it = bytes.rbegin(); it != bytes.rend(); ++it, value >>= 8) *it = char(value & 0xff);
    return bytes;
}

std::string digest(const EVP_MD* kind, std::string_view data) {
    std::array<unsigned char, EVP_MAX_MD_SIZE> bytes;
    unsigned size = 0;
    if (EVP_Digest(data.data(), data.size(), bytes.data(), &size, kind, nullptr) != 1) std::terminate();
    return {reinterpret_cast<const char*>(bytes.data()), size};
}

std::string sha1(std::string_view data) {
    return digest(EVP_sha1(), data);
}
std::string sha256(std::string_view data) {
    return digest(EVP_sha256(), data);
}

struct Algorithm {
    std::string_view name, lower;
    std::size_t size;
    std::string (*compute)(std::string_view data);
    bool composite, of_parts_as_a_whole;
};
constexpr Algorithm algorithms[] = {
    {"CRC32", "crc32", 4, crc<Crc32>, true, true},          {"CRC32C", "crc32c", 4, crc<Crc32c>, true, true},
    {"CRC64NVME", "crc64nvme", 8, crc<Crc64>, false, true}, {"SHA1", "sha1", 20, sha1, true, false},
    {"SHA256", "sha256", 32, sha256, true, false},
};

const Algorithm* find(std::string_view name) {
    const auto* found = std::find_if(std::begin(algorithms), std::end(algorithms), [&](const Algorithm& one) {
        return signature::same_header_name(one.name, name);
    });
    return found == std::end(algorithms) ? nullptr : found;
}

// Nothing: no base64 of so many bytes.
std::optional<std::string> from_base64(std::string_view text, std::size_t size) {
    if (text.size() != 4 * ((size + 2) / 3)) return {};
    std::string bytes(3 * (text.size() / 4), '\0');
    if (EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                        reinterpret_cast<const unsigned char*>(text.data()), int(text.size())) < 0)
        return {};
    bytes.resize(size);
    if (to_base64(bytes) != text) return {};
    return bytes;
}

std::unexpected<ServiceError> invalid(std::string message) {
    return refuse("InvalidRequest", std::move(message), 400);
}

// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
Outcome<void> check_md5(const Request& request) {
    const auto* header = request.header("content-md5");
    if (header == nullptr) return {};
    const auto promised = from_base64(*header, 16);
    if (!promised) return refuse("InvalidDigest", "The Content-MD5 you specified was invalid.", 400);
    const auto actual = digest(EVP_md5(), request.body);
    if (*promised == actual) return {};
    ServiceError error{"BadDigest", "The Content-MD5 you specified did not match what we received.", 400};
    error.elements = {{"ExpectedDigest", *header}, {"CalculatedDigest", to_base64(actual)}};
    return std::unexpected(std::move(error));
}

}  // namespace

bool is_checksum_algorithm(std::string_view name) {
    return find(name) != nullptr;
}
bool may_be_composite(std::string_view algorithm) {
    const auto* known = find(algorithm);
    return known != nullptr && known->composite;
}
bool may_be_of_parts_as_a_whole(std::string_view algorithm) {
    const auto* known = find(algorithm);
    return known != nullptr && known->of_parts_as_a_whole;
}
std::string header_of(std::string_view algorithm) {
    return std::string(prefix).append(find(algorithm)->lower);
}
std::string element_of(std::string_view algorithm) {
    return "Checksum" + std::string(find(algorithm)->name);
}
std::string compute_checksum(std::string_view algorithm, std::string_view data) {
    return to_base64(find(algorithm)->compute(data));
}

std::string compose_checksum(std::string_view algorithm, std::span<const std::string> parts) {
    const auto& known = *find(algorithm);
    std::string bytes;
    for (const auto& part : parts) bytes += from_base64(part, known.size).value_or("");
    return to_base64(known.compute(bytes)) + "-" + std::to_string(parts.size());
}

Outcome<std::optional<ObjectChecksum>> presented_checksum(const Request& request) {
    std::optional<ObjectChecksum> found;
    for (const auto& [name, value] : request.headers) {
        if (name.size() <= prefix.size() ||
            !signature::same_header_name(std::string_view(name).substr(0, prefix.size()), prefix))
            continue;
        const auto suffix = std::string_view(name).substr(prefix.size());
        if (signature::same_header_name(suffix, "type") || signature::same_header_name(suffix, "mode") ||
            signature::same_header_name(suffix, "algorithm"))
            continue;
        const auto* known = find(suffix);
        if (known == nullptr)
            return invalid("The algorithm type you specified in x-amz-checksum- header is invalid.");
        if (found)
            return invalid(
                "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
        found = {std::string(known->name), value, value.find('-') != std::string::npos};
        const auto number = value.find('-');
        if (!from_base64(std::string_view(value).substr(0, number), known->size))
            return invalid(fmt::format("Value for {} header is invalid.", header_of(known->name)));
    }
    return found;
}

Outcome<std::optional<ObjectChecksum>> check_integrity(const Request& request) {
    if (auto same = check_md5(request); !same) return std::unexpected(same.error());
    auto promised = presented_checksum(request);
    if (!promised) return promised;
    if (const auto* sdk = request.header("x-amz-sdk-checksum-algorithm")) {
        if (!is_checksum_algorithm(*sdk))
            return invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
        if (!*promised)
            return invalid(
                "x-amz-sdk-checksum-algorithm specified, but no corresponding x-amz-checksum-* or "
                "x-amz-trailer headers were found.");
        if (!signature::same_header_name((*promised)->algorithm, *sdk))
            return invalid("Value for x-amz-sdk-checksum-algorithm header is invalid.");
    }
    if (*promised && compute_checksum((*promised)->algorithm, request.body) != (*promised)->value)
        return refuse("BadDigest",
                      fmt::format("The {} you specified did not match the calculated checksum.",
                                  (*promised)->algorithm),
                      400);
    return promised;
}

}  // namespace keytide::lab::s3
