// Whatever happens to the bytes of a ledger: it is read as it was, or not at all.
#include <gtest/gtest.h>

#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {
namespace {

class DamageTest : public LedgerTest {
protected:
    std::string whole_file, whole_log, whole_text;

    // A small ledger: with all its events in the file, or, `in_log`, most of them in the log beside it, as a
    // process that was killed leaves it.
    void make(bool in_log) {
        auto ledger = open();
        ASSERT_TRUE(start(*ledger, "r-1"));
        if (in_log) {
            ASSERT_EQ(meddle("PRAGMA wal_checkpoint(TRUNCATE)"), SQLITE_OK);
        }
        for (int n = 1; n < 4; ++n) ASSERT_TRUE(ledger->append("r-1", ports::Sequence(n), resumed(n)));
        ASSERT_TRUE(start(*ledger, "r-2"));
        ASSERT_TRUE(ledger->append("r-2", 1, intent(1)));  // up to which the anchor tells
        whole_text = everything(*ledger);
        if (!in_log) ledger.reset();
        whole_file = read_file(options.database);
        whole_log = in_log ? read_file(log()) : "";
    }

    std::filesystem::path log() const { return options.database.string() + "-wal"; }

    void put(std::string_view file, std::string_view log_bytes) {
        std::filesystem::remove(options.database.string() + "-shm");
        std::filesystem::remove(log());
        write_file(options.database, file);
        if (!log_bytes.empty()) write_file(log(), log_bytes);
    }

    // As it was, or an error that says something. Counts how often which.
    void look(const std::string& where) {
        const auto ledger = SqliteLedger::open_to_read(options, entropy);
        if (!ledger) {
            ASSERT_FALSE(ledger.error().message.empty()) << where;
            ++refused;
            return;
        }
        const auto text = everything(**ledger);
        if (text.starts_with("error: ")) {
            ++refused;
            return;
        }
        ASSERT_EQ(text, whole_text) << where;
        ++read;
        for (const auto* rotation : {"r-1", "r-2"}) {
            const auto key = (*ledger)->unseal(rotation, old_key().id);
            if (key) {
                ASSERT_TRUE(key->same_as(old_key())) << where;
            }
        }
    }

    // Every place near the beginning of a page, where its structure lies, and a sample of the rest.
    static std::vector<std::size_t> places(std::size_t size, std::size_t page, std::size_t dense,
                                           std::size_t stride) {
        std::vector<std::size_t> result;
        for (std::size_t place = 0; place < size; ++place)
            if (place % page < dense || place % stride == 0) result.push_back(place);
        return result;
    }

    void flip_all(bool in_log) {
        make(in_log);
        auto& victim = in_log ? whole_log : whole_file;
        const auto kept = victim;
        std::mt19937 random(7);
        for (const auto place : places(kept.size(), in_log ? 4120 : 4096, 40, 29)) {
            const auto mask = static_cast<char>(1 + random() % 255);
            auto damaged = kept;
            damaged[place] = static_cast<char>(damaged[place] ^ mask);
            in_log ? put(whole_file, damaged) : put(damaged, whole_log);
            look("byte " + std::to_string(place) + " ^ " + std::to_string(mask));
            if (HasFatalFailure()) return;
        }
        EXPECT_GT(refused, 0);
        EXPECT_EQ(read == 0, in_log) << "unused bytes of the file refuse nobody; the log has none";
        put(whole_file, whole_log);
        refused = 0;
        look("whole");
        EXPECT_EQ(refused, 0);
    }

    int refused = 0, read = 0;
};

TEST_F(DamageTest, OfAnyByteOfTheFileIsNoticedOrHarmless) {
    flip_all(false);
}

TEST_F(DamageTest, OfAnyByteOfTheLogIsNoticedOrHarmless) {
    flip_all(true);
}

TEST_F(DamageTest, ACutFileIsNeverReadAsALesserOne) {
    make(false);
    for (std::size_t length = 0; length < whole_file.size(); length += length < 200 ? 1 : 97) {
        put(std::string_view(whole_file).substr(0, length), {});
        look("cut to " + std::to_string(length));
        if (HasFatalFailure()) return;
        EXPECT_FALSE(SqliteLedger::open(options, entropy) && read == 0) << length;
    }
    EXPECT_GT(refused, 100);
}

TEST_F(DamageTest, ACutLogIsNeverReadAsALesserOne) {
    make(true);
    for (std::size_t length = 0; length < whole_log.size(); length += 61) {
        put(whole_file, std::string_view(whole_log).substr(0, length));
        look("cut to " + std::to_string(length));
        if (HasFatalFailure()) return;
    }
    EXPECT_EQ(read, 0) << "every cut loses an event that was promised";
}

TEST_F(DamageTest, PagesThatComeInAnotherOrderAreNoticed) {
    make(false);
    const std::size_t pages = whole_file.size() / 4096;
    for (std::size_t one = 0; one < pages; ++one)
        for (std::size_t other = one + 1; other < pages; ++other) {
            auto swapped = whole_file;
            std::swap_ranges(swapped.begin() + long(one * 4096), swapped.begin() + long(one * 4096 + 4096),
                             swapped.begin() + long(other * 4096));
            put(swapped, {});
            look("pages " + std::to_string(one) + " and " + std::to_string(other));
        }
    EXPECT_GT(refused, 0);
}

}  // namespace
}  // namespace keytide::ledger
