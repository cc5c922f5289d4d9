// Virtual MFA devices: a seed that an app and AWS share, and who shows its codes.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_mfa.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/randomness.hpp"
#include "lab/service_error.hpp"
#include "lab/state/tags.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::lab {

struct MfaDevice {
    std::string serial;  // arn:aws:iam::ACCOUNT:mfa/PATH/NAME
    Secret seed;
    Tags tags{};
    std::string owner{};  // the unique id of the user; empty: nobody's
    Instant enabled{};
    std::uint64_t last_step = 0;  // of the last code that was taken: none is taken twice, or older ones later

    // RFC 6238, 5.2: the code of now, or of the thirty seconds before or after.
    bool take(std::string_view code, Instant now);
    // Two codes in a row, which show that clock and seed are right: of any two steps around now.
    bool take_two(std::string_view first, std::string_view second, Instant now);
};

std::string to_base32(std::string_view bytes);  // RFC 4648, as apps take seeds

// Pointers stay valid until the device is erased.
class MfaDevices {
public:
    explicit MfaDevices(AccountId account) : account_(std::move(account)) {}

    Outcome<MfaDevice*> create(std::string_view name, std::string_view path, const Randomness& randomness);
    Outcome<void> erase(std::string_view serial);  // NoSuchEntity; DeleteConflict while it is somebody's

    Outcome<void> enable(std::string_view serial, std::string_view owner, std::string_view first_code,
                         std::string_view second_code, Instant now);
    Outcome<void> deactivate(std::string_view serial, std::string_view owner);
    Outcome<void> resynchronise(std::string_view serial, std::string_view owner, std::string_view first_code,
                                std::string_view second_code, Instant now);

    MfaDevice* find(std::string_view serial);                              // null: none
    std::vector<const MfaDevice*> owned_by(std::string_view owner) const;  // by serial number
    const std::map<std::string, MfaDevice, std::less<>>& by_serial() const { return by_serial_; }

private:
    Outcome<MfaDevice*> owned(std::string_view serial, std::string_view owner);

    AccountId account_;
    std::map<std::string, MfaDevice, std::less<>> by_serial_;
};

}  // namespace keytide::lab
