#include "ledger/sqlite_ledger.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include "ledger/ledger_fixture.hpp"
#include "ledger/schema.hpp"

namespace keytide::ledger {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class SqliteLedgerTest : public LedgerTest {
protected:
    std::string sealed_bytes() {
        sqlite3* connection = nullptr;
        EXPECT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(connection, "SELECT ciphertext FROM sealed", -1, &statement, nullptr);
        EXPECT_EQ(sqlite3_step(statement), SQLITE_ROW);
        std::string bytes(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                          std::size_t(sqlite3_column_bytes(statement, 0)));
        sqlite3_finalize(statement);
        sqlite3_close(connection);
        return bytes;
    }
};

TEST_F(SqliteLedgerTest, GivesBackWhatWasAppended) {
    {
        auto ledger = open();
        ASSERT_TRUE(start(*ledger, "r-1"));
        EXPECT_EQ(ledger->append("r-1", 1, resumed(1)), 2u);
        ASSERT_TRUE(start(*ledger, "r-0"));
        EXPECT_EQ(ledger->append("r-1", 2, resumed(2)), 3u);
    }
    auto ledger = open();
    EXPECT_EQ(ledger->rotations(), (std::vector<rotation::RotationId>{"r-1", "r-0"})) << "oldest first";
    const auto events = ledger->events("r-1");
    ASSERT_TRUE(events);
    ASSERT_EQ(events->size(), 3u);
    EXPECT_EQ((*events)[2].sequence, 3u);
    EXPECT_EQ(to_json((*events)[0].event), to_json(started()));
    EXPECT_EQ(to_json((*events)[2].event), to_json(resumed(2)));
    EXPECT_TRUE(ledger->unseal("r-1", old_key().id)->same_as(old_key()));
}

TEST_F(SqliteLedgerTest, AnUnknownRotationIsAnError) {
    EXPECT_THAT(open()->events("r-none").error().message, HasSubstr("knows no rotation r-none"));
}

TEST_F(SqliteLedgerTest, WhoHasNotSeenTheNewestEventCannotWrite) {
    auto one = open(), other = open();
    ASSERT_TRUE(start(*one, "r-1"));
    ASSERT_EQ(other->append("r-1", 1, resumed(1)), 2u) << "the other sees what the one wrote";
    const auto late = one->append("r-1", 1, resumed(2));
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, ErrorKind::busy);
    EXPECT_EQ(one->append("r-1", 0, started()).error().kind, ErrorKind::busy) << "nor begin it again";
    EXPECT_EQ(one->append("r-2", 7, resumed(2)).error().kind, ErrorKind::busy);
    EXPECT_EQ(one->events("r-1")->size(), 2u);
    EXPECT_EQ(one->append("r-1", 2, resumed(3)), 3u);
}

TEST_F(SqliteLedgerTest, AnObservationIsNotRecorded) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    EXPECT_FALSE(ledger->append("r-1", 1, rotation::EvidenceMissing{at(1), "?", "?"}));
    EXPECT_EQ(ledger->events("r-1")->size(), 1u);
}

TEST_F(SqliteLedgerTest, ALockedLedgerIsBusyAndNothingIsLost) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open(options.database.c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    const auto refused = ledger->append("r-1", 1, resumed(1));
    EXPECT_EQ(refused.error().kind, ErrorKind::busy);
    EXPECT_THAT(refused.error().message, HasSubstr("locked by another program"));
    EXPECT_EQ(open_to_read()->events("r-1")->size(), 1u) << "reading goes on meanwhile";
    sqlite3_close(other);
    EXPECT_EQ(ledger->append("r-1", 1, resumed(1)), 2u);
}

TEST_F(SqliteLedgerTest, AKeyAndItsEventAreOneTransaction) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    auto another = new_key();
    another.id = old_key().id;  // another secret under a sealed id
    const std::array<const AccessKey*, 1> keys{&another};
    EXPECT_THAT(ledger->append("r-1", 1, resumed(1), keys).error().message, HasSubstr("another secret of"));
    EXPECT_EQ(ledger->events("r-1")->size(), 1u);
    const auto same = old_key();
    const std::array<const AccessKey*, 1> again{&same};
    EXPECT_EQ(ledger->append("r-1", 1, resumed(1), again), 2u) << "the same secret twice is no trouble";
}

