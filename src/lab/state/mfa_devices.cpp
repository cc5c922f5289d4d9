#include "lab/state/mfa_devices.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/constraints.hpp"
#include "lab/state/stored_time.hpp"
#include "lab/state/totp.hpp"
#include "signature/hash.hpp"

namespace keytide::lab {
namespace {

constexpr std::size_t devices_per_user = 8;
constexpr std::uint64_t steps_around = 1;         // thirty seconds before or after
constexpr std::uint64_t steps_of_two_codes = 10;  // a clock may be minutes off when its device is enabled

std::unexpected<ServiceError> wrong_code() {
    return refuse("InvalidAuthenticationCode", "Authentication code for device is not valid.", 403);
}

bool same(std::string_view a, std::string_view b) {
    return signature::equal_in_constant_time(a, b);
}

}  // namespace

bool MfaDevice::take(std::string_view code, Instant now) {
    const auto here = totp_step(now);
    for (auto step = here - steps_around; step <= here + steps_around; ++step) {
        if (step <= last_step || !same(totp_code(seed, step), code)) continue;
        last_step = step;
        return true;
    }
    return false;
}

bool MfaDevice::take_two(std::string_view first, std::string_view second, Instant now) {
    const auto here = totp_step(now);
    for (auto step = here - steps_of_two_codes; step <= here + steps_of_two_codes; ++step) {
        if (step <= last_step || !same(totp_code(seed, step), first) ||
            !same(totp_code(seed, step + 1), second))
            continue;
        last_step = step + 1;
        return true;
    }
    return false;
}

std::string to_base32(std::string_view bytes) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    std::string text;
    unsigned bits = 0, count = 0;
    for (const unsigned char byte : bytes) {
        bits = bits << 8 | byte;
        for (count += 8; count >= 5; count -= 5) text += digits[bits >> (count - 5) & 31];
    }
    if (count > 0) text += digits[bits << (5 - count) & 31];
    return text;
}

Outcome<MfaDevice*> MfaDevices::create(std::string_view name, std::string_view path,
                                       const Randomness& randomness) {
    if (auto valid = check_name("virtualMFADeviceName", name, 226); !valid)
        return std::unexpected(valid.error());
    if (auto valid = check_path(path); !valid) return std::unexpected(valid.error());
    const auto serial = fmt::format("arn:aws:iam::{}:mfa{}{}", account_, path, name);
    if (by_serial_.contains(serial))
        return refuse("EntityAlreadyExists", "MFADevice entity at the same path and name already exists.",
                      409);
    std::array<char, 40> seed;  // sixty-four digits of base32, as AWS gives them
    randomness(std::as_writable_bytes(std::span(seed)));
    MfaDevice device{.serial = serial, .seed = Secret({seed.data(), seed.size()})};
    explicit_bzero(seed.data(), seed.size());
    return &by_serial_.emplace(serial, std::move(device)).first->second;
}

MfaDevice* MfaDevices::find(std::string_view serial) {
    const auto found = by_serial_.find(serial);
    return found == by_serial_.end() ? nullptr : &found->second;
}

Outcome<void> MfaDevices::erase(std::string_view serial) {
    const auto found = by_serial_.find(serial);
    if (found == by_serial_.end())
        return refuse("NoSuchEntity",
                      fmt::format("VirtualMFADevice with serial number {} doesn't exist.", serial), 404);
    if (!found->second.owner.empty())
        return refuse("DeleteConflict", "MFA VirtualDevice in use. Must deactivate first.", 409);
    by_serial_.erase(found);
    return {};
}

std::vector<const MfaDevice*> MfaDevices::owned_by(std::string_view owner) const {
    std::vector<const MfaDevice*> result;
    for (const auto& [serial, device] : by_serial_)
        if (device.owner == owner) result.push_back(&device);
    return result;
}

Outcome<void> MfaDevices::enable(std::string_view serial, std::string_view owner, std::string_view first_code,
                                 std::string_view second_code, Instant now) {
    auto* device = find(serial);
    if (device == nullptr)
        return refuse("NoSuchEntity",
                      fmt::format("VirtualMFADevice with serial number {} doesn't exist.", serial), 404);
    if (!device->owner.empty()) return refuse("EntityAlreadyExists", "MFA Device is already in use.", 409);
    if (owned_by(owner).size() >= devices_per_user)
        return refuse("LimitExceeded",
                      fmt::format("Cannot exceed quota for MFADevicesPerUser: {}", devices_per_user), 409);
    if (!device->take_two(first_code, second_code, now)) return wrong_code();
    device->owner = owner;
    device->enabled = stored_time(now);
    return {};
}

Outcome<MfaDevice*> MfaDevices::owned(std::string_view serial, std::string_view owner) {
    auto* device = find(serial);
    if (device == nullptr || device->owner != owner)
        return refuse("NoSuchEntity", "MFA Device invalid for user.", 404);
    return device;
}

Outcome<void> MfaDevices::deactivate(std::string_view serial, std::string_view owner) {
    auto device = owned(serial, owner);
    if (!device) return std::unexpected(device.error());
    (*device)->owner.clear();
    return {};
}

Outcome<void> MfaDevices::resynchronise(std::string_view serial, std::string_view owner,
                                        std::string_view first_code, std::string_view second_code,
                                        Instant now) {
    auto device = owned(serial, owner);
    if (!device) return std::unexpected(device.error());
    if (!(*device)->take_two(first_code, second_code, now)) return wrong_code();
    return {};
}

}  // namespace keytide::lab
