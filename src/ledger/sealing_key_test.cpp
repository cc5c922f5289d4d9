#include "ledger/sealing_key.hpp"

#include <gmock/gmock.h>

#include "ledger/ledger_fixture.hpp"
#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

using testing::HasSubstr;

class SealingKeyTest : public testing::Test {
protected:
    Folder folder;
    std::filesystem::path file = folder.path() / "config/keytide/sealing.key";
    SeededEntropy entropy;
};

TEST_F(SealingKeyTest, IsMadeOnceAndKept) {
    EXPECT_FALSE(load_sealing_key(file)) << "loading makes nothing";
    EXPECT_FALSE(std::filesystem::exists(file.parent_path()));
    const auto made = load_or_make_sealing_key(file, entropy);
    ASSERT_TRUE(made) << made.error().message;
    EXPECT_EQ(made->size(), 32u);
    EXPECT_TRUE(load_or_make_sealing_key(file, entropy)->same_as(*made));
    EXPECT_TRUE(load_sealing_key(file)->same_as(*made));
    EXPECT_EQ(mode_of(file), 0600u);
    EXPECT_EQ(mode_of(file.parent_path()), 0700u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(file.parent_path()), {}), 1)
        << "nothing else is left there";
}

// The loser of the race finds the winner's file just before it would give its own the name.
TEST_F(SealingKeyTest, WhoComesSecondTakesTheKeyOfTheFirst) {
    class Slow final : public ports::Entropy {
    public:
        explicit Slow(std::filesystem::path key_file) : file(std::move(key_file)) {}
        void fill(std::span<std::byte> bytes) override {
            SeededEntropy(2).fill(bytes);
            SeededEntropy first(1);
            ASSERT_TRUE(load_or_make_sealing_key(file, first));
        }
        std::filesystem::path file;
    } slow(file);
    const auto second = load_or_make_sealing_key(file, slow);
    ASSERT_TRUE(second);
    EXPECT_TRUE(second->same_as(*load_sealing_key(file)));
    std::string expected(32, '\0');
    SeededEntropy(1).fill(std::as_writable_bytes(std::span(expected)));
    EXPECT_EQ(second->reveal(), expected);
}

TEST_F(SealingKeyTest, ManyProcessesAtOnceEndWithOneKey) {
    std::vector<pid_t> processes;
    for (unsigned n = 1; n <= 8; ++n)
        processes.push_back(in_another_process([&] {
            SeededEntropy own(n);
            const auto key = load_or_make_sealing_key(file, own);
            return key && key->same_as(*load_sealing_key(file));
        }));
    const auto first = load_or_make_sealing_key(file, entropy);
    for (const auto process : processes) EXPECT_TRUE(ended_well(process));
    EXPECT_TRUE(first->same_as(*load_sealing_key(file)));
}

TEST_F(SealingKeyTest, IsRefusedWhenOthersCouldKnowIt) {
    ASSERT_TRUE(load_or_make_sealing_key(file, entropy));
    for (const mode_t mode : {0640u, 0604u, 0620u, 0660u}) {
        chmod(file.c_str(), mode);
        EXPECT_THAT(load_sealing_key(file).error().message, HasSubstr("open to other users")) << mode;
    }
    chmod(file.c_str(), 0400);
    EXPECT_TRUE(load_sealing_key(file));
    chmod(file.parent_path().c_str(), 0770);
    EXPECT_FALSE(load_or_make_sealing_key(file, entropy)) << "others could put another key there";
}

TEST_F(SealingKeyTest, IsRefusedWhenItIsNotAKey) {
    ASSERT_TRUE(make_private_folder(file.parent_path()));
    for (const std::size_t length : {0u, 31u, 33u}) {
        write_file(file, std::string(length, 'x'));
        EXPECT_THAT(load_or_make_sealing_key(file, entropy).error().message, HasSubstr("instead of 32"));
        EXPECT_EQ(read_file(file).size(), length) << "and is kept";
    }
    std::filesystem::remove(file);
    ASSERT_EQ(mkfifo(file.c_str(), 0600), 0);
    EXPECT_THAT(load_sealing_key(file).error().message, HasSubstr("not a regular file"));
    std::filesystem::remove(file);
    std::filesystem::create_directory(file);
    EXPECT_FALSE(load_sealing_key(file));
}

TEST_F(SealingKeyTest, IsReadFromBase64AndFromNothingLike) {
    const std::string text = "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=";
    for (const auto& given : {text, text + "\n", " \t" + text + "\r\n\n"}) {
        const auto key = sealing_key_from_base64(given, "X");
        ASSERT_TRUE(key) << given;
        EXPECT_EQ(key->reveal(), std::string(32, 'A'));
        EXPECT_TRUE(sealing_key_from_bytes(given, "X")->same_as(*key));
    }
    for (const auto& wrong :
         {std::string(), std::string("  "), std::string(32, 'A'), text.substr(1), text.substr(0, 43),
          text + "=", text + text, "QUFB " + text.substr(4), text + "\nmore", std::string("QUFB"),
          std::string("QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"), std::string(5000, 'Q')}) {
        const auto key = sealing_key_from_base64(wrong, "X");
        ASSERT_FALSE(key) << wrong;
        EXPECT_EQ(key.error().kind, ErrorKind::usage);
        EXPECT_THAT(key.error().message, HasSubstr("X holds no sealing key"));
    }
    EXPECT_EQ(sealing_key_from_bytes(std::string(32, '\n'), "X")->reveal(), std::string(32, '\n'))
        << "32 bytes are the key as they are";
    EXPECT_FALSE(sealing_key_from_bytes(std::string(31, 'x'), "X"));
}

}  // namespace
}  // namespace keytide::ledger
