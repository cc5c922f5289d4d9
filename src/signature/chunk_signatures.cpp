#include "signature/chunk_signatures.hpp"

#include <utility>

namespace keytide::signature {

ChunkSignatures::ChunkSignatures(SigningKey key, std::string amz_date, std::string seed)
    : key_(std::move(key)), amz_date_(std::move(amz_date)), previous_(std::move(seed)) {}

std::string ChunkSignatures::begin(std::string_view kind) const {
    std::string text(algorithm);
    text.append(kind).append("\n").append(amz_date_).append("\n").append(key_.scope().text());
    return text.append("\n").append(previous_).append("\n");
}

std::string ChunkSignatures::string_to_sign(std::string_view data) const {
    // The first hash is of the chunk's headers, of which it has none.
    return begin("-PAYLOAD").append(sha256_hex("")).append("\n").append(sha256_hex(data));
}

std::string ChunkSignatures::string_to_sign(std::span<const HeaderField> trailers) const {
    std::string lines;
    for (const auto& [name, value] : trailers) lines.append(name).append(":").append(value).append("\n");
    return begin("-TRAILER").append(sha256_hex(lines));
}

bool ChunkSignatures::accept(std::string_view string_to_sign, std::string_view signature) {
    auto expected = key_.sign(string_to_sign);
    if (!equal_in_constant_time(expected, signature)) return false;
    previous_ = std::move(expected);
    return true;
}

std::string ChunkSignatures::sign(std::string_view string_to_sign) {
    return previous_ = key_.sign(string_to_sign);
}

}  // namespace keytide::signature
