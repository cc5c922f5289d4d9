#include "lab/journal/repeatable_randomness.hpp"

#include <openssl/sha.h>

#include <cstring>

namespace keytide::lab::journal {

std::string RepeatableRandomness::draw_seed() const {
    std::string seed(32, '\0');
    state_->source(std::as_writable_bytes(std::span(seed.data(), seed.size())));
    return seed;
}

void RepeatableRandomness::State::begin(std::string with) {
    explicit_bzero(seed.data(), seed.size());
    explicit_bzero(block.data(), block.size());
    seed = std::move(with);
    block.clear();
    counter = 0;
}

void RepeatableRandomness::State::fill(std::span<std::byte> bytes) {
    if (seed.empty()) return source(bytes);
    while (!bytes.empty()) {
        if (block.empty()) {
            std::string text = seed;
            for (int shift = 0; shift < 64; shift += 8) text += char(counter >> shift & 0xff);
            ++counter;
            block.resize(SHA256_DIGEST_LENGTH);
            SHA256(reinterpret_cast<const unsigned char*>(text.data()), text.size(),
                   reinterpret_cast<unsigned char*>(block.data()));
            explicit_bzero(text.data(), text.size());
        }
        const auto count = std::min(bytes.size(), block.size());
        std::memcpy(bytes.data(), block.data(), count);
        block.erase(0, count);
        bytes = bytes.subspan(count);
    }
}

}  // namespace keytide::lab::journal
