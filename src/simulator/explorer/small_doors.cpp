#include "simulator/explorer/small_doors.hpp"

#include <algorithm>
#include <vector>

#include "simulator/explorer/invariants.hpp"

namespace keytide::simulator {

using namespace ports;
using namespace std::chrono_literals;

std::string name_of(KeyNumber key) {
    if (key == administrator_key) return "ADMIN";
    return key == old_key ? "OLD" : "KEY" + std::to_string(int(key));
}

AccessKey whole_key(KeyNumber key) {
    return {id_of(key), Secret("secret"), Secret()};
}

std::uint16_t bit_of(KeyNumber key) {
    return std::uint16_t(1u << key);
}

const AccessKeyId& id_of(KeyNumber key) {
    static const auto ids = [] {
        std::vector<AccessKeyId> result;
        for (const char c : std::string_view("01234567A"))
            result.push_back(*AccessKeyId::parse(std::string("AKIA") + c));
        return result;
    }();
    return ids.at(key);
}

KeyNumber number_of(const AccessKeyId& id) {
    const char last = id.text().back();
    return last == 'A' ? administrator_key : KeyNumber(last - '0');
}

void note(Situation& s, std::string violation) {
    if (s.violation.empty()) s.violation = std::move(violation);
}

// What AWS does once it has taken a changing call. Empty: done; otherwise the code of the refusal.
std::string act(const Setting& setting, Situation& s, Operation operation, KeyNumber target,
                KeyNumber& made) {
    if (s.user_renamed) return "NoSuchEntity";
    const auto before = s;
    if (operation == Operation::create) {
        if (std::count_if(s.keys.begin(), s.keys.end(), [](const KeyFacts& k) { return k.exists; }) >= 2)
            return "LimitExceeded";
        for (KeyNumber k = 3; k < most_keys && made == no_key; ++k)
            if (s.keys[k].maker == Maker::nobody) made = k;
        if (made == no_key) return "ServiceFailure";  // the small world has no more keys
        s.keys[made] = {.maker = Maker::us, .exists = true, .active = true, .created = s.now};
    } else {
        auto& key = s.keys[target];
        if (!key.exists) return "NoSuchEntity";
        if (operation == Operation::remove) key.exists = false;
        key.active = operation == Operation::activate;
        if (operation == Operation::activate) s.stranger_enabled_old = false;
    }
    s.keys_before = before.keys;
    s.keys_changed = s.now;
    if (operation == Operation::remove || operation == Operation::deactivate)
        note(s, violated_by_destroying(setting, before, s));
    return "";
}

Answer<Done> SmallDoors::change(Operation operation, KeyNumber target, const AccessKey& by, Instant signed_at,
                                std::uint16_t permission, Move move, KeyNumber& made) {
    static constexpr std::array<std::string_view, 4> names{
        "CreateAccessKey", "DeleteAccessKey", "UpdateAccessKey Inactive", "UpdateAccessKey Active"};
    const auto signer = number_of(by.id);
    if (tell_)
        tell_("  " + std::string(names[std::size_t(operation)]) +
              (target == no_key ? "" : " " + name_of(target)) + " by " + name_of(signer) +
              (move == Move::all_is_well ? "" : ": " + std::string(to_text(move))));
    if (move == Move::crash) throw Crash{};
    if (move == Move::not_sent) return {NotSent{"connection refused"}, {}};
    note(s_, violated_by_sending(setting_, s_, operation, target, signer));
    if (overtaken_) note(s_, "One at a time: a process that was overtaken changes AWS");
    if (s_.outage || move == Move::lost_before) return {Indeterminate{"timeout"}, {}};
    if (move == Move::throttled) return refused("Throttling");
    if (move == Move::denied) return refused("AccessDenied");
    if (move == Move::no_such) return refused("NoSuchEntity");
    if (move == Move::unknown_key) return refused(unknown_key_code());
    if (signed_at - s_.now > 15s || s_.now - signed_at > 15min) return refused("SignatureDoesNotMatch");

    const auto& n = setting_.request.numbers;
    const auto refused_from =
        signed_at + n.late_call_window + setting_.beyond_window;  // AWS itself refuses a little earlier
    const auto soon = setting_.request.connection.through_proxy
                          ? refused_from
                          : std::min(s_.now + n.in_flight, refused_from);
    switch (move) {
        case Move::late:
        case Move::crash_late: s_.late.add({operation, target, signer, soon - 1s}); break;
        case Move::frozen_late:
            s_.late.add({operation, target, signer, refused_from - 1s});
            s_.unseen |= 1ull << s_.number;
            throw Crash{};
        default: break;
    }
    if (move == Move::late) return {Indeterminate{"timeout"}, {}};
    if (move == Move::crash_late) throw Crash{};

    if (!is_taken(setting_, s_, signer)) return refused(unknown_key_code());
    if ((s_.allowed & permission) == 0) return refused("AccessDenied");
    // A stranger's act excuses the end of a key that was in use only if it was looked at just before.
    const bool was_used =
        target == old_key ||
        (target != no_key && std::count(s_.held_by_right.begin(), s_.held_by_right.end(), target) > 0);
    s_.harm_since_evidence = s_.harm_since_evidence && (!was_used || evidence_is_fresh());
    const auto code = act(setting_, s_, operation, target, made);
    if (made != no_key && move == Move::never_known) s_.keys[made].never_known = true;
    if (made != no_key && move == Move::wrong_user) s_.keys[made].of_another_user = true;
    if (move == Move::crash_after) throw Crash{};
    if (move == Move::lost_after) return {Indeterminate{"timeout"}, {}};
    if (!code.empty()) return refused(code);
    return {Done{}, s_.now};
}

bool SmallDoors::evidence_is_fresh() const {
    for (auto entry = s_.ledger.get(); entry != nullptr; entry = entry->before.get()) {
        const auto& event = entry->event;
        if (std::holds_alternative<rotation::EvidenceTaken>(event))
            return rotation::time_of(event) - s_.local_ahead <= s_.now &&
                   s_.now - rotation::time_of(event) <= setting_.request.numbers.evidence_life;
        const auto name = rotation::name_of(event);
        const bool of_this_change = name.starts_with("Delete") || name.starts_with("Deactivate") ||
                                    name.starts_with("Status") || name == "OverlapEnded" ||
                                    name == "SoakEnded";
        if (!of_this_change) return false;
    }
    return false;
}

Result<std::optional<AccessKey>> SmallDoors::read_place(std::size_t i) {
    const auto move = choose({Move::read_fails});
    if (tell_)
        tell_("  place " + std::to_string(i + 1) + " is read" +
              (move == Move::all_is_well ? "" : ": " + std::string(to_text(move))));
    if (move == Move::read_fails) return failed("permission denied");
    if (s_.held[i] == no_key) return std::nullopt;
    return whole_key(s_.held[i]);
}

DeliverAnswer SmallDoors::write_place(std::size_t i, const AccessKey& key,
                                      std::span<const AccessKeyId> replaceable) {
    const auto move = choose({Move::write_fails, Move::write_unsure, Move::write_lost, Move::write_forgotten,
                              Move::crash, Move::crash_after});
    if (tell_)
        tell_("  place " + std::to_string(i + 1) + " is given " + name_of(number_of(key.id)) +
              (move == Move::all_is_well ? "" : ": " + std::string(to_text(move))));
    if (move == Move::crash) throw Crash{};
    const Error error{ErrorKind::failed, "no space left on device", ""};
    if (s_.broken[i] || move == Move::write_fails) return DeliverRefused{error};
    if (move == Move::write_lost) return DeliverUnknown{error};
    if (move == Move::write_forgotten) return DeliverDone{};
    const auto held = s_.held[i];
    if (held != no_key && std::find(replaceable.begin(), replaceable.end(), id_of(held)) == replaceable.end())
        return DeliverStranger{id_of(held)};
    note(s_, violated_by_writing(s_, held));
    if (overtaken_) note(s_, "One at a time: a process that was overtaken writes a place");
    const auto now = number_of(key.id);
    if (held != no_key && held != now) s_.past.add({std::uint8_t(i), held, s_.now});
    s_.held[i] = s_.held_by_right[i] = now;
    if (move == Move::crash_after) throw Crash{};
    if (move == Move::write_unsure) return DeliverUnknown{error};
    return DeliverDone{};
}

void SmallDoors::observe(const rotation::Event& event) {
    if (std::holds_alternative<rotation::NewKeyAccepted>(event)) s_.new_key_accepted = true;
    if (std::holds_alternative<rotation::GoingBack>(event)) s_.new_key_accepted = false;
    if (std::holds_alternative<rotation::OldKeyDeactivated>(event)) s_.deactivated = s_.now;
    if (std::holds_alternative<rotation::EvidenceTaken>(event) && undisturbed_)
        s_.harm_since_evidence = false;
}

bool is_taken(const Setting& setting, const Situation& s, KeyNumber key) {
    if (key == administrator_key) return true;
    const auto& facts = s.keys[key];
    return facts.exists && facts.active && !facts.never_known &&
           (facts.maker != Maker::us || s.now - facts.created >= setting.propagation);
}

}  // namespace keytide::simulator