TEST_F(SqliteLedgerTest, ASessionTokenIsSealedToo) {
    auto ledger = open();
    const AccessKey session{id("ASIAIOSFODNN7EXAMPLE"), Secret(old_secret), Secret("token-EXAMPLE")};
    const std::array<const AccessKey*, 1> keys{&session};
    ASSERT_TRUE(ledger->append("r-1", 0, started(), keys));
    EXPECT_EQ(ledger->unseal("r-1", session.id)->session_token.reveal(), "token-EXAMPLE");
}

TEST_F(SqliteLedgerTest, NoFileEverHoldsASecretInClear) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    EXPECT_THAT(files_with(old_secret), IsEmpty());
    const auto key = new_key();
    const std::array<const AccessKey*, 1> keys{&key};
    ASSERT_TRUE(ledger->append("r-1", 1, rotation::KeyCreated{at(1), key.id}, keys));
    ASSERT_TRUE(ledger->reserve());
    EXPECT_THAT(files_with(old_secret), IsEmpty());
    EXPECT_THAT(files_with(new_secret), IsEmpty());
    EXPECT_FALSE(files_with("KeyCreated").empty()) << "else the search itself is broken";
}

TEST_F(SqliteLedgerTest, TheEndWipesTheSealedValuesOfItsRotationEverywhere) {
    for (const auto& end : {rotation::Event{rotation::Completed{at(9)}},
                            rotation::Event{rotation::RolledBack{at(9), "the new key never worked"}}}) {
        auto ledger = open();
        const auto rotation = "r-" + std::to_string(end.index());
        ASSERT_TRUE(start(*ledger, rotation));
        const auto sealed = sealed_bytes();
        ASSERT_FALSE(files_with(sealed).empty());
        ASSERT_TRUE(ledger->append(rotation, 1, end));
        EXPECT_THAT(files_with(sealed), IsEmpty()) << "while the ledger is still open";
        EXPECT_THAT(ledger->unseal(rotation, old_key().id).error().message, HasSubstr("wiped"));
    }
}

// Many at once, so that the pages of the table split and merge: copies of sealed values could stay in gaps.
TEST_F(SqliteLedgerTest, WipedValuesLeaveNothingBehindInGapsOfPages) {
    auto ledger = open();
    std::vector<std::string> needles;
    const auto name = [](int n) { return "r-" + std::to_string(n * 7919 % 200); };
    for (int n = 0; n < 200; ++n) ASSERT_TRUE(start(*ledger, name(n)));
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection, "SELECT ciphertext FROM sealed", -1, &statement, nullptr);
    while (sqlite3_step(statement) == SQLITE_ROW)
        needles.emplace_back(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                             std::size_t(sqlite3_column_bytes(statement, 0)));
    sqlite3_finalize(statement);
    sqlite3_close(connection);
    ASSERT_EQ(needles.size(), 200u);
    for (int n = 0; n < 200; ++n) ASSERT_TRUE(ledger->append(name(n), 1, rotation::Completed{at(9)}));
    for (const auto& needle : needles) EXPECT_THAT(files_with(needle), IsEmpty());
}

TEST_F(SqliteLedgerTest, AReaderInTheWayOfTheWipeIsWaitedForLater) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    ASSERT_TRUE(start(*ledger, "r-2"));
    sqlite3* reader = nullptr;
    ASSERT_EQ(sqlite3_open(options.database.c_str(), &reader), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(reader, "BEGIN; SELECT count(*) FROM events", nullptr, nullptr, nullptr),
              SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(reader, "SELECT ciphertext FROM sealed WHERE rotation = 'r-1'", -1, &statement,
                       nullptr);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    const std::string sealed(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                             std::size_t(sqlite3_column_bytes(statement, 0)));
    sqlite3_finalize(statement);
    ASSERT_TRUE(ledger->append("r-1", 1, rotation::Completed{at(9)})) << "the end is recorded all the same";
    EXPECT_FALSE(ledger->unseal("r-1", old_key().id));
    sqlite3_close(reader);
    ASSERT_TRUE(ledger->append("r-2", 1, resumed(1)));
    EXPECT_THAT(files_with(sealed), IsEmpty());
}

TEST_F(SqliteLedgerTest, WipingOneRotationKeepsTheOthers) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    ASSERT_TRUE(start(*ledger, "r-2"));
    ASSERT_TRUE(ledger->append("r-1", 1, rotation::Completed{at(9)}));
    EXPECT_TRUE(ledger->unseal("r-2", old_key().id)->same_as(old_key()));
}

