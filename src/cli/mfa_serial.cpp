#include "cli/mfa_serial.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace keytide::cli {

using credentials::KeySource;

Result<std::string> mfa_serial_for(const std::optional<std::string>& named,
                                   const credentials::Settings& settings, const KeySource& source) {
    if (source.key.is_temporary()) {
        if (!named || named->empty()) return "";
        return usage_error("temporary credentials sign, and no session with MFA is given to them",
                           "leave --serial-number away, or sign with a long-term key; nothing was changed");
    }
    const bool of_profile = source.origin != KeySource::Origin::environment;
    const auto& setting = settings.mfa_serial;
    const auto serial = named ? *named : of_profile && setting ? setting->value : "";
    const auto from = named ? "--serial-number" : setting ? setting->from : "";
    const auto fits = [](unsigned char c) {
        return c < 0x80 && (std::isalnum(c) != 0 || std::string_view("_+=/:,.@-").contains(char(c)));
    };
    if (serial.empty() ||
        (serial.size() >= 9 && serial.size() <= 256 && std::all_of(serial.begin(), serial.end(), fits)))
        return serial;
    return usage_error(
        fmt::format("'{}' (from {}) is not the serial number or ARN of an MFA device", serial, from),
        "write it as arn:aws:iam::123456789012:mfa/NAME or GAHT12345678; nothing was changed");
}

}  // namespace keytide::cli
