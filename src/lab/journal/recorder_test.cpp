#include "lab/journal/recorder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::HasSubstr;

class Durable : public ::testing::Test {
protected:
    Durable() {
        std::string name = "/tmp/keytide-journal-XXXXXX";
        folder_ = mkdtemp(name.data());
    }
    ~Durable() override { std::filesystem::remove_all(folder_); }

    Result<Lab> open(std::uint64_t luck = 1, std::optional<AccessKey> root = std::nullopt,
                     AccountId account = "123456789012") {
        return Lab::open({.account_ids = {std::move(account)}, .root_key = std::move(root), .created = noon},
                         seeded_randomness(luck), folder_);
    }

    std::filesystem::path folder_;
};

TEST_F(Durable, ALabIsWhereItWasWithWhateverLuckItBeginsAgain) {
    std::string user_id;
    AccessKey key = example_root_key(), root = example_root_key();
    {
        auto lab = open();
        ASSERT_TRUE(lab) << lab.error().message;
        root = lab->root_key().clone();
        const auto client = root_of(*lab);
        user_id = client.iam("CreateUser", {{"UserName", "bob"}}).text("//UserId");
        key = created_key(client.iam("CreateAccessKey", {{"UserName", "bob"}}));
        EXPECT_EQ((Client{*lab, key.clone()}.sts("GetCallerIdentity").status()), 200);
    }
    auto lab = open(2);
    ASSERT_TRUE(lab) << lab.error().message;
    EXPECT_TRUE(lab->root_key().same_as(root));
    EXPECT_EQ(root_of(*lab).iam("GetUser", {{"UserName", "bob"}}).text("//UserId"), user_id);
    EXPECT_EQ((Client{*lab, key.clone()}.sts("GetCallerIdentity").status()), 200);
    EXPECT_EQ(
        root_of(*lab).iam("GetAccessKeyLastUsed", {{"AccessKeyId", key.id.text()}}).text("//LastUsedDate"),
        "2026-01-31T12:00:00Z");
}

TEST_F(Durable, ReadingWritesNothing) {
    auto lab = open();
    ASSERT_TRUE(lab);
    const auto client = root_of(*lab);
    client.iam("CreateUser", {{"UserName", "bob"}});
    const auto size = [&] {
        std::uintmax_t all = 0;
        for (const auto& file : std::filesystem::directory_iterator(folder_)) all += file.file_size();
        return all;
    };
    const auto before = size();
    for (int i = 0; i < 20; ++i) {
        client.iam("GetUser", {{"UserName", "bob"}});
        client.query("cloudformation", "DescribeStacks");
        client.s3("GET", "/");
    }
    EXPECT_EQ(size(), before);
}

// What one replica took and another one would not have is taken again at the next start, however late or
// early that one hears of changes.
TEST_F(Durable, WhatAReplicaTookThatHadNotHeardIsTakenAgain) {
    using namespace std::chrono_literals;
    auto key = example_root_key(), late = example_root_key();
    {
        auto lab = open();
        ASSERT_TRUE(lab);
        make_user(*lab, "bob");
        root_of(*lab).iam("PutUserPolicy",
                          {{"UserName", "bob"}, {"PolicyName", "all"}, {"PolicyDocument", allow_everything}});
        key = created_key(root_of(*lab).iam("CreateAccessKey", {{"UserName", "bob"}}));
        lab->set_propagation({.replicas = {{}, {.created = 1h, .deleted = 10s, .policies = 10s}}});
        ASSERT_EQ(root_of(*lab)
                      .iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", key.id.text()}})
                      .status(),
                  200);
        root_of(*lab).iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "all"}});
        const Client gone{*lab, key.clone()};
        EXPECT_EQ(gone.iam("CreateUser", {{"UserName", "of-nobody"}}).code(), "InvalidClientTokenId");
        EXPECT_EQ(gone.iam("CreateUser", {{"UserName", "of-one-who-had-not-heard"}}).status(), 200);
        late = created_key(root_of(*lab).iam("CreateAccessKey", {}));
    }
    for (const bool late_again : {false, true}) {
        auto lab = open();
        ASSERT_TRUE(lab) << lab.error().message;
        EXPECT_EQ(root_of(*lab).iam("GetUser", {{"UserName", "of-one-who-had-not-heard"}}).status(), 200);
        EXPECT_EQ(root_of(*lab).iam("GetUser", {{"UserName", "of-nobody"}}).code(), "NoSuchEntity");
        if (late_again) lab->set_propagation({.replicas = {{.created = 1h}}});
        EXPECT_EQ((Client{*lab, late.clone()}.sts("GetCallerIdentity").code()),
                  late_again ? "InvalidClientTokenId" : "")
            << "what is too new is so after the start, too";
    }
}