TEST_F(SqliteLedgerTest, EverythingIsPrivate) {
    const mode_t before = umask(0);
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    umask(before);
    int files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path())) {
        EXPECT_EQ(mode_of(entry.path()), entry.is_directory() ? 0700u : 0600u) << entry.path();
        files += entry.is_regular_file() ? 1 : 0;
    }
    EXPECT_GE(files, 5) << "database, -wal, -shm, key, anchor";
}

TEST_F(SqliteLedgerTest, AFileThatOthersMayReadIsRefused) {
    open();
    chmod(options.database.c_str(), 0640);
    EXPECT_THAT(refusal().message, HasSubstr("open to other users"));
}

TEST_F(SqliteLedgerTest, LookingMakesNothing) {
    EXPECT_FALSE(SqliteLedger::exists(options));
    const auto nothing = SqliteLedger::open_to_read(options, entropy);
    ASSERT_FALSE(nothing);
    EXPECT_THAT(nothing.error().message, HasSubstr("there is no ledger"));
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST_F(SqliteLedgerTest, LookingFollowsAWriterAndChangesNothing) {
    auto writer = open();
    ASSERT_TRUE(start(*writer, "r-1"));
    auto reader = open_to_read();
    EXPECT_EQ(reader->events("r-1")->size(), 1u);
    ASSERT_TRUE(writer->append("r-1", 1, resumed(1)));
    EXPECT_EQ(reader->events("r-1")->size(), 2u);
    EXPECT_FALSE(reader->append("r-1", 2, resumed(2)));
    EXPECT_FALSE(reader->reserve());
    EXPECT_EQ(writer->events("r-1")->size(), 2u);
}

TEST_F(SqliteLedgerTest, EventsCannotBeChangedByAccident) {
    start(*open(), "r-1");
    EXPECT_NE(meddle("DELETE FROM events"), SQLITE_OK);
    EXPECT_NE(meddle("UPDATE events SET rotation = 'r-2'"), SQLITE_OK);
    EXPECT_EQ(open()->events("r-1")->size(), 1u);
}

TEST_F(SqliteLedgerTest, EventsCanBeReadWithSqlite3) {
    start(*open(), "r-1");
    sqlite3* connection = nullptr;
    ASSERT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
    sqlite3_stmt* statement = nullptr;
    sqlite3_prepare_v2(connection, "SELECT name, at FROM history", -1, &statement, nullptr);
    ASSERT_EQ(sqlite3_step(statement), SQLITE_ROW);
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 0)), "Started");
    EXPECT_STREQ(reinterpret_cast<const char*>(sqlite3_column_text(statement, 1)),
                 "2026-01-31T12:00:00.000Z");
    sqlite3_finalize(statement);
    sqlite3_close(connection);
}

TEST_F(SqliteLedgerTest, MeddlingIsFound) {
    {
        auto ledger = open();
        ASSERT_TRUE(start(*ledger, "r-1"));
        ASSERT_TRUE(start(*ledger, "r-2"));
        for (int n = 1; n < 3; ++n) ASSERT_TRUE(ledger->append("r-1", ports::Sequence(n), resumed(n)));
        ASSERT_TRUE(ledger->append("r-1", 3, intent(3)));  // up to which the anchor tells
    }
    const auto whole = read_file(options.database);
    // The triggers are put back afterwards, as somebody would who knows of the schema's check.
    const std::string without_triggers =
        "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_deleted;";
    const std::string text = schema;
    const auto first = text.find("CREATE TRIGGER");
    const auto triggers = text.substr(first, text.find("-- For people") - first);
    for (const auto* sql : {
             "UPDATE events SET json = replace(json, '12:00:01', '12:00:02') WHERE position = 3;",
             "UPDATE events SET sequence = 9 WHERE position = 5;",
             "UPDATE events SET rotation = 'r-2' WHERE position = 5;",
             "UPDATE events SET rotation = 'r-9' WHERE rotation = 'r-1';",
             "DELETE FROM events WHERE position = 3;",
             "DELETE FROM events WHERE position = 5;",
             "DELETE FROM sealed; DELETE FROM events;",
             "UPDATE events SET position = 6 WHERE position = 5;",
             "UPDATE events SET position = 9 WHERE position = 3; UPDATE events SET position = 3 WHERE "
             "position = 4;"
             "UPDATE events SET position = 4 WHERE position = 9;",
             "INSERT INTO events SELECT 6, rotation, 5, json, link FROM events WHERE position = 5;",
             "UPDATE ledger SET id = 'other';",
         }) {
        write_file(options.database, whole);
        ASSERT_EQ(meddle((without_triggers + sql + triggers).c_str()), SQLITE_OK) << sql;
        EXPECT_FALSE(SqliteLedger::open(options, entropy)) << sql;
        EXPECT_FALSE(SqliteLedger::open_to_read(options, entropy)) << sql;
    }
    write_file(options.database, whole);
    ASSERT_EQ(meddle("DROP TRIGGER events_are_never_deleted"), SQLITE_OK);
    EXPECT_THAT(refusal().message, HasSubstr("schema was changed"));
    write_file(options.database, whole);
    EXPECT_EQ(open()->events("r-1")->size(), 4u);
}

