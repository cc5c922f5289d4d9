#include "ledger/anchor.hpp"

#include <gmock/gmock.h>

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
    Anchor anchor{folder.path() / "anchors"};
};

TEST_F(AnchorTest, RemembersEachLedgerApart) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    ASSERT_TRUE(anchor.advance("two", head(4, 0xcd)));
    ASSERT_TRUE(anchor.advance("two", head(5, 0xef)));
    EXPECT_EQ(**anchor.read("one"), head(3, 0xab));
    EXPECT_EQ(**anchor.read("two"), head(5, 0xef));
    EXPECT_FALSE(*anchor.read("three"));
    EXPECT_EQ(mode_of(anchor.file("one")), 0600u);
    EXPECT_EQ(mode_of(anchor.file("two")), 0600u);
    EXPECT_EQ(mode_of(folder.path() / "anchors"), 0700u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path() / "anchors"), {}), 2)
        << "nothing half-made is left";
}

TEST_F(AnchorTest, NeverGoesBack) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    ASSERT_TRUE(anchor.advance("one", head(2, 0xcd)));
    EXPECT_EQ(**anchor.read("one"), head(3, 0xab));
}

TEST_F(AnchorTest, IsNotWrittenAgainWhenNothingIsNew) {
    const auto inode = [&] {
        struct stat status {};
        stat(anchor.file("one").c_str(), &status);
        return status.st_ino;
    };
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    const auto first = inode();
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    EXPECT_EQ(inode(), first);
    ASSERT_TRUE(anchor.advance("one", head(4, 0xab)));
    EXPECT_NE(inode(), first) << "else the first comparison says nothing";
}

TEST_F(AnchorTest, DamageIsAnErrorAndIsNotWrittenOver) {
    ASSERT_TRUE(anchor.advance("one", head(3, 0xab)));
    const auto whole = read_file(anchor.file("one"));
    EXPECT_EQ(whole, "3 " + to_hex(head(3, 0xab).link) + "\n");
    const std::string link(64, 'a');
    std::vector<std::string> damaged{whole + "more",
                                     whole + whole,
                                     whole + '\0',
                                     "one " + whole,
                                     " " + whole,
                                     "0" + whole,
                                     "3\n",
                                     "-3 " + link + "\n",
                                     "3  " + link + "\n",
                                     "3 " + link + " ",
                                     "3 " + std::string(64, 'A') + "\n",
                                     "3 " + std::string(64, 'g') + "\n",
                                     "99999999999999999999999 " + link + "\n"};
    for (std::size_t length = 0; length < whole.size(); ++length) damaged.push_back(whole.substr(0, length));
    for (const auto& text : damaged) {
        write_file(anchor.file("one"), text);
        EXPECT_FALSE(anchor.read("one")) << text;
        EXPECT_FALSE(anchor.advance("one", head(4, 0xab))) << text;
        EXPECT_EQ(read_file(anchor.file("one")), text);
    }
}

// A race may leave an older head, but never half of one.
TEST_F(AnchorTest, ProcessesThatWriteAtOnceNeitherWaitNorFail) {
    std::vector<pid_t> processes;
    for (unsigned char p = 1; p <= 3; ++p)
        processes.push_back(in_another_process([&] {
            for (std::uint64_t n = 1; n <= 100; ++n)
                if (!anchor.advance("one", head(n, p))) return false;
            return true;
        }));
    for (const auto process : processes) EXPECT_TRUE(ended_well(process));
    const auto last = anchor.read("one");
    ASSERT_TRUE(last && *last);
    ASSERT_TRUE(anchor.advance("one", head(101, 0xab)));
    EXPECT_EQ(**anchor.read("one"), head(101, 0xab));
}

class AnchoredLedgerTest : public LedgerTest {};

TEST_F(AnchoredLedgerTest, ALedgerBehindItsAnchorNeverActs) {
    start(*open(), "r-1");
    const auto yesterday = read_file(options.database);
    ASSERT_TRUE(open()->append("r-1", 1, intent(1)));
    write_file(options.database, yesterday);
    EXPECT_THAT(refusal().message, HasSubstr("older than its anchor"));
    EXPECT_FALSE(SqliteLedger::open_to_read(options, entropy));
}

TEST_F(AnchoredLedgerTest, ALedgerThatWentAnotherWayNeverActs) {
    start(*open(), "r-1");
    const auto yesterday = read_file(options.database), anchor_then = read_file(anchor_file());
    ASSERT_TRUE(open()->append("r-1", 1, intent(1)));
    const auto anchor_now = read_file(anchor_file());
    write_file(options.database, yesterday);
    write_file(anchor_file(), anchor_then);
    ASSERT_TRUE(open()->append("r-1", 1, intent(2)));
    write_file(anchor_file(), anchor_now);
    EXPECT_THAT(refusal().message, HasSubstr("different histories"));
}

