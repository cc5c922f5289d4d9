#include "ledger/anchor.hpp"

#include <gmock/gmock.h>

#include "ledger/file_lock.hpp"
#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {
namespace {

using testing::HasSubstr;

Head head(std::uint64_t count, unsigned char byte) {
    Head result{count, {}};
    result.link.fill(byte);
    return result;
}

class AnchorTest : public testing::Test {
protected:
    Folder folder;
    std::filesystem::path file = folder.path() / "anchor";
    Anchor anchor{file, std::chrono::milliseconds{20}};
};

TEST_F(AnchorTest, RemembersEachLedgerApart) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    ASSERT_TRUE(anchor.advance("two", head(5, 0xcd)));
    EXPECT_EQ(**anchor.read("one"), head(3, 0xab));
    EXPECT_EQ(**anchor.read("two"), head(5, 0xcd));
    EXPECT_FALSE(*anchor.read("three"));
    EXPECT_EQ(mode_of(file), 0600u);
}

TEST_F(AnchorTest, NeverGoesBack) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    ASSERT_TRUE(anchor.advance("one", head(2, 0xcd)));
    EXPECT_EQ(**anchor.read("one"), head(3, 0xab));
}

TEST_F(AnchorTest, DamageIsAnErrorAndIsNotWrittenOver) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    const auto whole = read_file(file);
    std::vector<std::string> damaged{
        whole + "more", "one\n",
        " 3 ab\n",      "one -3 " + std::string(64, 'a') + "\n",
        whole + whole,  "one 99999999999999999999999 " + std::string(64, 'a') + "\n"};
    for (std::size_t length = 1; length < whole.size(); ++length) damaged.push_back(whole.substr(0, length));
    for (const auto& text : damaged) {
        write_file(file, text);
        EXPECT_FALSE(anchor.read("one")) << text;
        EXPECT_FALSE(anchor.advance("one", head(4, 0xab))) << text;
        EXPECT_EQ(read_file(file), text);
    }
}

TEST_F(AnchorTest, AProcessThatHangsWhileWritingHoldsNobodyUpForEver) {
    const auto held = FileLock::try_acquire(file.string() + ".lock");
    ASSERT_TRUE(held && *held);
    const auto refused = anchor.advance("one", head(1, 1));
    EXPECT_EQ(refused.error().kind, ErrorKind::busy);
    EXPECT_THAT(refused.error().message, HasSubstr(std::to_string(getpid())));
}

class AnchoredLedgerTest : public LedgerTest {};

TEST_F(AnchoredLedgerTest, ALedgerBehindItsAnchorNeverActs) {
    start(*open(), "r-1");
    const auto yesterday = read_file(options.database);
    ASSERT_TRUE(open()->append("r-1", 1, resumed(1)));
    write_file(options.database, yesterday);
    EXPECT_THAT(refusal().message, HasSubstr("older than its anchor"));
    EXPECT_FALSE(SqliteLedger::open_to_read(options, entropy));
}

TEST_F(AnchoredLedgerTest, ALedgerThatWentAnotherWayNeverActs) {
    start(*open(), "r-1");
    const auto yesterday = read_file(options.database), anchor_then = read_file(options.anchor);
    ASSERT_TRUE(open()->append("r-1", 1, resumed(1)));
    const auto anchor_now = read_file(options.anchor);
    write_file(options.database, yesterday);
    write_file(options.anchor, anchor_then);
    ASSERT_TRUE(open()->append("r-1", 1, resumed(2)));
    write_file(options.anchor, anchor_now);
    EXPECT_THAT(refusal().message, HasSubstr("different histories"));
}

// What a crash between the commit and the anchor leaves behind.
TEST_F(AnchoredLedgerTest, ALedgerAheadOfItsAnchorGoesOn) {
    start(*open(), "r-1");
    const auto before = read_file(options.anchor);
    ASSERT_TRUE(open()->append("r-1", 1, resumed(1)));
    const auto after = read_file(options.anchor);
    write_file(options.anchor, before);
    open_to_read();
    EXPECT_EQ(read_file(options.anchor), before) << "looking writes nothing";
    EXPECT_EQ(open()->events("r-1")->size(), 2u);
    EXPECT_EQ(read_file(options.anchor), after);
}

TEST_F(AnchoredLedgerTest, AMissingAnchorIsNotTakenForAnEmptyOne) {
    start(*open(), "r-1");
    const auto line = read_file(options.anchor);
    std::filesystem::remove(options.anchor);
    const auto refused = refusal();
    EXPECT_THAT(refused.message, HasSubstr("knows nothing of this ledger"));
    EXPECT_THAT(refused.hint, HasSubstr(line.substr(0, line.size() - 1))) << "the person may put it back";
}

TEST_F(AnchoredLedgerTest, AnAnchorThatCannotBeWrittenIsToldBeforeTheNextEvent) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    const auto held = FileLock::try_acquire(options.anchor.string() + ".lock");
    ASSERT_TRUE(held && *held);
    EXPECT_EQ(ledger->reserve().error().kind, ErrorKind::busy) << "before a call that needs its outcome kept";
    EXPECT_EQ(ledger->append("r-1", 1, resumed(1)), 2u) << "what is committed is not called failed";
    EXPECT_EQ(ledger->append("r-1", 2, resumed(2)).error().kind, ErrorKind::busy);
    EXPECT_EQ(ledger->events("r-1")->size(), 2u);
}

TEST_F(AnchoredLedgerTest, AnEventMayNotVanishWhileTheLedgerIsOpen) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    ASSERT_TRUE(ledger->append("r-1", 1, resumed(1)));
    ASSERT_EQ(meddle("DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE position = 2"),
              SQLITE_OK);
    EXPECT_THAT(ledger->append("r-1", 2, resumed(2)).error().message, HasSubstr("not whole"));
    EXPECT_FALSE(ledger->reserve());
}

}  // namespace
}  // namespace keytide::ledger
