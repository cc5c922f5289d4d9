#include "ledger/verify.hpp"

#include <gmock/gmock.h>

#include "ledger/ledger_fixture.hpp"
#include "ledger/rekey.hpp"
#include "ledger/schema.hpp"

namespace keytide::ledger {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class VerifyTest : public LedgerTest {
protected:
    // 1: r-1/1, 2: r-2/1, 3: r-1/2, 4: r-1/3, 5: r-2/2, 6: r-1/4 (an intent: anchored so far)
    void SetUp() override {
        auto ledger = open();
        ASSERT_TRUE(start(*ledger, "r-1"));
        ASSERT_TRUE(start(*ledger, "r-2"));
        ASSERT_TRUE(ledger->append("r-1", 1, resumed(1)));
        ASSERT_TRUE(ledger->append("r-1", 2, resumed(2)));
        ASSERT_TRUE(ledger->append("r-2", 1, resumed(3)));
        ASSERT_TRUE(ledger->append("r-1", 3, intent(4)));
        ledger.reset();
        whole = read_file(options.database);
    }

    Verification verified() {
        auto result = verify(options, entropy);
        if (!result) throw std::runtime_error(result.error().message);
        return std::move(*result);
    }

    // The findings as texts "POSITION ROTATION/SEQUENCE WHAT", after somebody with sqlite3 did this.
    std::vector<std::string> found_after(const std::string& sql) {
        const std::string text = schema;
        const auto first = text.find("CREATE TRIGGER");
        const auto triggers = text.substr(first, text.find("-- For people") - first);
        write_file(options.database, whole);
        const auto all = "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted; " +
                         sql + "; " + triggers;
        EXPECT_EQ(meddle(all.c_str()), SQLITE_OK) << sql;
        return found();
    }
    std::vector<std::string> found() {
        std::vector<std::string> texts;
        for (const auto& finding : verified().findings)
            texts.push_back(std::to_string(finding.position) + " " + finding.rotation + "/" +
                            std::to_string(finding.sequence) + " " + finding.what);
        return texts;
    }

