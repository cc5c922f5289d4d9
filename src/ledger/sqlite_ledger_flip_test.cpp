// Every byte of every file that a ledger rests on, flipped, and every length that it could be cut to: the
// ledger is read as it was, or an error tells; and what is refused is left as it is.
#include <array>

#include "ledger/recorded_disk.hpp"
#include "ledger/recorded_rotation.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

class FlipTest : public RecordedRotationTest {
protected:
    RecordedDisk unsynced{folder.path()};  // so that tens of thousands of ledgers wait for no disk
    std::map<fs::path, std::string> whole;
    std::size_t count = 0, anchored = 0;
    int refused = 0, read = 0, shortened = 0;

    fs::path log() const { return options.database.string() + "-wal"; }

    // The first `events` of a rotation, of which the anchor knows `known`; all in the file, or, `in_log`,
    // most of them in the log, as a process that was killed leaves it.
    void make(std::size_t events, std::size_t known, bool in_log) {
        count = events;
        anchored = known;
        auto ledger = open();
        for (std::size_t n = 0; n < events; ++n) {
            if (in_log && n == 8) {
                ASSERT_EQ(meddle("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
            }
            ASSERT_TRUE(go_on(*ledger, n, false));  // a small file
        }
        if (!in_log) ledger.reset();
        for (const auto& file : {options.database, log(), options.sealing_key, anchor_file()})
            if (fs::exists(file)) whole[file] = read_file(file);
        ledger.reset();
        put_back();
    }

    void put_back() {
        fs::remove(options.database.string() + "-shm");
        fs::remove(log());
        for (const auto& [file, bytes] : whole) write_file(file, bytes);
        unsynced.calls.clear();
    }

    // Of what is found: nothing, or the first events of the rotation, as far as the anchor knows at least.
    void look_at(const fs::path& file, const std::string& damaged, const std::string& where, bool to_act) {
        write_file(file, damaged);
        fs::remove(options.database.string() + "-shm");
        if (file != log()) {
            fs::remove(log());
            if (whole.contains(log())) write_file(log(), whole[log()]);
        }
        {
            const auto ledger =
                to_act ? SqliteLedger::open(options, entropy) : SqliteLedger::open_to_read(options, entropy);
            const auto events = ledger ? (*ledger)->events(rotation_id) : std::unexpected(ledger.error());
            if (!events) {
                ASSERT_FALSE(events.error().message.empty()) << where;
                ++refused;
            } else {
                ASSERT_GE(events->size(), anchored) << where;
                ASSERT_LE(events->size(), count) << where;
                const auto all = steps();
                for (std::size_t n = 0; n < events->size(); ++n)
                    ASSERT_EQ(*to_json((*events)[n].event), *to_json(all[n].event)) << where;
                ++(events->size() == count ? read : shortened);
                for (const auto& key : {old_key(), new_key()}) {
                    const auto unsealed = (*ledger)->unseal(rotation_id, key.id);
                    if (unsealed) {
                        ASSERT_TRUE(unsealed->same_as(key)) << where;
                    }
                }
            }
            if (!ledger) {
                ASSERT_TRUE(read_file(file) == damaged) << where << ": what is refused stays as it is";
            }
        }
        put_back();
    }

    // One flip of each byte, of those whose place leaves `part` when divided by `parts`.
    void flip_bytes(const fs::path& file, std::size_t parts, std::size_t part) {
        std::mt19937 random{unsigned(part + 1)};
        auto damaged = whole.at(file);
        for (auto place = part; place < damaged.size() && !HasFatalFailure(); place += parts) {
            const auto mask = static_cast<char>(1 + random() % 255);
            damaged[place] = static_cast<char>(damaged[place] ^ mask);
            look_at(file, damaged,
                    file.filename().string() + ", byte " + std::to_string(place) + " ^ " +
                        std::to_string(static_cast<unsigned char>(mask)),
                    false);
            damaged[place] = whole.at(file)[place];
        }
    }

    void flip_bits(const fs::path& file) {
        for (std::size_t bit = 0; bit < whole.at(file).size() * 8 && !HasFatalFailure(); ++bit) {
            auto damaged = whole.at(file);
            damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ 1 << bit % 8);
            look_at(file, damaged, file.filename().string() + ", bit " + std::to_string(bit), true);
        }
    }

    void cut_everywhere(const fs::path& file, std::size_t step) {
        for (std::size_t length = 0; length < whole.at(file).size() && !HasFatalFailure(); length += step)
            look_at(file, whole.at(file).substr(0, length),
                    file.filename().string() + " cut to " + std::to_string(length), true);
    }
};

class FlipPartTest : public FlipTest, public testing::WithParamInterface<std::size_t> {
protected:
    static constexpr std::size_t parts = 4;
};

TEST_P(FlipPartTest, OfEveryByteOfTheFile) {
    make(10, 10, false);
    flip_bytes(options.database, parts, GetParam());
    EXPECT_GT(refused, 100);
    EXPECT_GT(read, 100) << "unused bytes refuse nobody";
    EXPECT_EQ(shortened, 0);
}

TEST_P(FlipPartTest, OfEveryByteOfTheLog) {
    make(11, 10, true);
    flip_bytes(log(), parts, GetParam());
    EXPECT_GT(refused, 100);
    EXPECT_GT(shortened, 0) << "what came after the anchored intent, as after a crash";
}

INSTANTIATE_TEST_SUITE_P(Part, FlipPartTest, testing::Range<std::size_t>(0, 4));

TEST_F(FlipTest, OfEveryBitOfTheAnchor) {
    make(10, 10, false);
    flip_bits(anchor_file());
    EXPECT_EQ(refused + read + shortened, int(whole.at(anchor_file()).size() * 8));
    EXPECT_EQ(read, 0);
}

TEST_F(FlipTest, OfEveryBitOfTheSealingKey) {
    make(4, 3, false);
    flip_bits(options.sealing_key);
    EXPECT_EQ(refused, 32 * 8);
}

TEST_F(FlipTest, CutToEveryLength) {
    make(10, 10, false);
    cut_everywhere(anchor_file(), 1);
    cut_everywhere(options.sealing_key, 1);
    EXPECT_EQ(read + shortened, 0);
    cut_everywhere(options.database, 7);
    EXPECT_LE(read, 4096 / 7 + 1) << "but for the last page, of the table that is always empty";
    EXPECT_EQ(shortened, 0);
}

// The last append's frames, torn at every byte: until the last byte of the last frame is there, the event is
// not; and before it nothing is missing.
TEST_F(FlipTest, ALastAppendTornAtEveryByte) {
    make(10, 10, true);
    const auto before = whole.at(log()).size();
    {
        const auto ledger = open();
        ASSERT_TRUE(ledger);
        ASSERT_TRUE(go_on(*ledger, 10));
        for (const auto& file : {options.database, log()}) whole[file] = read_file(file);
    }
    count = 11;
    const auto after = whole.at(log()).size();
    ASSERT_GT(after, before);
    for (auto length = before; length < after && !HasFatalFailure(); ++length)
        look_at(log(), whole.at(log()).substr(0, length), "torn at " + std::to_string(length), true);
    EXPECT_EQ(refused, 0);
    EXPECT_EQ(read, 0);
    EXPECT_EQ(shortened, int(after - before));
}

}  // namespace
}  // namespace keytide::ledger