TEST_F(Durable, OneLabAtATimeAndTheSameOne) {
    {
        auto lab = open();
        ASSERT_TRUE(lab);
        auto second = open();
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().kind, ErrorKind::busy);
    }
    EXPECT_EQ(open(1, std::nullopt, "000000000042").error().kind, ErrorKind::usage);
    EXPECT_THAT(open(1, example_root_key()).error().message, HasSubstr("has the root key"));
    EXPECT_TRUE(open());
}

TEST(RepeatableRandomness, DrawsTheSameLotsForTheSameSeedInAnyPortions) {
    journal::RepeatableRandomness one(seeded_randomness(1)), other(seeded_randomness(2));
    const auto seed = one.draw_seed();
    one.follow(seed);
    other.follow(seed);
    auto in_portions = draw_letters(other.randomness(), 33);
    in_portions += draw_letters(other.randomness(), 67);
    EXPECT_EQ(draw_letters(one.randomness(), 100), in_portions);
    one.stop();
    other.stop();
    EXPECT_NE(draw_letters(one.randomness(), 20), draw_letters(other.randomness(), 20));
}

TEST_F(Durable, PasswordsAreKnownAgainAndWrittenNowhere) {
    constexpr const char* first = "First-secret-1";
    constexpr const char* second = "Second-secret-2";
    AccessKey key = example_root_key();
    {
        auto lab = open();
        ASSERT_TRUE(lab);
        const auto bob = make_user(*lab, "bob", allow_everything);
        key = bob.key.clone();
        const auto root = root_of(*lab);
        EXPECT_EQ(root.iam("CreateLoginProfile", {{"UserName", "bob"}, {"Password", first}}).status(), 200);
        EXPECT_EQ(root.iam("CreateAccountAlias", {{"AccountAlias", "acme"}}).status(), 200);
        EXPECT_EQ(root.iam("GenerateCredentialReport").status(), 200);
        EXPECT_EQ(bob.iam("ChangePassword", {{"OldPassword", first}, {"NewPassword", second}}).status(), 200);
    }
    for (const auto& file : std::filesystem::directory_iterator(folder_)) {
        std::ifstream in(file.path(), std::ios::binary);
        const std::string bytes{std::istreambuf_iterator<char>(in), {}};
        for (const char* password : {first, second})
            EXPECT_EQ(bytes.find(password), std::string::npos) << file.path();
    }
    auto lab = open(2);
    ASSERT_TRUE(lab) << lab.error().message;
    const auto root = root_of(*lab);
    EXPECT_EQ(root.iam("ListAccountAliases").text("//member"), "acme");
    EXPECT_EQ(root.iam("GetCredentialReport").code(), "ReportInProgress");
    const Client bob{*lab, std::move(key)};
    EXPECT_EQ(bob.iam("ChangePassword", {{"OldPassword", first}, {"NewPassword", second}}).code(),
              "AccessDenied");
    EXPECT_EQ(bob.iam("ChangePassword", {{"OldPassword", second}, {"NewPassword", first}}).status(), 200);
    ASSERT_TRUE(lab->reset(noon));
    EXPECT_EQ(root_of(*lab).iam("ListAccountAliases").count("//member"), 0U);
    EXPECT_EQ(root_of(*lab).iam("GetCredentialReport").code(), "ReportNotPresent");
}

}  // namespace
}  // namespace keytide::lab