    std::string whole;
};

TEST_F(VerifyTest, ASoundLedgerIsToldInFacts) {
    const auto sound = verified();
    EXPECT_THAT(sound.findings, IsEmpty());
    EXPECT_EQ(sound.events.size(), 6u);
    EXPECT_EQ(sound.rotations, 2u);
    EXPECT_EQ(sound.sealed_values, 2u);
    EXPECT_EQ(sound.anchored, 6u);
    EXPECT_EQ(sound.key, open_to_read()->key());
}

TEST_F(VerifyTest, AnEmptyLedgerIsSound) {
    std::filesystem::remove_all(folder.path() / "state");
    std::filesystem::remove_all(folder.path() / "config");
    open();
    EXPECT_THAT(verified().findings, IsEmpty());
}

TEST_F(VerifyTest, ALedgerAheadOfItsAnchorIsSound) {
    ASSERT_TRUE(open()->append("r-2", 2, resumed(5)));
    const auto sound = verified();
    EXPECT_THAT(sound.findings, IsEmpty());
    EXPECT_EQ(sound.anchored, 6u) << "and tells how far the anchor goes";
}

TEST_F(VerifyTest, FindsAChangedField) {
    EXPECT_THAT(
        found_after("UPDATE events SET json = replace(json, '12:00:01', '12:00:02') WHERE position = 3"),
        ElementsAre("3 r-1/2 event 3 was changed: it is not what its chain hash was made of"));
    EXPECT_THAT(found_after("UPDATE events SET json = json || ' ' WHERE position = 6"),
                ElementsAre("6 r-1/4 event 6 was changed: it is not what its chain hash was made of"))
        << "the anchor knows the last one's";
    EXPECT_THAT(found_after("UPDATE events SET link = randomblob(32) WHERE position = 3"),
                ElementsAre("3 r-1/2 event 3 has a changed chain hash"));
    EXPECT_THAT(found_after("UPDATE events SET link = x'00' WHERE position = 6"),
                ElementsAre("6 r-1/4 event 6 has a changed chain hash"));
    EXPECT_THAT(found_after("UPDATE events SET sequence = 9 WHERE position = 4"),
                ElementsAre("4 r-1/3 event 4 had its number changed from 3 to 9"));
    EXPECT_THAT(found_after("UPDATE events SET rotation = 'r-2' WHERE position = 4"),
                ElementsAre("4 r-1/3 event 4 had its rotation changed from r-1 to r-2"));
    EXPECT_THAT(found_after("UPDATE ledger SET origin = randomblob(32)"),
                ElementsAre(HasSubstr("its own name or sealing key was changed")));
    EXPECT_THAT(
        found_after("UPDATE ledger SET id = 'other'"),
        ElementsAre(HasSubstr("its own name or sealing key was changed"), HasSubstr("there is no anchor")));
}

TEST_F(VerifyTest, FindsARemoval) {
    EXPECT_THAT(found_after("DELETE FROM events WHERE position = 3"),
                ElementsAre("3 /0 event 3 was removed; event 4 cannot be checked without it",
                            "4 r-1/2 of rotation r-1, event 2 is missing"));
    EXPECT_THAT(found_after("DELETE FROM sealed; DELETE FROM events WHERE position <= 2"),
                ElementsAre("1 /0 events 1 to 2 were removed; event 3 cannot be checked without them",
                            "3 r-1/1 of rotation r-1, event 1 is missing",
                            "5 r-2/1 of rotation r-2, event 1 is missing"));
}

TEST_F(VerifyTest, FindsAnEndThatWasCutOff) {
    EXPECT_THAT(found_after("DELETE FROM events WHERE position = 6"),
                ElementsAre("6 /0 event 6 is missing at the end: the ledger is older than its anchor, as a "
                            "restored backup is"));
    EXPECT_THAT(found_after("DELETE FROM sealed; DELETE FROM events"),
                ElementsAre(HasSubstr("1 /0 events 1 to 6 are missing at the end")));
}

TEST_F(VerifyTest, FindsAnotherOrder) {
    EXPECT_THAT(found_after("UPDATE events SET position = 99 WHERE position = 3;"
                            "UPDATE events SET position = 3 WHERE position = 4;"
                            "UPDATE events SET position = 4 WHERE position = 99"),
                ElementsAre("3 r-1/2 event 3 was moved to place 4", "4 r-1/3 event 4 was moved to place 3"));
    EXPECT_THAT(found_after("UPDATE events SET position = 99 WHERE position = 6"),
                ElementsAre("6 r-1/4 event 6 was moved to place 99"));
    EXPECT_THAT(found_after("UPDATE events SET position = -1 WHERE position = 3"),
                ElementsAre("3 r-1/2 event 3 was moved to place -1"));
    EXPECT_THAT(found_after("UPDATE events SET position = 9223372036854775807 WHERE position = 3"),
                ElementsAre("3 r-1/2 event 3 was moved to place 9223372036854775807"));
}

TEST_F(VerifyTest, FindsAnEventThatWasSlippedIn) {
    EXPECT_THAT(
        found_after("INSERT INTO events SELECT 7, rotation, 5, json, link FROM events WHERE position = 6"),
        ElementsAre("7 r-1/5 event 7 was changed, or slipped in"));
    EXPECT_THAT(
        found_after("UPDATE events SET position = 7 WHERE position = 6;"
                    "UPDATE events SET position = 6 WHERE position = 5;"
                    "INSERT INTO events SELECT 5, 'r-3', 1, json, link FROM events WHERE position = 1"),
        Contains(HasSubstr("an event was slipped in at place 5")));
}

TEST_F(VerifyTest, FindsAllOfSeveralTroubles) {
    EXPECT_THAT(found_after("DELETE FROM events WHERE position = 6;"
                            "UPDATE events SET json = '{}' WHERE position = 2;"
                            "UPDATE events SET sequence = 7 WHERE position = 5;"
                            "UPDATE sealed SET ciphertext = randomblob(60) WHERE rotation = 'r-2'"),
                ElementsAre(HasSubstr("event 2 was changed"), HasSubstr("event 5 had its number changed"),
                            HasSubstr("event 6 is missing at the end"),
                            HasSubstr("sealed secret of AKIAIOSFODNN7EXAMPLE cannot be opened")));
}

TEST_F(VerifyTest, ManyChangesInARowAreOneFinding) {
    EXPECT_THAT(found_after("UPDATE events SET json = '{}', link = randomblob(32)"),
                ElementsAre("1 /0 events 1 to 6 were changed, or slipped in",
                            HasSubstr("different histories up to event 6")));
}

TEST_F(VerifyTest, FindsValuesThatShouldHaveBeenWiped) {
    const auto row = "CREATE TEMP TABLE kept AS SELECT * FROM sealed WHERE rotation = 'r-2'";
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(connection, row, nullptr, nullptr, nullptr), SQLITE_OK);
    ASSERT_TRUE(open()->append("r-2", 2, rotation::Completed{at(9)}));
    ASSERT_EQ(sqlite3_exec(connection, "INSERT INTO sealed SELECT * FROM kept", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_close(connection);
    EXPECT_THAT(found(), ElementsAre("0 r-2/0 the sealed secret of AKIAIOSFODNN7EXAMPLE should have been "
                                     "wiped when its rotation ended"));
}

TEST_F(VerifyTest, FindsAChangedSchema) {
    EXPECT_EQ(meddle("DROP TRIGGER events_are_never_changed"), SQLITE_OK);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("its schema was changed")));
}

TEST_F(VerifyTest, HoldsTheLedgerAgainstItsAnchor) {
    const auto file = anchor_file();
    const auto line = read_file(file);
    std::filesystem::remove(file);
    EXPECT_THAT(found(), ElementsAre(HasSubstr("there is no anchor")));
    write_file(file, "6 " + std::string(64, 'a') + "\n");
    EXPECT_THAT(found(),
                ElementsAre("6 /0 the ledger and its anchor tell different histories up to event 6"));
    write_file(file, "4 " + std::string(64, 'a') + "\n");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("different histories up to event 4")));
    write_file(file, "nonsense\n");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("is damaged")));
    write_file(file, line);
    EXPECT_THAT(found(), IsEmpty());
}

