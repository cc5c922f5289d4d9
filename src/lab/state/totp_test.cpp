#include "lab/state/totp.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"
#include "lab/state/mfa_devices.hpp"

namespace keytide::lab {
namespace {

// RFC 6238, appendix B, of whose eight digits these are the last six.
TEST(Totp, GivesTheCodesOfTheRfc) {
    const Secret seed("12345678901234567890");
    const auto at = [](std::int64_t seconds) { return totp_step(Instant(std::chrono::seconds(seconds))); };
    EXPECT_EQ(totp_code(seed, at(59)), "287082");
    EXPECT_EQ(totp_code(seed, at(1111111109)), "081804");
    EXPECT_EQ(totp_code(seed, at(1111111111)), "050471");
    EXPECT_EQ(totp_code(seed, at(1234567890)), "005924");
    EXPECT_EQ(totp_code(seed, at(2000000000)), "279037");
    EXPECT_EQ(totp_code(seed, at(20000000000)), "353130");
}

// RFC 4648, section 10, without padding.
TEST(Totp, SeedsAreWrittenInBase32) {
    EXPECT_EQ(to_base32(""), "");
    EXPECT_EQ(to_base32("f"), "MY");
    EXPECT_EQ(to_base32("foob"), "MZXW6YQ");
    EXPECT_EQ(to_base32("foobar"), "MZXW6YTBOI");
}

TEST(Totp, ACodeIsTakenOnceAndNoneThatIsOlder) {
    MfaDevice device{.serial = "arn:aws:iam::123456789012:mfa/bob", .seed = Secret("12345678901234567890")};
    const auto step = totp_step(noon);
    const auto code = [&](std::uint64_t at) { return totp_code(device.seed, at); };
    EXPECT_FALSE(device.take(code(step + 2), noon));
    EXPECT_FALSE(device.take(code(step - 2), noon));
    EXPECT_TRUE(device.take(code(step), noon));
    EXPECT_FALSE(device.take(code(step), noon));
    EXPECT_FALSE(device.take(code(step - 1), noon));
    EXPECT_TRUE(device.take(code(step + 1), noon)) << "a device that is half a minute fast";
}

}  // namespace
}  // namespace keytide::lab
