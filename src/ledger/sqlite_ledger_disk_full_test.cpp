// A disk that is full, fails, or may not be written, at each call of a rotation in turn: append() says so,
// what it promised stays, and with the disk mended the rotation goes on.
#include <gmock/gmock.h>

#include <set>

#include "ledger/recorded_disk.hpp"
#include "ledger/recorded_rotation.hpp"

namespace keytide::ledger {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using Kind = DiskCall::Kind;

// What needs a block that the disk does not have any more.
bool needs_room(const DiskCall& call) {
    return call.grows || call.kind == Kind::make_folder || call.kind == Kind::link;
}

class DiskTroubleTest : public RecordedRotationTest {
protected:
    RecordedDisk disk{folder.path()};
    std::set<std::string> said;

    // A rotation on a disk where the calls that `concerns` names fail from the n-th on, or only the n-th.
    // Goes as far as it goes; then the disk is mended and a new process goes on. False: n was never reached.
    template <class Concerns>
    bool rotate_with_trouble(int number, std::size_t n, bool lasting, const Concerns& concerns) {
        for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
            std::filesystem::remove_all(entry);
        disk.forget_all();
        disk.calls.clear();
        const auto when = "call " + std::to_string(n);
        std::size_t asked = 0, promised = 0;
        disk.trouble = [&](const DiskCall& call) {
            if (!concerns(call)) return 0;
            ++asked;
            return (lasting ? asked > n : asked == n + 1) ? number : 0;
        };
        const auto heard = [&](const Error& error) {
            EXPECT_EQ(error.kind, ErrorKind::failed) << when << ": " << error.message;
            EXPECT_FALSE(error.message.empty());
            said.insert(error.message + " | " + error.hint);
        };
        {
            auto ledger = SqliteLedger::open(options, entropy);
            if (!ledger) heard(ledger.error());
            for (std::size_t done = 0; ledger && done < steps().size(); ++done) {
                const auto ok = go_on(**ledger, done);
                if (!ok) {
                    heard(ok.error());
                    // The process lives on and looks: there it is, or it is not.
                    const auto found = look(**ledger, when);
                    EXPECT_GE(found, done) << when;
                    EXPECT_LE(found, done + 1) << when;
                    break;
                }
                promised = done + 1;
            }
        }
        disk.trouble = {};
        auto ledger = SqliteLedger::open(options, entropy);
        EXPECT_TRUE(ledger) << when << ": " << ledger.error().message;
        if (!ledger) return false;
        auto count = look(**ledger, when);
        EXPECT_GE(count, promised) << when;
        EXPECT_LE(count, promised + 1) << when;
        for (; count < steps().size(); ++count) {
            const auto ok = go_on(**ledger, count);
            EXPECT_TRUE(ok) << when << ": " << ok.error().message;
        }
        return asked > n;
    }

    template <class Concerns>
    std::size_t everywhere(int number, bool lasting, const Concerns& concerns) {
        std::size_t n = 0;
        while (rotate_with_trouble(number, n, lasting, concerns) && !HasFailure()) ++n;
        return n;
    }
};

TEST_F(DiskTroubleTest, ADiskThatIsFullFromAnyCallOn) {
    EXPECT_GT(everywhere(ENOSPC, true, needs_room), 20u);
    for (const auto& words : said) EXPECT_THAT(words, HasSubstr("room")) << "what to do about it";
}

TEST_F(DiskTroubleTest, AnErrorOfAnySingleWriteOrSync) {
    EXPECT_GT(everywhere(EIO, false, [](const DiskCall&) { return true; }), 60u);
}

TEST_F(DiskTroubleTest, ADiskThatDiesAtAnyCall) {
    EXPECT_GT(everywhere(EIO, true, [](const DiskCall&) { return true; }), 60u);
}

TEST_F(DiskTroubleTest, ADiskThatMayNotBeWrittenFromAnyCallOn) {
    EXPECT_GT(everywhere(EROFS, true, [](const DiskCall& call) { return call.kind != Kind::sync_file; }),
              60u);
}

// The promise of reserve(): with the intent recorded, its outcome needs no block of the disk, however long
// AWS's words are.
TEST_F(DiskTroubleTest, AfterReserveTheIntentMayNotFitButItsOutcomeDoes) {
    auto ledger = open();
    ASSERT_TRUE(go_on(*ledger, 0));
    ASSERT_TRUE(go_on(*ledger, 1));
    ASSERT_TRUE(ledger->reserve());
    std::size_t grown = 0;
    disk.trouble = [&](const DiskCall& call) {
        if (!needs_room(call)) return 0;
        ++grown;
        return ENOSPC;
    };
    const auto intent = ledger->append(rotation_id, 2, steps()[2].event);
    ASSERT_FALSE(intent) << "its anchor is a new file";
    EXPECT_THAT(intent.error().message, HasSubstr("recorded but not anchored, so its call is not made"));
    EXPECT_THAT(intent.error().hint, HasSubstr("room"));
    disk.trouble = {};

    ASSERT_TRUE(ledger->append(rotation_id, 3, rotation::CreateRefused{at(3), "NotSent", "?"}));
    ASSERT_TRUE(ledger->reserve());
    ASSERT_TRUE(ledger->append(rotation_id, 4, steps()[2].event));
    grown = 0;
    disk.trouble = [&](const DiskCall& call) {
        if (!needs_room(call)) return 0;
        ++grown;
        return ENOSPC;
    };
    const auto key = new_key();
    const std::array<const AccessKey*, 1> keys{&key};
    EXPECT_TRUE(
        ledger->append(rotation_id, 5, rotation::CreateRefused{at(5), "Odd", std::string(60000, '?')}));
    EXPECT_TRUE(ledger->append(rotation_id, 6, steps()[3].event, keys));
    EXPECT_EQ(grown, 0u);
    disk.trouble = {};
    EXPECT_EQ(open()->events(rotation_id)->size(), 7u);
}

}  // namespace
}  // namespace keytide::ledger
