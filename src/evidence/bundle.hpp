// A bundle of evidence: what a ledger holds of some time, as JSON Lines, signed.
//
//   {"keytide_evidence":1,"ledger":…,"from":…,"to":…,"before":{…},"ledger_head":{…},"events":3,"summary":[…]…}
//   {"position":1,"rotation":"r-…","sequence":1,"hash":"…","event":{…}}
//   …
//   {"signature":"…"}
//
// The first line says what it is, where the ledger's chain stood before the first event and at its end, and
// in words what happened. The events are those of `keytide ledger export`, without a gap. The last line is an
// Ed25519 signature over all bytes before it. Whoever has the public key finds any change; the links of the
// chain, whose key stays with the ledger, tie a bundle to others and to an anchor.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evidence/signing_key.hpp"
#include "ledger/chain.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::evidence {

struct Contents {
    std::string ledger;  // its id
    std::string by;      // who made the bundle
    Instant from{}, to{}, made{};
    std::optional<ledger::Head> before;  // of the chain; nothing: the first event is the ledger's first
    ledger::Head ledger_head{};          // when the bundle was made
    std::vector<std::string> summary;
    std::vector<std::string> events;  // a JSON object each
};

// Without the last line's end.
std::string to_bundle(const Contents& contents, const SigningKey& key);

struct Verification {
    std::string ledger, by, from, to, made;
    std::uint64_t first = 0, last = 0;  // positions; 0: no events
    std::size_t events = 0, rotations = 0;
    std::vector<std::string> summary;
    std::vector<std::string> findings;  // empty: nothing was changed, removed, moved or cut off
};

// `anchor`: where the ledger's chain is known to have been.
Verification verify(std::string_view bundle, const PublicKey& key, const std::optional<ledger::Head>& anchor);

// "COUNT LINK", as the files of the ledger's anchors have it; of several lines the last.
Result<ledger::Head> read_anchor(std::string_view text);

}  // namespace keytide::evidence
