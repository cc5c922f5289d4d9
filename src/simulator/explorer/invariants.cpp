#include "simulator/explorer/invariants.hpp"

#include <algorithm>

#include "simulator/explorer/small_world.hpp"

namespace keytide::simulator {
namespace {

std::uint16_t sealed(const Situation& s) {
    return s.ledger ? s.ledger->sealed : std::uint16_t(0);
}

bool is_destruction(Operation operation) {
    return operation == Operation::remove || operation == Operation::deactivate;
}

bool is_within_reach(const Situation& s, KeyNumber key) {
    return std::count(s.held.begin(), s.held.end(), key) > 0 || (sealed(s) & ~s.damaged & (1u << key)) != 0;
}

// A key that works and whose secret is somewhere. What a stranger alone has broken is not held against us.
bool someone_can_work(const Situation& s, bool forgive_strangers) {
    for (KeyNumber k = 1; k < most_keys; ++k) {
        const auto& key = s.keys[k];
        const bool works = key.exists && key.active && !key.never_known && !key.of_another_user;
        const bool forgiven = forgive_strangers && key.touched_by_stranger;
        const bool was_held =
            forgive_strangers && std::count(s.held_by_right.begin(), s.held_by_right.end(), k) > 0;
        if ((works || forgiven) && (is_within_reach(s, k) || was_held)) return true;
    }
    return false;
}

std::string lock_out(const Setting& setting, const Situation& s) {
    if (!setting.request.old_key) return "";     // there was no key to begin with
    if (setting.request.compromised) return "";  // availability is given up on purpose
    if (s.cannot_be_mended || someone_can_work(s, true)) return "";
    return "No lock-out: no key is left that works and is held";
}

std::string refused_consumer(const Setting& setting, const Situation& s, KeyNumber key,
                             std::string_view has = "read within the grace time") {
    const auto& k = s.keys[key];
    if (key == no_key || k.maker == Maker::stranger || k.touched_by_stranger) return "";
    if (key == old_key && setting.request.compromised) return "";
    if (k.exists && k.active && !k.never_known && !k.of_another_user) return "";
    return "No broken consumer: whoever " + std::string(has) + " KEY" + std::to_string(int(key)) +
           " is refused";
}

std::string orphan(const Setting& setting, const Situation& s) {
    if (s.stage != Standing::ended || (setting.allowed & may_list) == 0 || s.cannot_be_mended || s.rewound)
        return "";
    const auto& r = *s.process.knows;
    // Where listing was forbidden meanwhile, the record says what may have been left.
    if (r.end == rotation::End::abandoned || r.maybe_orphan) return "";
    const bool done = r.end == rotation::End::completed;
    for (KeyNumber k = 1; k < most_keys; ++k) {
        const auto& key = s.keys[k];
        if (key.maker == Maker::stranger || key.touched_by_stranger) continue;
        const bool is_new = r.new_key && number_of(*r.new_key) == k;
        if (k == 2 && (!done || key.active)) continue;  // activated by someone: it stays
        const bool should_be = done ? is_new : k == old_key && setting.request.old_key;
        if (key.exists && !should_be)
            return "No orphan: KEY" + std::to_string(int(k)) + " is left after the end";
        if (!key.exists && should_be)
            return "No orphan: KEY" + std::to_string(int(k)) + " is missing after the end";
    }
    return "";
}

}  // namespace

std::string violated(const Setting& setting, const Situation& s) {
    if (!s.violation.empty()) return s.violation;
    if (auto found = lock_out(setting, s); !found.empty()) return found;
    for (const auto key : s.held)
        if (auto found = refused_consumer(setting, s, key); !found.empty()) return found;
    for (const auto& was : s.past)
        if (auto found = refused_consumer(setting, s, was.key); !found.empty()) return found;
    for (KeyNumber k = 1; k < most_keys; ++k)
        if (s.now < s.lasts[k])
            if (auto found = refused_consumer(setting, s, k, "was handed"); !found.empty()) return found;
    if (auto found = orphan(setting, s); !found.empty()) return found;
    if (s.stage == Standing::ended && sealed(s) != 0) return "No spill: secrets are sealed after the end";
    return "";
}

std::string violated_by_sending(const Setting& setting, const Situation& s, Operation operation,
                                KeyNumber target, KeyNumber signer) {
    const auto& request = setting.request;
    const auto& n = request.numbers;
    const bool destroys = is_destruction(operation);

    if (operation == Operation::remove && s.keys[target].maker == Maker::stranger)
        return "No blind delete: a stranger's key is deleted";

    if (request.self ? signer == administrator_key : signer != administrator_key)
        return "Signer: not whom the rotation names";
    if (request.self && destroys && signer == target) return "Signer: a key destroys itself";
    if (request.self && s.new_key_accepted && !s.person_went_back && signer == old_key)
        return "Signer: the old key signs after the new one was accepted";

    for (const auto& call : s.late) {
        if (call.until < s.now) continue;
        if (operation == Operation::create && call.operation == Operation::create)
            return "No contrary act: a creation is repeated while one can still land";
        if (operation == Operation::activate && call.operation == Operation::deactivate)
            return "No contrary act: a deactivation can still land";
        const bool both_are_used = is_within_reach(s, call.target) && is_within_reach(s, target);
        if (destroys && is_destruction(call.operation) && call.target != target && both_are_used &&
            !request.compromised)
            return "No contrary act: the other key is destroyed while this one's destruction can still land";
    }

    if (destroys && target == old_key && !request.compromised && request.old_key) {
        if (n.quiet > Duration{0} && (s.consumer_holds_old[0] || s.consumer_holds_old[1]))
            return "No early delete: the old key is still in use";
        for (const auto& was : s.past)
            if (was.key == old_key && s.now - was.until_then < n.grace)
                return "No early delete: within the grace time";
    }
    if (operation == Operation::remove && target == old_key && request.may_deactivate &&
        !request.compromised && s.deactivated != Instant{} && s.now - s.deactivated < n.soak)
        return "No early delete: within the soak time";
    return "";
}

std::string violated_by_destroying(const Setting& setting, const Situation& before, const Situation& after) {
    if (setting.request.compromised || !setting.request.old_key || before.harm_since_evidence) return "";
    if (someone_can_work(before, false) && !someone_can_work(after, false))
        return "No lock-out: the last key that works is taken away";
    return "";
}

std::string violated_by_writing(const Situation& s, KeyNumber replaced) {
    return replaced != no_key && s.keys[replaced].maker == Maker::stranger
               ? "No overwrite: a stranger's key is overwritten"
               : "";
}

}  // namespace keytide::simulator
