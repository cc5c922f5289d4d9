// The power goes at every call that the ledger makes of its disk, in every rotation's every step: what
// append() promised is there, nothing else is, and the ledger opens and goes on.
#include "ledger/power_loss.hpp"
#include "ledger/recorded_rotation.hpp"
#include "ledger/rekey.hpp"

namespace keytide::ledger {
namespace {

class PowerLossTest : public RecordedRotationTest {
protected:
    RecordedDisk disk{folder.path()};
    Folder other;
    // After how many calls how many events were promised, and how many had been tried.
    struct Known {
        std::size_t calls, promised, tried;
    };
    std::vector<Known> known;
    std::size_t promised = 0;

    void note(std::size_t tried) { known.push_back({disk.calls.size(), promised, tried}); }

    void begin_anew() {
        for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
            std::filesystem::remove_all(entry);
        disk.forget_all();
        disk.calls.clear();
        known.clear();
        promised = 0;
    }

    // One process: goes on from what it finds, to `until` events or the first error.
    void live(std::size_t until) {
        const auto ledger = SqliteLedger::open(options, entropy);
        if (!ledger) return;
        const auto found = (*ledger)->rotations();
        if (!found) return;
        const auto events = found->empty() ? 0 : (*ledger)->events(rotation_id)->size();
        for (auto n = events; n < until; ++n) {
            note(n + 1);
            if (!go_on(**ledger, n)) return;
            promised = n + 1;
            note(n + 1);
        }
    }

    Known known_after(std::size_t calls) const {
        Known last{0, 0, 0};
        for (const auto& at : known) {
            if (at.calls > calls) break;
            last = at;
        }
        return last;
    }

    // The ledger as it is found after power was lost behind so many calls.
    void judge(std::size_t calls, double chance, unsigned seed) {
        PowerLoss loss(folder.path(), chance, seed);
        for (std::size_t n = 0; n < calls; ++n) loss.happened(disk.calls[n]);
        const auto place = other.path() / "found";
        loss.leave(place);
        const auto when = "power lost after call " + std::to_string(calls) + ", chance " +
                          std::to_string(chance) + ", seed " + std::to_string(seed);
        const auto moved = [&](const std::filesystem::path& path) {
            return place / std::filesystem::relative(path, folder.path());
        };
        auto found = options;
        found.database = moved(options.database);
        found.sealing_key = moved(options.sealing_key);
        found.anchors = moved(options.anchors);
        const auto at = known_after(calls);

        const auto anchored =
            std::filesystem::exists(found.anchors) && !std::filesystem::is_empty(found.anchors);
        EXPECT_TRUE(std::filesystem::exists(found.database) || !anchored) << when << ": an anchor alone";
        {
            auto ledger = SqliteLedger::open(found, entropy);
            ASSERT_TRUE(ledger) << when << ": " << ledger.error().message;
            const auto count = look(**ledger, when);
            EXPECT_GE(count, at.promised) << when;
            EXPECT_LE(count, at.tried) << when;
            if (count < steps().size()) {
                const auto on = go_on(**ledger, count);
                EXPECT_TRUE(on) << when << ": " << on.error().message;
            }
        }
        EXPECT_TRUE(SqliteLedger::open(found, entropy)) << when << ", a second time";
        std::filesystem::remove_all(place);
    }

    void judge(std::size_t calls, unsigned seeds) {
        judge(calls, 0, 0);
        for (unsigned seed = 1; seed <= seeds; ++seed) judge(calls, 0.5, seed);
    }
};

TEST_F(PowerLossTest, TakesNothingThatWasPromised) {
    live(steps().size());
    ASSERT_EQ(promised, steps().size());
    ASSERT_GT(disk.calls.size(), 60u) << "else the disk was not watched";
    for (std::size_t calls = 0; calls <= disk.calls.size() && !HasFailure(); ++calls) judge(calls, 3);
}

// A killed process leaves in the system's memory what it had not synced. The next one finds it there, builds
// upon it, and may lose it with the power.
TEST_F(PowerLossTest, AfterAKillTakesNothingThatTheNextProcessPromised) {
    live(steps().size());
    const auto all_calls = disk.calls.size();
    for (std::size_t killed = 0; killed < all_calls && !HasFailure(); ++killed) {
        begin_anew();
        disk.trouble = [&](const DiskCall&) { return disk.calls.size() >= killed ? EIO : 0; };
        live(steps().size());
        std::erase_if(disk.calls, [](const DiskCall& call) { return call.failed; });
        disk.trouble = {};

        const auto dead = disk.calls.size();
        live(std::min(promised + 2, steps().size()));
        SCOPED_TRACE("killed before call " + std::to_string(killed));
        for (const auto& at : known)
            if (at.calls >= dead && !HasFailure()) judge(at.calls, 1);
        judge(disk.calls.size(), 1);
    }
}

// Changing the sealing key: whichever of the two the ledger is found with, its key is there.
TEST_F(PowerLossTest, WhileTheSealingKeyIsChangedNeverPartsTheLedgerFromItsKey) {
    for (std::size_t killed = 0; !HasFailure(); ++killed) {
        begin_anew();
        live(5);
        const auto before = disk.calls.size();
        disk.trouble = [&](const DiskCall&) { return disk.calls.size() >= before + killed ? EIO : 0; };
        const bool changed = rekey(options, nullptr, entropy).has_value();
        std::erase_if(disk.calls, [](const DiskCall& call) { return call.failed; });
        disk.trouble = {};
        SCOPED_TRACE("killed before call " + std::to_string(killed));
        judge(disk.calls.size(), 3);
        live(6);  // the next process finds what was left, and drops the key that it takes for the old one
        for (auto calls = before + killed; calls <= disk.calls.size(); ++calls) judge(calls, 2);
        if (changed) {
            EXPECT_GT(killed, 20u) << "else the disk was not watched";
            break;
        }
    }
}

}  // namespace
}  // namespace keytide::ledger
