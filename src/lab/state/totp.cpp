#include "lab/state/totp.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include <array>
#include <cstdlib>

namespace keytide::lab {

std::uint64_t totp_step(Instant t) {
    return std::uint64_t(std::chrono::floor<std::chrono::seconds>(t).time_since_epoch().count()) / 30;
}

std::string totp_code(const Secret& seed, std::uint64_t step) {
    std::array<unsigned char, 8> counter;
    for (std::size_t i = 0; i < counter.size(); ++i) counter[i] = (unsigned char)(step >> (56 - 8 * i));
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest;
    unsigned size = 0;
    const auto key = seed.reveal();
    if (HMAC(EVP_sha1(), key.data(), int(key.size()), counter.data(), counter.size(), digest.data(), &size) ==
            nullptr ||
        size != 20)
        std::abort();  // an OpenSSL without SHA-1: no answer here may be a guess
    // RFC 4226, 5.3: where to cut is told by the last four bits.
    const std::size_t offset = digest[19] & 0xf;
    std::uint32_t number = 0;
    for (std::size_t i = 0; i < 4; ++i) number = number << 8 | digest[offset + i];
    return fmt::format("{:06}", (number & 0x7fff'ffff) % 1'000'000);
}

}  // namespace keytide::lab
