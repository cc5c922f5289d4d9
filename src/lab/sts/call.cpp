#include "lab/sts/call.hpp"

#include <fmt/format.h>

#include <charconv>

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"

namespace keytide::lab::sts {
namespace {

constexpr std::int64_t shortest_session = 900;  // seconds

std::unexpected<ServiceError> mfa_failed(std::string_view how) {
    return refuse("AccessDenied", fmt::format("MultiFactorAuthentication failed{}", how), 403);
}

}  // namespace

Outcome<std::optional<std::string_view>> Call::optional(std::string_view name, std::string_view member,
                                                        std::size_t least, std::size_t most) const {
    const auto* value = parameters.find(name);
    if (value == nullptr) return std::nullopt;
    if (auto fits = check_length(member, *value, least, most); !fits) return std::unexpected(fits.error());
    return std::string_view(*value);
}

Outcome<std::string_view> Call::required(std::string_view name, std::string_view member, std::size_t least,
                                         std::size_t most) const {
    auto value = optional(name, member, least, most);
    if (!value) return std::unexpected(value.error());
    if (*value) return **value;
    return refuse("ValidationError",
                  fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: "
                              "Member must not be null",
                              member),
                  400);
}

Outcome<std::chrono::seconds> Call::duration(std::int64_t otherwise, std::int64_t most) const {
    const auto* text = parameters.find("DurationSeconds");
    if (text == nullptr) return std::chrono::seconds(otherwise);
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < shortest_session)
        return std::unexpected(constraint_violated(
            "durationSeconds",
            fmt::format("Member must have value greater than or equal to {}", shortest_session)));
    if (value > most)
        return std::unexpected(constraint_violated(
            "durationSeconds", fmt::format("Member must have value less than or equal to {}", most)));
    return std::chrono::seconds(value);
}

Outcome<bool> Call::mfa() const {
    const auto* serial = parameters.find("SerialNumber");
    const auto* code = parameters.find("TokenCode");
    if (serial == nullptr && code == nullptr) return false;
    if (serial == nullptr || code == nullptr)
        return mfa_failed(", must provide both MFA serial number and one time pass code.");
    if (auto valid = check_serial_number(*serial); !valid) return std::unexpected(valid.error());
    if (auto valid = check_one_time_code("tokenCode", *code); !valid) return std::unexpected(valid.error());
    auto* device = account().mfa_devices().find(*serial);
    if (device == nullptr || caller.kind != Caller::Kind::user || device->owner != caller.principal_id)
        return mfa_failed(
            ", unable to validate MFA code.  Please verify your MFA serial number is valid and associated "
            "with "
            "this user.");
    if (!device->take(*code, now)) return mfa_failed(" with invalid MFA one time pass code. ");
    return true;
}

void Call::append_credentials(XmlWriter& xml, Session session) const {
    const auto& randomness = partition.randomness();
    session.access_key_id = draw_access_key_id(randomness, session.account, "ASIA").text();
    session.secret = draw_secret(randomness);
    xml.open("Credentials").leaf("AccessKeyId", session.access_key_id);
    xml.leaf("SecretAccessKey", session.secret.reveal());
    xml.leaf("SessionToken", partition.session_seal().seal(session, randomness));
    xml.leaf("Expiration", to_rfc3339(session.expires)).close("Credentials");
}

}  // namespace keytide::lab::sts
