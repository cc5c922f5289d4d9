#include "evidence/bundle.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <boost/json.hpp>

namespace keytide::evidence {
namespace {

namespace json = boost::json;

const Instant noon = *parse_rfc3339("2026-11-26T12:00:00Z");

ledger::Link link_number(unsigned char n) {
    ledger::Link link{};
    link.fill(n);
    return link;
}

SigningKey key_of(char seed) {
    return SigningKey::from_seed(Secret(std::string(32, seed))).value();
}

std::string event(int position, int sequence, const std::string& rotation = "r-1") {
    return fmt::format(
        R"({{"position":{},"rotation":"{}","sequence":{},"hash":"{}","event":{{"v":1,"event":"Resumed","at":"x"}}}})",
        position, rotation, sequence, ledger::to_hex(link_number((unsigned char)position)));
}

Contents some() {
    return {.ledger = "0123",
            .by = "eve@host",
            .from = noon,
            .to = noon + std::chrono::hours{24},
            .made = noon + std::chrono::hours{48},
            .before = ledger::Head{4, link_number(4)},
            .ledger_head = {9, link_number(9)},
            .summary = {"r-1 bob: completed"},
            .events = {event(5, 3), event(6, 1, "r-2"), event(7, 4)}};
}

std::string bundle(const Contents& contents = some()) {
    return to_bundle(contents, key_of('k')) + "\n";
}

std::vector<std::string> findings(const std::string& text, const std::optional<ledger::Head>& anchor = {}) {
    return verify(text, key_of('k').public_key(), anchor).findings;
}

struct Bundles : testing::Test {
    void SetUp() override { ASSERT_GE(sodium_init(), 0); }
};

TEST_F(Bundles, AreVerifiedWithThePublicKeyAlone) {
    const auto read = verify(bundle(), key_of('k').public_key(), {});
    EXPECT_EQ(read.findings, std::vector<std::string>{});
    EXPECT_EQ(read.ledger, "0123");
    EXPECT_EQ(read.events, 3u);
    EXPECT_EQ(read.rotations, 2u);
    EXPECT_EQ(read.first, 5u);
    EXPECT_EQ(read.last, 7u);
    EXPECT_EQ(read.summary, (std::vector<std::string>{"r-1 bob: completed"}));
    EXPECT_EQ(read.from, "2026-11-26T12:00:00Z");
}

TEST_F(Bundles, OfAnotherKeyAreNotBelieved) {
    const auto read = verify(bundle(), key_of('x').public_key(), {});
    EXPECT_EQ(read.findings.size(), 1u);
    EXPECT_TRUE(read.summary.empty());
}

TEST_F(Bundles, ShowEveryChangeOfEveryByte) {
    const auto whole = bundle();
    ASSERT_TRUE(findings(whole).empty());
    for (std::size_t i = 0; i < whole.size(); ++i)
        for (const int flip : {1, 4, 32, 128}) {
            auto changed = whole;
            changed[i] = char(changed[i] ^ flip);
            EXPECT_FALSE(findings(changed).empty()) << "byte " << i << " xor " << flip;
        }
}

TEST_F(Bundles, ShowEveryByteThatIsMissingOrAdded) {
    const auto whole = bundle();
    for (std::size_t i = 0; i < whole.size(); ++i) {
        auto changed = whole;
        changed.erase(i, 1);
        EXPECT_FALSE(findings(changed).empty()) << "without byte " << i;
        EXPECT_FALSE(findings(whole.substr(0, i)).empty()) << "cut off at " << i;
        changed = whole;
        changed.insert(i, 1, ' ');
        EXPECT_FALSE(findings(changed).empty()) << "a space at " << i;
    }
    EXPECT_FALSE(findings(whole + "\n").empty());
    EXPECT_FALSE(findings("\n" + whole).empty());
    EXPECT_FALSE(findings(whole + whole).empty());
}

// Whoever has the key could sign anything. A ledger that was tampered with before is told, too.
TEST_F(Bundles, ShowWhatWasRemovedBeforeTheSignature) {
    auto contents = some();
    contents.events.erase(contents.events.begin() + 1);
    EXPECT_EQ(findings(bundle(contents)), (std::vector<std::string>{"events 6 to 6 are missing"}));
    contents = some();
    std::swap(contents.events[0], contents.events[2]);
    EXPECT_FALSE(findings(bundle(contents)).empty());
    contents = some();
    contents.events[2] = event(7, 5);
    EXPECT_EQ(findings(bundle(contents)),
              (std::vector<std::string>{"of rotation r-1, event 5 does not follow event 3"}));
    contents = some();
    contents.events.erase(contents.events.begin());
    EXPECT_FALSE(findings(bundle(contents)).empty()) << "the beginning is held against the head before it";
}

TEST_F(Bundles, AreHeldAgainstAnAnchor) {
    const auto whole = bundle();
    EXPECT_TRUE(findings(whole, ledger::Head{6, link_number(6)}).empty());
    EXPECT_TRUE(findings(whole, ledger::Head{9, link_number(9)}).empty());
    EXPECT_TRUE(findings(whole, ledger::Head{4, link_number(4)}).empty());
    EXPECT_EQ(findings(whole, ledger::Head{6, link_number(1)}).size(), 1u) << "another history";
    EXPECT_EQ(findings(whole, ledger::Head{10, link_number(10)}),
              (std::vector<std::string>{
                  "its ledger ended with event 9, and the anchor knows of 10: the end was cut off"}));
}

TEST_F(Bundles, MayBeEmpty) {
    auto contents = some();
    contents.events.clear();
    const auto read = verify(bundle(contents), key_of('k').public_key(), {});
    EXPECT_TRUE(read.findings.empty());
    EXPECT_EQ(read.events, 0u);
}

TEST_F(Bundles, ThatAreNoneAreTold) {
    EXPECT_FALSE(findings("").empty());
    EXPECT_FALSE(findings("\n").empty());
    EXPECT_FALSE(findings("{\"signature\":\"\"}\n").empty());
    EXPECT_FALSE(findings("{\"signature\":\"}\n").empty());
}

TEST(Anchors, AreACountAndALink) {
    const auto hex = ledger::to_hex(link_number(7));
    EXPECT_EQ(read_anchor("12 " + hex + "\n").value(), (ledger::Head{12, link_number(7)}));
    for (const auto& wrong : {std::string(), std::string("12"), "x " + hex, " " + hex, "12 " + hex.substr(2),
                              "99999999999999999999999 " + hex, "12 " + hex + "0"})
        EXPECT_FALSE(read_anchor(wrong)) << wrong;
}

TEST(PublicKeys, HaveOneSpelling) {
    const auto text = key_of('k').public_key().base64();
    EXPECT_EQ(PublicKey::from_base64(" " + text + "\n")->base64(), text);
    EXPECT_FALSE(PublicKey::from_base64(text.substr(0, 43)));
    EXPECT_FALSE(PublicKey::from_base64(""));
    EXPECT_FALSE(PublicKey::from_base64(text + text));
}

// RFC 8032, section 7.1, test 1.
TEST(Ed25519, IsThatOfTheRfc) {
    std::string seed(32, '\0');
    sodium_hex2bin(reinterpret_cast<unsigned char*>(seed.data()), 32,
                   "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60", 64, nullptr, nullptr,
                   nullptr);
    const auto key = SigningKey::from_seed(Secret(seed)).value();
    EXPECT_EQ(key.public_key().base64(), "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
    EXPECT_EQ(to_base64(key.sign("")),
              "5VZDAMNgrHKQhuLMgG6CioSHfx645dl02HPgZSJJAVVfuIIVkKM7rMYeOXAc+bRr0lv18FlbviRlUUFDjnoQCw==");
}

}  // namespace
}  // namespace keytide::evidence
