#include "ledger/hand_out_record.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

namespace keytide::ledger {
namespace {

using namespace std::chrono_literals;

class HandOutRecordTest : public testing::Test {
protected:
    void SetUp() override {
        std::string name = testing::TempDir() + "keytide-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    static Result<AccessKey> old_key() {
        return AccessKey{*AccessKeyId::parse("AKIAOLD"), Secret("the secret"), {}};
    }

    std::filesystem::path folder;
    const Instant noon{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31} + 12h};
    const AccessKeyId old_id = *AccessKeyId::parse("AKIAOLD");
};

TEST_F(HandOutRecordTest, KnowsTheLatestOfEachKeyAcrossProcesses) {
    ASSERT_TRUE(HandOutRecord(folder / "handed-out").hand_out(old_key, noon + 2h));
    ASSERT_TRUE(HandOutRecord(folder / "handed-out").hand_out(old_key, noon + 1h));
    HandOutRecord later(folder / "handed-out");
    EXPECT_EQ(later.latest(old_id).value(), std::optional(noon + 2h));
    EXPECT_EQ(later.latest(*AccessKeyId::parse("AKIANEW")).value(), std::nullopt);
}

TEST_F(HandOutRecordTest, IsEmptyWhereNothingWasEverHandedOutAndMakesNothingThen) {
    EXPECT_EQ(HandOutRecord(folder / "handed-out").latest(old_id).value(), std::nullopt);
    EXPECT_FALSE(std::filesystem::exists(folder / "handed-out"));
}

TEST_F(HandOutRecordTest, HoldsNoSecretAndIsNobodyElses) {
    ASSERT_TRUE(HandOutRecord(folder / "handed-out").hand_out(old_key, noon));
    for (const auto& entry : std::filesystem::directory_iterator(folder / "handed-out")) {
        struct stat status {};
        ASSERT_EQ(stat(entry.path().c_str(), &status), 0);
        EXPECT_EQ(status.st_mode & 0777, 0600u);
        std::string text;
        std::getline(std::ifstream(entry.path()), text, '\0');
        EXPECT_EQ(text.find("the secret"), std::string::npos);
    }
}

TEST_F(HandOutRecordTest, GivesNoKeyThatCouldNotBeRecorded) {
    ASSERT_TRUE(HandOutRecord(folder / "handed-out").hand_out(old_key, noon));
    std::filesystem::remove(folder / "handed-out" / "AKIAOLD.until");
    std::filesystem::create_directory(folder / "handed-out" / "AKIAOLD.until");
    EXPECT_FALSE(HandOutRecord(folder / "handed-out").hand_out(old_key, noon));
}

TEST_F(HandOutRecordTest, WhatCannotBeReadIsNotTakenForNothing) {
    HandOutRecord record(folder / "handed-out");
    ASSERT_TRUE(record.hand_out(old_key, noon));
    std::ofstream(folder / "handed-out" / "AKIAOLD.until") << "soon\n";
    EXPECT_FALSE(record.latest(old_id));
    EXPECT_FALSE(record.hand_out(old_key, noon));
}

}  // namespace
}  // namespace keytide::ledger