// What a crash between the commit and the anchor leaves behind.
TEST_F(AnchoredLedgerTest, ALedgerAheadOfItsAnchorGoesOn) {
    start(*open(), "r-1");
    const auto before = read_file(anchor_file());
    ASSERT_TRUE(open()->append("r-1", 1, intent(1)));
    const auto after = read_file(anchor_file());
    write_file(anchor_file(), before);
    open_to_read();
    EXPECT_EQ(read_file(anchor_file()), before) << "looking writes nothing";
    EXPECT_EQ(open()->events("r-1")->size(), 2u);
    EXPECT_EQ(read_file(anchor_file()), after);
}

TEST_F(AnchoredLedgerTest, AMissingAnchorIsNotTakenForAnEmptyOne) {
    start(*open(), "r-1");
    open();
    const auto file = anchor_file();
    const auto line = read_file(file);
    std::filesystem::remove(file);
    const auto refused = refusal();
    EXPECT_THAT(refused.message, HasSubstr("knows nothing of this ledger"));
    EXPECT_THAT(refused.hint, HasSubstr(line.substr(0, line.size() - 1))) << "the person may put it back";
    write_file(file, line);
    EXPECT_EQ(open()->events("r-1")->size(), 1u);
}

TEST_F(AnchoredLedgerTest, IsAnchoredBeforeACallCanLeaveAndAtTheEnds) {
    auto ledger = open();
    const Anchor anchor(options.anchors);
    const auto id = anchor_file().filename().string();
    const auto anchored = [&] { return (*anchor.read(id))->count; };
    EXPECT_EQ(anchored(), 0u) << "at opening";
    ASSERT_TRUE(start(*ledger, "r-1"));
    EXPECT_EQ(anchored(), 0u) << "what is no intent waits for the next";
    ASSERT_TRUE(ledger->reserve());
    EXPECT_EQ(anchored(), 1u) << "in reserve()";

    const auto key = new_key().id;
    ports::Sequence last = 1;
    for (const auto& intended :
         {rotation::Event{rotation::CreateIntended{at(1), "nonceabc", {"boot", 1, 2}, std::nullopt}},
          intent(2), rotation::Event{rotation::DeleteIntended{at(3), rotation::Which::old_key, key, key}}}) {
        ASSERT_TRUE(ledger->append("r-1", last, resumed(int(last))));
        ASSERT_EQ(ledger->append("r-1", last + 1, intended), last + 2);
        last += 2;
        EXPECT_EQ(anchored(), last) << name_of(intended);
    }
    ASSERT_TRUE(ledger->append("r-1", last, resumed(9)));
    EXPECT_EQ(anchored(), last);
    ASSERT_TRUE(ledger->append("r-1", last + 1, rotation::Completed{at(10)}));
    EXPECT_EQ(anchored(), last + 2) << "at the end";
}

TEST_F(AnchoredLedgerTest, AnIntentThatCannotBeAnchoredMakesNoCallAndNothingElseIsRefused) {
    auto ledger = open();
    ASSERT_TRUE(start(*ledger, "r-1"));
    const auto aside = folder.path() / "aside";
    std::filesystem::rename(options.anchors, aside);
    write_file(options.anchors, "in the way");
    const auto reserved = ledger->reserve();
    ASSERT_FALSE(reserved);
    EXPECT_THAT(reserved.error().message, HasSubstr("is not a folder")) << "before anything is recorded";
    const auto refused = ledger->append("r-1", 1, intent(1));
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().message, HasSubstr("DeliverIntended is recorded but not anchored"));
    EXPECT_EQ(ledger->events("r-1")->size(), 2u) << "whoever resumes sees that a call was meant";
    EXPECT_EQ(ledger->append("r-1", 2, rotation::Delivered{at(2), "profile:x"}), 3u)
        << "a fact that another call left is kept";
    EXPECT_EQ(ledger->append("r-1", 3, rotation::Completed{at(3)}), 4u);

    std::filesystem::remove(options.anchors);
    std::filesystem::rename(aside, options.anchors);
    EXPECT_TRUE(start(*ledger, "r-2"));
    EXPECT_EQ(ledger->append("r-2", 1, intent(1)), 2u);
    EXPECT_TRUE(read_file(anchor_file()).starts_with("6 ")) << "what was missing is made good";
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
