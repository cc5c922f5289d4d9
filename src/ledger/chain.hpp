// The chain that runs through the whole ledger: each event's link is a keyed hash (BLAKE2b) over the link
// before it, its place, its rotation and its text. An event that is changed, dropped, moved or slipped in by
// somebody without the sealing key breaks it. Sealed secrets are not in it, so that they can be wiped.
//
// It is one chain and not one for each rotation, so that a whole rotation cannot vanish unseen either. When
// the sealing key is changed, the chain goes on under the new one (rekeyed_chain.hpp).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::ledger {

using Link = std::array<unsigned char, 32>;

// Where a chain ends: what the anchor remembers.
struct Head {
    std::uint64_t count = 0;  // of events
    Link link{};

    bool operator==(const Head&) const = default;
};

class Chain {
public:
    static Result<Chain> make(const Secret& sealing_key);  // 32 bytes

    // From the key() of another, which is derived from its sealing key.
    static Chain with_key(Secret key) { return Chain(std::move(key)); }
    const Secret& key() const { return key_; }

    // The link before the first event: it differs by ledger and by sealing key.
    Link origin(std::string_view ledger_id) const;

    // `position`: 1 for the ledger's first event; `sequence`: 1 for the rotation's.
    Link next(const Link& before, std::uint64_t position, std::string_view rotation, std::uint64_t sequence,
              std::string_view json) const;

private:
    explicit Chain(Secret key) : key_(std::move(key)) {}
    Secret key_;
};

std::string to_hex(const Link& link);
std::string_view bytes_of(const Link& link);

}  // namespace keytide::ledger
