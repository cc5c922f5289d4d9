#include "ledger/rekey.hpp"

#include <gmock/gmock.h>

#include "ledger/ledger_fixture.hpp"
#include "ledger/verify.hpp"

namespace keytide::ledger {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class RekeyTest : public LedgerTest {
protected:
    GivenKey given(char letter) { return {Secret(std::string(32, letter)), std::string("the ") + letter}; }
    void expect_sound() {
        const auto result = verify(options, entropy);
        ASSERT_TRUE(result) << result.error().message;
        for (const auto& finding : result->findings) ADD_FAILURE() << finding.what;
    }
    std::vector<std::string> sealed_bytes() {
        std::vector<std::string> all;
        sqlite3* connection = nullptr;
        EXPECT_EQ(sqlite3_open(options.database.c_str(), &connection), SQLITE_OK);
        sqlite3_stmt* statement = nullptr;
        sqlite3_prepare_v2(connection, "SELECT ciphertext FROM sealed", -1, &statement, nullptr);
        while (sqlite3_step(statement) == SQLITE_ROW)
            all.emplace_back(static_cast<const char*>(sqlite3_column_blob(statement, 0)),
                             std::size_t(sqlite3_column_bytes(statement, 0)));
        sqlite3_finalize(statement);
        sqlite3_close(connection);
        return all;
    }
};

TEST_F(RekeyTest, EverythingIsAsItWasUnderAnotherKey) {
    ASSERT_TRUE(start(*open(), "r-1"));
    ASSERT_TRUE(start(*open(), "r-2"));
    ASSERT_TRUE(open()->append("r-2", 1, rotation::Completed{at(1)}));
    const auto before = everything(*open()), anchored = read_file(anchor_file());
    const auto old_key = read_file(options.sealing_key);
    const auto values = sealed_bytes();
    ASSERT_EQ(values.size(), 1u);

    const auto rekeyed = rekey(options, nullptr, entropy);
    ASSERT_TRUE(rekeyed) << rekeyed.error().message;
    EXPECT_EQ(rekeyed->resealed, 1u);
    EXPECT_NE(rekeyed->old_key, rekeyed->new_key);
    EXPECT_NE(read_file(options.sealing_key), old_key);
    EXPECT_EQ(mode_of(options.sealing_key), 0600u);
    EXPECT_FALSE(has_new_key(options.sealing_key));
    EXPECT_THAT(files_with(values[0]), IsEmpty()) << "nothing remains that the old key opens";
    EXPECT_EQ(open()->key(), rekeyed->new_key);
    EXPECT_EQ(everything(*open()), before);
    EXPECT_EQ(read_file(anchor_file()), anchored) << "no link has changed";
    EXPECT_TRUE(open()->unseal("r-1", LedgerTest::old_key().id)->same_as(LedgerTest::old_key()));
    expect_sound();

    write_file(options.sealing_key, old_key);
    const auto refused = refusal();
    EXPECT_THAT(refused.message, HasSubstr("is not the one of the ledger"));
    EXPECT_THAT(refused.message, HasSubstr(rekeyed->old_key));
    EXPECT_THAT(refused.message, HasSubstr(rekeyed->new_key));
}

TEST_F(RekeyTest, TheLogHoldsNoValueThatTheOldKeyOpensAlsoWhileTheLedgerIsOpen) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    const auto values = sealed_bytes();
    ASSERT_EQ(values.size(), 1u);
    ASSERT_FALSE(files_with(values[0]).empty());
    ASSERT_TRUE(ledger->rekey(given('n').key, entropy));
    EXPECT_THAT(files_with(values[0]), IsEmpty());
}

TEST_F(RekeyTest, AgainAndAgainWithEventsBetweenAndWithout) {
    open();
    ASSERT_TRUE(rekey(options, nullptr, entropy)) << "a ledger without events";
    ASSERT_TRUE(start(*open(), "r-1"));
    for (int n = 1; n < 6; ++n) {
        ASSERT_TRUE(rekey(options, nullptr, entropy));
        if (n % 2 == 0) {
            ASSERT_TRUE(rekey(options, nullptr, entropy));
        }
        expect_sound();
        const auto sequence = open()->events("r-1")->size();
        ASSERT_TRUE(open()->append("r-1", sequence, intent(n)));
        expect_sound();
    }
    EXPECT_EQ(open()->events("r-1")->size(), 6u);
    EXPECT_TRUE(open()->unseal("r-1", old_key().id)->same_as(old_key()));
}

TEST_F(RekeyTest, NobodyElseHasTheLedgerOpenMeanwhile) {
    auto other = open();
    ASSERT_TRUE(start(*other, "r-1"));
    const auto busy = rekey(options, nullptr, entropy);
    ASSERT_FALSE(busy);
    EXPECT_EQ(busy.error().kind, ErrorKind::busy);
    ASSERT_TRUE(other->append("r-1", 1, resumed(1))) << "whoever was at work goes on";
    other.reset();
    auto reader = open_to_read();
    EXPECT_FALSE(rekey(options, nullptr, entropy));
    reader.reset();
    ASSERT_TRUE(rekey(options, nullptr, entropy));
    expect_sound();
}

