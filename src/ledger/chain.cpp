#include "ledger/chain.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "ledger/subkey.hpp"

namespace keytide::ledger {
namespace {

class Hash {
public:
    explicit Hash(const Secret& key) {
        crypto_generichash_init(&state_, reinterpret_cast<const unsigned char*>(key.reveal().data()),
                                key.size(), std::tuple_size_v<Link>);
    }
    Hash& add(std::uint64_t number) {
        std::array<char, 8> bytes{};
        for (auto& byte : bytes) {
            byte = static_cast<char>(number & 0xff);
            number >>= 8;
        }
        return raw({bytes.data(), bytes.size()});
    }
    Hash& add(std::string_view text) { return add(text.size()).raw(text); }
    Hash& add(const Link& link) { return raw(bytes_of(link)); }
    Link link() {
        Link result{};
        crypto_generichash_final(&state_, result.data(), result.size());
        return result;
    }

private:
    Hash& raw(std::string_view bytes) {
        crypto_generichash_update(&state_, reinterpret_cast<const unsigned char*>(bytes.data()),
                                  bytes.size());
        return *this;
    }
    crypto_generichash_state state_{};
};

}  // namespace

Result<Chain> Chain::make(const Secret& sealing_key) {
    auto key = derive(sealing_key, Purpose::chain);
    if (!key) return std::unexpected(key.error());
    return Chain(std::move(*key));
}

Link Chain::origin(std::string_view ledger_id) const {
    return Hash(key_).add("keytide ledger 1").add(ledger_id).link();
}

Link Chain::next(const Link& before, std::uint64_t position, std::string_view rotation,
                 std::uint64_t sequence, std::string_view json) const {
    return Hash(key_).add(before).add(position).add(rotation).add(sequence).add(json).link();
}

std::string_view bytes_of(const Link& link) {
    return {reinterpret_cast<const char*>(link.data()), link.size()};
}

std::string to_hex(const Link& link) {
    std::string text;
    for (const auto byte : link) text += fmt::format("{:02x}", byte);
    return text;
}

}  // namespace keytide::ledger
