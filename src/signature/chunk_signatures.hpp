// Signatures inside a body: each chunk signs itself and the signature before it, and the first chunk the
// signature of the request's head, so that no chunk can be changed, left out, added or moved.
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html,
// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "signature/sigv4.hpp"

namespace keytide::signature {

class ChunkSignatures {
public:
    // `amz_date` as 20260131T120000Z; `seed`: the signature of the head, which the caller has verified.
    ChunkSignatures(SigningKey key, std::string amz_date, std::string seed);

    // What a chunk with this data, or what these trailers, would sign if they came next. Trailers in lower
    // case and sorted.
    std::string string_to_sign(std::string_view data) const;
    std::string string_to_sign(std::span<const HeaderField> trailers) const;

    // Whether it is what comes next; then the one after it is waited for.
    bool accept(std::string_view string_to_sign, std::string_view signature);

    // The signature of what comes next, for whoever sends.
    std::string sign(std::string_view string_to_sign);

private:
    std::string begin(std::string_view kind) const;

    SigningKey key_;
    std::string amz_date_;
    std::string previous_;
};

}  // namespace keytide::signature