TEST_F(RekeyTest, WhileTheKeyIsChangedNobodyLooks) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    ASSERT_TRUE(ledger->rekey(given('n').key, entropy));
    EXPECT_EQ(refusal().kind, ErrorKind::busy);
    EXPECT_EQ(SqliteLedger::open_to_read(options, entropy).error().kind, ErrorKind::busy);
    EXPECT_EQ(verify(options, entropy).error().kind, ErrorKind::busy);
    EXPECT_TRUE(ledger->append("r-1", 1, resumed(1))) << "and it goes on under the new key";
    EXPECT_TRUE(ledger->unseal("r-1", old_key().id)->same_as(old_key()));
}

TEST_F(RekeyTest, AKeyThatTheFileDoesNotHoldIsTheCallersToKeep) {
    const auto first = given('a'), second = given('b');
    options.given_key = &first;
    ASSERT_TRUE(start(*open(), "r-1"));
    EXPECT_FALSE(std::filesystem::exists(options.sealing_key)) << "no file is made beside a given key";

    const auto nowhere = rekey(options, nullptr, entropy);
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().kind, ErrorKind::usage);
    EXPECT_THAT(nowhere.error().hint, HasSubstr("--new-key-file"));

    ASSERT_TRUE(rekey(options, &second, entropy));
    EXPECT_FALSE(std::filesystem::exists(options.sealing_key));
    EXPECT_THAT(refusal().message, HasSubstr("the a (key "));
    const auto again = rekey(options, &second, entropy);
    ASSERT_TRUE(again) << "as after a crash: it has happened already";
    EXPECT_EQ(again->old_key, "");
    options.given_key = &second;
    EXPECT_TRUE(open()->unseal("r-1", old_key().id)->same_as(old_key()));
    expect_sound();
    const auto third = given('c');
    options.given_key = &first;
    EXPECT_THAT(rekey(options, &third, entropy).error().message, HasSubstr("is not the one of the ledger"));
}

TEST_F(RekeyTest, AWantedKeyTakesTheFile) {
    ASSERT_TRUE(start(*open(), "r-1"));
    const auto wanted = given('w');
    ASSERT_TRUE(rekey(options, &wanted, entropy));
    EXPECT_EQ(read_file(options.sealing_key), std::string(32, 'w'));
    EXPECT_EQ(rekey(options, &wanted, entropy)->old_key, "") << "it has it already";
    EXPECT_FALSE(has_new_key(options.sealing_key));
    expect_sound();
}

TEST_F(RekeyTest, AnotherKeyThanTheOneThatWasBegunWithIsRefused) {
    ASSERT_TRUE(start(*open(), "r-1"));
    const auto begun = given('b'), other = given('o');
    ASSERT_TRUE(prepare_new_key(options.sealing_key, &begun.key, entropy));
    EXPECT_THAT(rekey(options, &other, entropy).error().message, HasSubstr("holds another new key"));
    ASSERT_TRUE(rekey(options, nullptr, entropy));
    EXPECT_EQ(read_file(options.sealing_key), std::string(32, 'b')) << "the one that was begun with";
}

TEST_F(RekeyTest, AValueThatDoesNotOpenStopsItAndNothingIsChanged) {
    ASSERT_TRUE(start(*open(), "r-1"));
    ASSERT_TRUE(start(*open(), "r-2"));
    ASSERT_EQ(meddle("UPDATE sealed SET ciphertext = randomblob(64) WHERE rotation = 'r-2'"), SQLITE_OK);
    const auto key = read_file(options.sealing_key);
    EXPECT_THAT(rekey(options, nullptr, entropy).error().message, HasSubstr("cannot be opened"));
    EXPECT_EQ(read_file(options.sealing_key), key);
    EXPECT_TRUE(open()->unseal("r-1", old_key().id)->same_as(old_key()));
}

TEST_F(RekeyTest, ALedgerFromBeforeTheChangeNeverActs) {
    ASSERT_TRUE(start(*open(), "r-1"));
    const auto yesterday = read_file(options.database), key = read_file(options.sealing_key);
    ASSERT_TRUE(rekey(options, nullptr, entropy));
    ASSERT_TRUE(open()->append("r-1", 1, intent(1)));
    write_file(options.database, yesterday);
    EXPECT_THAT(refusal().message, HasSubstr("is not the one of the ledger"));
    write_file(options.sealing_key, key);
    EXPECT_THAT(refusal().message, HasSubstr("older than its anchor")) << "nor with the key of that time";
}

TEST_F(RekeyTest, WithoutALedgerThereIsNothingToDo) {
    EXPECT_EQ(rekey(options, nullptr, entropy).error().kind, ErrorKind::usage);
    EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace keytide::ledger
