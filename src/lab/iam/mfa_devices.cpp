#include "lab/iam/mfa_devices.hpp"

#include <fmt/format.h>

#include "lab/base64.hpp"
#include "lab/constraints.hpp"
#include "lab/iam/elements.hpp"

namespace keytide::lab::iam {
namespace {

Outcome<std::string_view> serial_number(const Call& call) {
    auto serial = call.required("SerialNumber", "serialNumber");
    if (!serial) return serial;
    if (auto valid = check_serial_number(*serial); !valid) return std::unexpected(valid.error());
    return serial;
}

Outcome<std::string_view> code(const Call& call, std::string_view name, std::string_view member) {
    auto value = call.required(name, member);
    if (!value) return value;
    if (auto valid = check_one_time_code(member, *value); !valid) return std::unexpected(valid.error());
    return value;
}

// A user and one device, as three actions name them.
struct Pair {
    const User* user;
    std::string_view serial;
};
Outcome<Pair> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise_on_user(action); !allowed) return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::is_refused); !valid)
        return std::unexpected(valid.error());
    auto serial = serial_number(call);
    if (!serial) return std::unexpected(serial.error());
    auto user = call.account.users().named(call.user_name());
    if (!user) return std::unexpected(user.error());
    return Pair{*user, *serial};
}

struct TwoCodes {
    std::string_view first, second;
};
Outcome<TwoCodes> two_codes(const Call& call) {
    auto first = code(call, "AuthenticationCode1", "authenticationCode1");
    if (!first) return std::unexpected(first.error());
    auto second = code(call, "AuthenticationCode2", "authenticationCode2");
    if (!second) return std::unexpected(second.error());
    return TwoCodes{*first, *second};
}

void append_device(XmlWriter& xml, const Call& call, const MfaDevice& device) {
    xml.leaf("SerialNumber", device.serial);
    if (const auto* user = call.account.users().find_by_id(device.owner)) {
        xml.open("User");
        append_user(xml, *user, Detail::listed);
        xml.close("User").leaf("EnableDate", to_rfc3339(device.enabled));
    }
}

}  // namespace

// The seed as text; the picture of it that AWS draws, too, is left out here.
ActionResult create_virtual_mfa_device(const Call& call) {
    const auto path = call.parameters.get("Path", "/");
    const auto name = call.parameters.get("VirtualMFADeviceName");
    const auto target = call.with_tags(gate::by_arn(call.arn("mfa", path, name)));
    if (auto allowed = call.authorise("iam:CreateVirtualMFADevice", target); !allowed)
        return std::unexpected(allowed.error());
    if (auto given = call.required("VirtualMFADeviceName", "virtualMFADeviceName"); !given)
        return std::unexpected(given.error());
    const auto tags = call.tags();
    if (auto valid = check_tags(tags); !valid) return std::unexpected(valid.error());
    auto device = call.account.mfa_devices().create(name, path, call.account.randomness());
    if (!device) return std::unexpected(device.error());
    (void)(*device)->tags.put(tags);  // fifty at most, as was checked
    XmlWriter xml;
    xml.open("VirtualMFADevice").leaf("SerialNumber", (*device)->serial);
    xml.leaf("Base32StringSeed", to_base64(to_base32((*device)->seed.reveal())));
    append_tags(xml, (*device)->tags);
    return xml.close("VirtualMFADevice").take();
}

ActionResult enable_mfa_device(const Call& call) {
    auto pair = admit(call, "iam:EnableMFADevice");
    if (!pair) return std::unexpected(pair.error());
    auto codes = two_codes(call);
    if (!codes) return std::unexpected(codes.error());
    auto enabled = call.account.mfa_devices().enable(pair->serial, pair->user->id, codes->first,
                                                     codes->second, call.now);
    if (!enabled) return std::unexpected(enabled.error());
    return no_result();
}

ActionResult deactivate_mfa_device(const Call& call) {
    auto pair = admit(call, "iam:DeactivateMFADevice");
    if (!pair) return std::unexpected(pair.error());
    if (auto done = call.account.mfa_devices().deactivate(pair->serial, pair->user->id); !done)
        return std::unexpected(done.error());
    return no_result();
}

ActionResult resync_mfa_device(const Call& call) {
    auto pair = admit(call, "iam:ResyncMFADevice");
    if (!pair) return std::unexpected(pair.error());
    auto codes = two_codes(call);
    if (!codes) return std::unexpected(codes.error());
    auto done = call.account.mfa_devices().resynchronise(pair->serial, pair->user->id, codes->first,
                                                         codes->second, call.now);
    if (!done) return std::unexpected(done.error());
    return no_result();
}

ActionResult list_mfa_devices(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:ListMFADevices"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid)
        return std::unexpected(valid.error());
    std::vector<std::string> serials;
    if (!call.user_name().empty()) {
        auto user = call.account.users().named(call.user_name());
        if (!user) return std::unexpected(user.error());
        for (const auto* device : call.account.mfa_devices().owned_by((*user)->id))
            serials.push_back(device->serial);
    }
    return paged(call, "MFADevices", std::move(serials), [&](XmlWriter& xml, const std::string& serial) {
        xml.leaf("UserName", call.user_name()).leaf("SerialNumber", serial);
        xml.leaf("EnableDate", to_rfc3339(call.account.mfa_devices().find(serial)->enabled));
    });
}

ActionResult list_virtual_mfa_devices(const Call& call) {
    if (auto allowed = call.authorise("iam:ListVirtualMFADevices", gate::by_arn(call.arn("mfa", "/")));
        !allowed)
        return std::unexpected(allowed.error());
    const auto status = call.parameters.get("AssignmentStatus", "Any");
    if (status != "Any" && status != "Assigned" && status != "Unassigned")
        return std::unexpected(constraint_violated(
            "assignmentStatus", "Member must satisfy enum value set: [Any, Unassigned, Assigned]"));
    std::vector<std::string> serials;
    for (const auto& [serial, device] : call.account.mfa_devices().by_serial())
        if (status == "Any" || device.owner.empty() == (status == "Unassigned")) serials.push_back(serial);
    return paged(call, "VirtualMFADevices", std::move(serials),
                 [&](XmlWriter& xml, const std::string& serial) {
                     append_device(xml, call, *call.account.mfa_devices().find(serial));
                 });
}

ActionResult delete_virtual_mfa_device(const Call& call) {
    const auto serial = call.parameters.get("SerialNumber");
    if (auto allowed = call.authorise("iam:DeleteVirtualMFADevice", gate::by_arn(std::string(serial)));
        !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = serial_number(call); !valid) return std::unexpected(valid.error());
    if (auto deleted = call.account.mfa_devices().erase(serial); !deleted)
        return std::unexpected(deleted.error());
    return no_result();
}

}  // namespace keytide::lab::iam
