#include "ledger/chain.hpp"

#include <gtest/gtest.h>

#include <set>

namespace keytide::ledger {
namespace {

TEST(Chain, EverythingThatAnEventIsMakesItsLink) {
    const auto chain = Chain::make(Secret(std::string(32, 'k')));
    const auto other_key = Chain::make(Secret(std::string(32, 'x')));
    const auto origin = chain->origin("ledger");
    const std::set<Link> links{
        origin,
        chain->origin("other ledger"),
        other_key->origin("ledger"),
        chain->next(origin, 1, "r-1", 1, "{}"),
        other_key->next(origin, 1, "r-1", 1, "{}"),
        chain->next(chain->origin("other ledger"), 1, "r-1", 1, "{}"),
        chain->next(origin, 2, "r-1", 1, "{}"),
        chain->next(origin, 1, "r-2", 1, "{}"),
        chain->next(origin, 1, "r-1", 2, "{}"),
        chain->next(origin, 1, "r-1", 1, "{} "),
        chain->next(origin, 1, "r-1{", 1, "}"),  // not merely the texts one after the other
    };
    EXPECT_EQ(links.size(), 11u);
    EXPECT_EQ(chain->next(origin, 1, "r-1", 1, "{}"), chain->next(origin, 1, "r-1", 1, "{}"));
}

// Computed with Python's hashlib.blake2b: a change of these bytes would make every ledger unreadable.
TEST(Chain, StaysReadableByLaterVersions) {
    const auto chain = Chain::make(Secret("0123456789abcdef0123456789abcdef"));
    const auto origin = chain->origin("00112233445566778899aabbccddeeff");
    EXPECT_EQ(to_hex(origin), "fb4b7b9127f82151cdecb176b636a9cd22cb9934e691ed6370f2301c3115785c");
    EXPECT_EQ(to_hex(chain->next(origin, 1, "r-20260131T120000Z-1a2b3c", 1, R"({"v":1})")),
              "a353be2091bdab58398b8a568a902563786ca5bfbfae7d4c3ca1e1e0fe3186d1");
}

TEST(Chain, WantsAWholeKey) {
    EXPECT_FALSE(Chain::make(Secret("too short")));
}

}  // namespace
}  // namespace keytide::ledger
