#include "rotation/quiet.hpp"

#include <algorithm>

namespace keytide::rotation {
namespace {

bool old_key_is_quiet(const Rotation& r, const LastUseSeen& seen) {
    const auto& n = r.request.numbers;
    return seen.old_key.at && *seen.old_key.at + n.last_use_step + n.last_use_lag + n.quiet <= seen.at;
}

bool is_called_by_us(const Rotation& r, const std::string& service) {
    if (service == "iam" || service == "sts") return true;
    const auto& probes = r.request.probes;
    // What an exec probe calls is not known.
    return std::any_of(probes.begin(), probes.end(), [&](const std::string& p) {
        return p.starts_with("exec:") || p.starts_with(service + ":");
    });
}

bool new_key_is_used_by_others(const Rotation& r, const LastUseSeen& seen) {
    if (!seen.new_key.at) return false;
    if (!is_called_by_us(r, seen.new_key.service)) return true;
    return !r.new_key_used || *seen.new_key.at > *r.new_key_used + r.request.numbers.last_use_step;
}

}  // namespace

bool is_quiet(const Rotation& r, const LastUseSeen& seen) {
    return old_key_is_quiet(r, seen) && new_key_is_used_by_others(r, seen);
}

std::string why_not_quiet(const Rotation& r) {
    const auto& seen = r.evidence.last_use;
    if (!seen) return "when the keys were last used is not known";
    if (!seen->old_key.at) return "no use of the old key is on record, which proves nothing";
    if (!old_key_is_quiet(r, *seen))
        return "it was last used at " + to_rfc3339(*seen->old_key.at) + ", by " + seen->old_key.service;
    return "nobody but Keytide is seen to use the new key";
}

}  // namespace keytide::rotation
