#include "ledger/sealing.hpp"

#include <gtest/gtest.h>

#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {
namespace {

class SealingTest : public testing::Test {
protected:
    SeededEntropy entropy;
    Sealing sealing = std::move(*Sealing::make(Secret(std::string(32, 'k')), entropy));
    AccessKey key{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret(old_secret), Secret("token")};
};

TEST_F(SealingTest, OpensWhatItSealed) {
    const auto sealed = sealing.seal("r-1", key);
    const auto back = sealing.unseal("r-1", key.id, *sealed);
    ASSERT_TRUE(back);
    EXPECT_TRUE(back->same_as(key));
    EXPECT_EQ(back->session_token.reveal(), "token");
    EXPECT_EQ(sealed->ciphertext.find(old_secret.substr(0, 8)), std::string::npos);
    EXPECT_TRUE(sealing.prove_round_trip());
}

TEST_F(SealingTest, OpensForNobodyElse) {
    const auto sealed = *sealing.seal("r-1", key);
    EXPECT_FALSE(sealing.unseal("r-2", key.id, sealed));
    EXPECT_FALSE(sealing.unseal("r-1", *AccessKeyId::parse("AKIAI44QH8DHBEXAMPLE"), sealed));
    const auto other = Sealing::make(Secret(std::string(32, 'x')), entropy);
    EXPECT_FALSE(other->unseal("r-1", key.id, sealed));
    EXPECT_FALSE(Sealing::make(Secret("too short"), entropy));
}

TEST_F(SealingTest, NoticesEveryChangedBitAndEveryCut) {
    const auto sealed = *sealing.seal("r-1", key);
    for (std::size_t bit = 0; bit < 8 * sealed.ciphertext.size(); ++bit) {
        auto changed = sealed;
        changed.ciphertext[bit / 8] = static_cast<char>(changed.ciphertext[bit / 8] ^ 1 << bit % 8);
        EXPECT_FALSE(sealing.unseal("r-1", key.id, changed));
    }
    for (std::size_t length = 0; length < sealed.ciphertext.size(); ++length)
        EXPECT_FALSE(sealing.unseal("r-1", key.id, {sealed.nonce, sealed.ciphertext.substr(0, length)}));
    EXPECT_FALSE(sealing.unseal("r-1", key.id, {sealed.nonce.substr(1), sealed.ciphertext}));
}

TEST_F(SealingTest, NeverSealsTwiceTheSameWay) {
    const auto one = *sealing.seal("r-1", key), two = *sealing.seal("r-1", key);
    EXPECT_NE(one.nonce, two.nonce);
    EXPECT_NE(one.ciphertext, two.ciphertext);
}

}  // namespace
}  // namespace keytide::ledger
