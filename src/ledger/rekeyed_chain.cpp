#include "ledger/rekeyed_chain.hpp"

namespace keytide::ledger {

const Chain& RekeyedChain::at(std::uint64_t position) const {
    for (const auto& key : past_)
        if (position <= key.until) return key.chain;
    return present_;
}

Link RekeyedChain::origin(std::string_view ledger_id) const {
    return at(0).origin(ledger_id);
}

Link RekeyedChain::next(const Link& before, std::uint64_t position, std::string_view rotation,
                        std::uint64_t sequence, std::string_view json) const {
    return at(position).next(before, position, rotation, sequence, json);
}

const Link* RekeyedChain::promised(std::uint64_t position) const {
    for (const auto& key : past_)
        if (position == key.until) return &key.link;
    return nullptr;
}

}  // namespace keytide::ledger
