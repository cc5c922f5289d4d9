#include "signature/signing_keys.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace keytide::signature {
namespace {

Scope on_day(int day) {
    return {"202601" + std::to_string(10 + day), "us-east-1", "s3"};
}

TEST(SigningKeys, AreFoundByTheirScopeUntilEightLaterOnesCame) {
    const Secret secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
    SigningKeys keys;
    EXPECT_EQ(keys.find(on_day(0)), nullptr);
    for (int day = 0; day < 9; ++day) {
        keys.keep(SigningKey(secret, on_day(day)));
        for (int earlier = std::max(0, day - 7); earlier <= day; ++earlier) {
            const auto* found = keys.find(on_day(earlier));
            ASSERT_NE(found, nullptr) << earlier << " of " << day;
            EXPECT_EQ(found->sign("text"), SigningKey(secret, on_day(earlier)).sign("text"));
        }
    }
    EXPECT_EQ(keys.find(on_day(0)), nullptr);
}

}  // namespace
}  // namespace keytide::signature
