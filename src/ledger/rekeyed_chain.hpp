// The chain of a ledger whose sealing key was changed: one chain of links, each made with the key of its
// time.
//
// No link is ever made again, so that what was exported and anchored before stays comparable. The keys of the
// chain's earlier parts are kept in the ledger, sealed under the present key, each with the link that the
// chain had when the key was dropped: whoever has an old key cannot rewrite the past that it once made.
#pragma once

#include <vector>

#include "ledger/chain.hpp"

namespace keytide::ledger {

struct PastKey {
    std::uint64_t until;  // the last position whose link was made with it; 0: none
    Chain chain;
    Link link;  // at `until`
};

class RekeyedChain {
public:
    explicit RekeyedChain(Chain present, std::vector<PastKey> past = {})  // by `until`
        : present_(std::move(present)), past_(std::move(past)) {}

    Link origin(std::string_view ledger_id) const;
    Link next(const Link& before, std::uint64_t position, std::string_view rotation, std::uint64_t sequence,
              std::string_view json) const;

    // What the link at `position` must be because a key was dropped there; null elsewhere.
    const Link* promised(std::uint64_t position) const;

    const Chain& present() const { return present_; }
    const std::vector<PastKey>& past() const { return past_; }

private:
    const Chain& at(std::uint64_t position) const;
    Chain present_;
    std::vector<PastKey> past_;
};

}  // namespace keytide::ledger
