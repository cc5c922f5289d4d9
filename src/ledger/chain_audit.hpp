// Where a chain of events is broken, and how: changed, removed, moved, slipped in, cut off.
//
// Each event is held against the link of the one before it, as that stands there and as it should stand
// there: so a changed event is told from a changed link, and one change is not reported as two.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "ledger/rekeyed_chain.hpp"
#include "ledger/stored_events.hpp"
#include "rotation/request.hpp"

namespace keytide::ledger {

struct Finding {
    std::string what;
    std::uint64_t position = 0;  // in the ledger; 0: of no single event
    rotation::RotationId rotation{};
    std::uint64_t sequence = 0;  // in the rotation
};

class ChainAudit {
public:
    // `stored` outlives it. `anchored`: where the chain has been, if that is known.
    ChainAudit(const RekeyedChain& chain, const StoredEvents& stored, const std::optional<Head>& anchored);

    // Whether any event fits behind the one before it: under another ledger's key none does.
    bool any_fits() const;

    // `origin`: the link before the first event; nothing when the ledger's own name is not to be trusted.
    std::vector<Finding> findings(const std::optional<Link>& origin);

private:
    // What the link of an event may be: as it stands there, and as it should.
    struct Links {
        std::optional<Link> stored, computed;
    };
    enum class Fit { none, stored, computed };

    Link next(const Link& before, std::uint64_t position, const StoredEvent& event) const;
    Fit fit(std::uint64_t position, const StoredEvent& event) const;
    const StoredEvent* misplaced(std::uint64_t position) const;
    void gap(std::uint64_t first, std::uint64_t last);
    void look_at(std::uint64_t position, const StoredEvent& event);
    void judge_the_one_before(Fit fit);
    void accept(std::uint64_t position, const StoredEvent& event);
    void changed(std::uint64_t position, const StoredEvent& event);
    std::optional<Finding> changed_field(std::uint64_t position, const StoredEvent& event) const;
    void hold_against_anchor(std::uint64_t position);
    void merge_runs();

    const RekeyedChain& chain_;
    const StoredEvents& stored_;
    const std::optional<Head>& anchored_;
    std::set<const StoredEvent*> suspects_;  // do not fit where they stand

    std::vector<Finding> findings_;
    std::set<const StoredEvent*> placed_;        // where they belong, wherever they stand
    std::vector<const StoredEvent*> displaced_;  // another one belongs where they stand
    Links before_;
    std::optional<std::size_t> doubted_;  // the finding about the event before, not yet told apart
    std::map<std::string, std::int64_t> last_;
};

}  // namespace keytide::ledger
