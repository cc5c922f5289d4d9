// For the tests: a whole rotation, one append after the other, as the orchestrator records it.
#pragma once

#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {

class RecordedRotationTest : public LedgerTest {
protected:
    static constexpr auto rotation_id = "r-1";

    struct Step {
        rotation::Event event;
        AccessKey (*sealed)() = nullptr;  // with it
        bool room = false;                // reserved for it, and for what follows
    };

    static std::vector<Step> steps() {
        using namespace rotation;
        const std::string place = "profile:/home/bob/.aws/credentials#default";
        const auto old_id = old_key().id, new_id = new_key().id;
        std::vector<Step> all;
        all.push_back({started(), old_key});
        all.push_back({resumed(1)});
        all.push_back({CreateIntended{at(2), "nonceabc", {"boot", 1, 2}, std::nullopt}, nullptr, true});
        all.push_back({KeyCreated{at(3), new_id}, new_key});
        all.push_back({NewKeyAccepted{at(4), {"AIDAEXAMPLE", "123456789012", ""}, {}}});
        all.push_back({OldValueSealed{at(5), place}});
        all.push_back({DeliverIntended{at(6), place}});
        all.push_back({Delivered{at(7), place}});
        all.push_back({OverlapEnded{at(8)}});
        all.push_back({DeleteIntended{at(9), Which::old_key, old_id, new_id}});
        all.push_back({OldKeyDeleted{at(10)}});
        all.push_back({OldKeyRejected{at(11), "InvalidClientTokenId"}});
        all.push_back({Completed{at(12)}});
        return all;
    }
    static constexpr unsigned sealed_from = 4;  // the number of the event with which NEW is sealed

    // The event after the first `done`, with the room that the orchestrator reserves for it.
    static Result<void> go_on(ports::Ledger& ledger, std::size_t done, bool with_room = true) {
        const auto step = steps().at(done);
        if (step.room && with_room)
            if (auto ok = ledger.reserve(); !ok) return ok;
        std::vector<AccessKey> sealed;
        if (step.sealed != nullptr) sealed.push_back(step.sealed());
        std::vector<const AccessKey*> keys;
        for (const auto& key : sealed) keys.push_back(&key);
        const auto appended = ledger.append(rotation_id, done, step.event, keys);
        if (!appended) return std::unexpected(appended.error());
        EXPECT_EQ(*appended, done + 1);
        return {};
    }

    // How many events the ledger has, after a look whether they are the right ones, and so are the keys.
    static std::size_t look(ports::Ledger& ledger, const std::string& when) {
        const auto rotations = ledger.rotations();
        EXPECT_TRUE(rotations) << when << ": " << rotations.error().message;
        if (!rotations || rotations->empty()) return 0;
        EXPECT_EQ(*rotations, std::vector<rotation::RotationId>{rotation_id}) << when;
        const auto events = ledger.events(rotation_id);
        EXPECT_TRUE(events) << when << ": " << events.error().message;
        if (!events) return 0;
        const auto all = steps();
        const auto count = events->size();
        EXPECT_LE(count, all.size()) << when;
        for (std::size_t n = 0; n < std::min(count, all.size()); ++n)
            EXPECT_EQ(*to_json((*events)[n].event), *to_json(all[n].event)) << when;
        const bool ended = count == all.size();
        for (const auto& [key_of, from] : {std::pair{&old_key, 1u}, std::pair{&new_key, sealed_from}}) {
            const auto key = key_of();
            const auto unsealed = ledger.unseal(rotation_id, key.id);
            if (ended || count < from) {
                EXPECT_FALSE(unsealed) << when << ", " << key.id.text() << " after " << count;
            } else {
                EXPECT_TRUE(unsealed && unsealed->same_as(key))
                    << when << ", " << key.id.text() << " after " << count;
            }
        }
        return count;
    }
};

}  // namespace keytide::ledger