TEST_F(SqliteLedgerTest, MeddlingIsFoundWhileTheLedgerIsOpen) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    ASSERT_TRUE(ledger->append("r-1", 1, resumed(1)));
    ASSERT_EQ(meddle("DROP TRIGGER events_are_never_changed; "
                     "UPDATE events SET json = replace(json, 'bob', 'eve') WHERE position = 1"),
              SQLITE_OK);
    EXPECT_THAT(ledger->events("r-1").error().message, HasSubstr("not whole"));
}

TEST_F(SqliteLedgerTest, ASealedValueIsBoundToItsRotationAndKey) {
    {
        auto ledger = open();
        ASSERT_TRUE(start(*ledger, "r-1"));
        const auto key = new_key();
        const std::array<const AccessKey*, 1> keys{&key};
        ASSERT_TRUE(ledger->append("r-2", 0, started(), keys));
    }
    ASSERT_EQ(meddle("UPDATE sealed SET rotation = 'r-3' WHERE rotation = 'r-1';"
                     "UPDATE sealed SET rotation = 'r-1', access_key_id = 'AKIAIOSFODNN7EXAMPLE' "
                     "WHERE rotation = 'r-2'"),
              SQLITE_OK);
    EXPECT_THAT(open()->unseal("r-1", old_key().id).error().message, HasSubstr("cannot be opened"));
}

TEST_F(SqliteLedgerTest, AMissingSealingKeyIsNeverReplaced) {
    start(*open(), "r-1");
    std::filesystem::remove(options.sealing_key);
    EXPECT_THAT(refusal().message, HasSubstr("sealing.key is missing"));
    EXPECT_FALSE(std::filesystem::exists(options.sealing_key));
}

TEST_F(SqliteLedgerTest, AnotherSealingKeyIsCalledThat) {
    start(*open(), "r-1");
    write_file(options.sealing_key, std::string(32, 'x'));
    EXPECT_THAT(refusal().message, HasSubstr("is not the one of the ledger"));
}

TEST_F(SqliteLedgerTest, ALedgerOfTheFutureIsNotGuessedAt) {
    open();
    ASSERT_EQ(meddle("PRAGMA user_version=3"), SQLITE_OK);
    EXPECT_THAT(refusal().message, HasSubstr("has the schema 3"));
}

TEST_F(SqliteLedgerTest, AFileOfSomebodyElseIsRefusedAndKept) {
    open();
    for (const std::string& bytes : {std::string(), std::string("not a database"), std::string(5000, '\0')}) {
        write_file(options.database, bytes);
        write_file(options.sealing_key, std::string(32, 'x'));
        EXPECT_FALSE(refusal().message.empty());
        EXPECT_EQ(read_file(options.database), bytes);
    }
}

TEST_F(SqliteLedgerTest, ALogWithoutItsLedgerIsNotMixedIntoANewOne) {
    open();
    std::filesystem::rename(options.database, options.database.string() + "-wal");
    EXPECT_THAT(refusal().message, HasSubstr("-wal is there without"));
}

TEST_F(SqliteLedgerTest, AReadOnlyPlaceIsAnError) {
    std::filesystem::create_directory(folder.path() / "file");
    write_file(folder.path() / "file/x", "");
    options.database = folder.path() / "file/x/ledger.sqlite";
    EXPECT_FALSE(refusal().message.empty());
    options.database = "/proc/keytide/ledger.sqlite";  // nobody, not even root, can make a folder there
    EXPECT_FALSE(refusal().message.empty());
}

}  // namespace
}  // namespace keytide::ledger