// Events that make no rotation.
TEST_F(VerifyTest, NeedsNoEventToMakeSense) {
    auto ledger = open();
    ASSERT_TRUE(ledger->append("r-9", 0, rotation::SoakEnded{at(1)}));
    ASSERT_TRUE(ledger->append("r-9", 1, rotation::Delivered{at(2), "nowhere"}));
    ledger.reset();
    EXPECT_THAT(verified().findings, IsEmpty());
}

TEST_F(VerifyTest, AnotherKeyIsNoFindingButAnError) {
    write_file(options.sealing_key, std::string(32, 'x'));
    const auto refused = verify(options, entropy);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message,
                AllOf(HasSubstr("is not the one of the ledger"), HasSubstr("sealing.key (key ")));
    std::filesystem::remove(options.sealing_key);
    EXPECT_THAT(verify(options, entropy).error().message, HasSubstr("is missing"));
}

// Every byte: what is found is found in words, what is not found is harmless.
TEST_F(VerifyTest, ADamagedFileIsReadAsFarAsItCanBe) {
    std::size_t found_somewhere = 0, most_events = 0;
    for (std::size_t place = 0; place < whole.size(); place += 13) {
        auto damaged = whole;
        damaged[place] = static_cast<char>(damaged[place] ^ 0x5a);
        write_file(options.database, damaged);
        const auto result = verify(options, entropy);
        if (!result) {
            EXPECT_FALSE(result.error().message.empty()) << place;
            continue;
        }
        if (!SqliteLedger::open_to_read(options, entropy)) {
            EXPECT_FALSE(result->findings.empty()) << "opening is refused for byte " << place;
            ++found_somewhere;
            most_events = std::max(most_events, result->events.size());
        }
    }
    EXPECT_GT(found_somewhere, 50u);
    EXPECT_GE(most_events, 5u) << "one damaged event does not hide the others";
}

TEST_F(VerifyTest, APageThatIsLostDoesNotHideTheOthers) {
    auto ledger = open();
    for (int n = 4; n < 200; ++n) ASSERT_TRUE(ledger->append("r-1", ports::Sequence(n), resumed(n)));
    ASSERT_TRUE(ledger->append("r-1", 200, intent(201)));
    ledger.reset();
    whole = read_file(options.database);
    std::size_t page = whole.size() / 4096;
    const auto events_in = [&](std::size_t n) {
        return whole.substr(n * 4096, 4096).find("\"event\":\"Resumed\"") != std::string::npos;
    };
    while (!events_in(--page)) continue;
    while (!events_in(--page)) continue;
    write_file(options.database, whole.replace(page * 4096, 4096, std::string(4096, '\x55')));
    const auto result = verified();
    EXPECT_GT(result.events.size(), 100u);
    EXPECT_LT(result.events.size(), 203u);
    std::vector<std::string> texts;
    for (const auto& finding : result.findings) texts.push_back(finding.what);
    EXPECT_THAT(texts, Contains(HasSubstr("cannot be read; event ")));
    EXPECT_THAT(texts, Contains(HasSubstr("not every event can be read: ")));
}

TEST_F(VerifyTest, ChangesNothing) {
    const auto before = read_file(anchor_file());
    std::filesystem::remove(anchor_file());
    found();
    EXPECT_TRUE(std::filesystem::is_empty(options.anchors)) << "whose file was " << before;
    EXPECT_EQ(read_file(options.database), whole);
}

TEST_F(VerifyTest, WhoHasAnOldKeyCannotRewriteThePast) {
    const auto old = load_sealing_key(options.sealing_key);
    ASSERT_TRUE(rekey(options, nullptr, entropy));
    whole = read_file(options.database);
    EXPECT_THAT(found(), IsEmpty());

    // A forger makes all links of the past again, with the key that made them.
    const auto chain = Chain::make(*old);
    auto link = chain->origin(verified().ledger_id);
    std::string sql = "DROP TRIGGER events_are_never_changed;";
    for (auto event : verified().events) {
        if (event.position == 3) event.json.replace(event.json.find("12:00:01"), 8, "12:00:00");
        link = chain->next(link, std::uint64_t(event.position), event.rotation, std::uint64_t(event.sequence),
                           event.json);
        sql += "UPDATE events SET json = '" + event.json + "', link = x'" + to_hex(link) +
               "' WHERE position = " + std::to_string(event.position) + ";";
    }
    const std::string text = schema;
    const auto first = text.find("CREATE TRIGGER events_are_never_changed");
    sql += text.substr(first, text.find("CREATE TRIGGER events_are_never_deleted") - first);
    ASSERT_EQ(meddle(sql.c_str()), SQLITE_OK);
    write_file(anchor_file(), "6 " + to_hex(link) + "\n");
    EXPECT_THAT(found(), ElementsAre(HasSubstr("the history up to event 6 is not the one of the day when the "
                                               "sealing key was changed")));
    EXPECT_THAT(refusal().message, HasSubstr("not whole"));
}

}  // namespace
}  // namespace keytide::ledger
