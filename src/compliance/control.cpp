#include "compliance/control.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

namespace keytide::compliance {
namespace {

constexpr Duration days(int n) {
    return std::chrono::hours{24} * n;
}

constexpr std::string_view aged_90 = "Access keys are rotated every 90 days or less";
constexpr std::string_view unused_45 = "Credentials unused for 45 days or more are disabled";
constexpr std::string_view unused_90 = "Credentials unused for 90 days or more are disabled";
constexpr std::string_view one_active = "A user has only one active access key";
constexpr std::string_view no_root_key = "The root user has no access key";

constexpr auto low = Severity::low, medium = Severity::medium;
constexpr auto critical = Severity::critical;

// https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html
// The numbers of CIS are those of Prowler's tables of each edition; 7.0 keeps neither the rule of one active
// key nor a number for root's key that we could make sure of.
// https://github.com/prowler-cloud/prowler/tree/master/prowler/compliance/aws
constexpr std::array controls{
    Control{"security-hub", "IAM.3", Rule::key_age, days(90), medium, aged_90},
    Control{"security-hub", "IAM.4", Rule::root_key, {}, critical, no_root_key},
    Control{"security-hub", "IAM.8", Rule::unused, days(90), medium, unused_90},
    Control{"security-hub", "IAM.22", Rule::unused, days(45), medium, unused_45},

    Control{"cis-1.2", "1.3", Rule::unused, days(90), medium, unused_90},
    Control{"cis-1.2", "1.4", Rule::key_age, days(90), medium, aged_90},
    Control{"cis-1.2", "1.12", Rule::root_key, {}, critical, no_root_key},

    Control{"cis-1.4", "1.4", Rule::root_key, {}, critical, no_root_key},
    Control{"cis-1.4", "1.12", Rule::unused, days(45), medium, unused_45},
    Control{"cis-1.4", "1.13", Rule::one_active_key, {}, medium, one_active},
    Control{"cis-1.4", "1.14", Rule::key_age, days(90), medium, aged_90},

    Control{"cis-1.5", "1.4", Rule::root_key, {}, critical, no_root_key},
    Control{"cis-1.5", "1.12", Rule::unused, days(45), medium, unused_45},
    Control{"cis-1.5", "1.13", Rule::one_active_key, {}, medium, one_active},
    Control{"cis-1.5", "1.14", Rule::key_age, days(90), medium, aged_90},

    Control{"cis-3.0", "1.4", Rule::root_key, {}, critical, no_root_key},
    Control{"cis-3.0", "1.12", Rule::unused, days(45), medium, unused_45},
    Control{"cis-3.0", "1.13", Rule::one_active_key, {}, medium, one_active},
    Control{"cis-3.0", "1.14", Rule::key_age, days(90), medium, aged_90},

    Control{"cis-4.0", "1.4", Rule::root_key, {}, critical, no_root_key},
    Control{"cis-4.0", "1.12", Rule::unused, days(45), medium, unused_45},
    Control{"cis-4.0", "1.13", Rule::one_active_key, {}, medium, one_active},
    Control{"cis-4.0", "1.14", Rule::key_age, days(90), medium, aged_90},

    Control{"cis-5.0", "1.3", Rule::root_key, {}, critical, no_root_key},
    Control{"cis-5.0", "1.11", Rule::unused, days(45), medium, unused_45},
    Control{"cis-5.0", "1.12", Rule::one_active_key, {}, medium, one_active},
    Control{"cis-5.0", "1.13", Rule::key_age, days(90), medium, aged_90},

    Control{"cis-7.0", "2.11", Rule::unused, days(45), medium, unused_45},
    Control{"cis-7.0", "2.12", Rule::key_age, days(90), medium, aged_90},

    Control{"keytide",
            "one-active-key",
            Rule::one_active_key,
            {},
            medium,
            "A user has two active access keys only while one replaces the other"},
    Control{"keytide", "inactive-key", Rule::inactive_key, days(7), low,
            "Access keys that were switched off are removed"},
    Control{"keytide", "orphan-key", Rule::orphan_key, days(7), low, "Each access key is somebody's"},
    Control{"keytide",
            "better-as-role",
            Rule::better_as_role,
            {},
            low,
            "Nobody holds a key where a role would do"},
};

constexpr std::array<std::string_view, 2> by_default{"security-hub", "keytide"};

std::vector<std::string_view> standards_with(std::string_view id) {
    std::vector<std::string_view> found;
    for (const auto& control : controls)
        if (control.id == id) found.push_back(control.standard);
    return found;
}

std::vector<std::string_view> all_standards() {
    std::vector<std::string_view> all;
    for (const auto& control : controls)
        if (all.empty() || all.back() != control.standard) all.push_back(control.standard);
    return all;
}

Result<void> check_standards(const std::vector<std::string>& standards) {
    const auto all = all_standards();
    for (const auto& name : standards)
        if (std::ranges::find(all, name) == all.end())
            return usage_error(fmt::format("there is no standard '{}'", name),
                               fmt::format("the standards are {}", fmt::join(all, ", ")));
    return {};
}

// In which standards an id is meant.
Result<std::vector<std::string_view>> meant(const std::string& id,
                                            const std::vector<std::string>& standards) {
    auto with = standards_with(id);
    if (!standards.empty())
        std::erase_if(with,
                      [&](std::string_view s) { return std::ranges::find(standards, s) == standards.end(); });
    if (with.empty()) {
        std::vector<std::string_view> ids;
        for (const auto& control : controls)
            if (standards.empty() ? std::ranges::find(by_default, control.standard) != by_default.end()
                                  : std::ranges::find(standards, control.standard) != standards.end())
                ids.push_back(control.id);
        return usage_error(
            fmt::format("there is no check '{}'{}", id,
                        standards.empty() ? "" : fmt::format(" in {}", fmt::join(standards, ", "))),
            fmt::format("--check takes {}{}", fmt::join(ids, ", "),
                        standards.empty() ? ", and with --standard those of another standard" : ""));
    }
    if (standards.empty() && with.size() > 1)
        return usage_error(fmt::format("the check {} is another one in each standard", id),
                           fmt::format("name the standard with --standard: {}", fmt::join(with, ", ")));
    return with;
}

}  // namespace

std::string_view to_text(Severity severity) {
    switch (severity) {
        case Severity::low: return "LOW";
        case Severity::medium: return "MEDIUM";
        case Severity::critical: return "CRITICAL";
    }
    return {};
}

std::span<const Control> all_controls() {
    return controls;
}

Result<std::vector<Control>> chosen_controls(const std::vector<std::string>& standards,
                                             const std::vector<std::string>& ids) {
    if (const auto ok = check_standards(standards); !ok) return std::unexpected(ok.error());
    std::vector<Control> chosen;
    if (ids.empty()) {
        for (const auto& control : controls)
            if (standards.empty() ? std::ranges::find(by_default, control.standard) != by_default.end()
                                  : std::ranges::find(standards, control.standard) != standards.end())
                chosen.push_back(control);
        return chosen;
    }
    for (const auto& id : ids) {
        const auto in = meant(id, standards);
        if (!in) return std::unexpected(in.error());
        for (const auto& control : controls) {
            const bool wanted = control.id == id && std::ranges::find(*in, control.standard) != in->end();
            const bool there = std::ranges::any_of(chosen, [&](const Control& c) {
                return c.id == control.id && c.standard == control.standard;
            });
            if (wanted && !there) chosen.push_back(control);
        }
    }
    return chosen;
}

}  // namespace keytide::compliance
