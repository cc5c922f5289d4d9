#include "simulator/explorer/turn.hpp"

#include <algorithm>

#include "rotation/evolve.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

constexpr KeyNumber key_of_another_user = 7;

// A backup is of an earlier day: no call is under way any more.
void rewind(const Setting& setting, Situation& s, std::uint64_t length) {
    s.now += setting.request.numbers.late_call_window + 1min;
    s.late = {};
    while (s.ledger->number > length) s.ledger = s.ledger->before;
    std::vector<const rotation::Event*> events;
    for (auto entry = s.ledger.get(); entry != nullptr; entry = entry->before.get())
        events.push_back(&entry->event);
    auto found = *rotation::begin("r", *events.back());
    for (auto event = std::next(events.rbegin()); event != events.rend(); ++event)
        if (!rotation::evolve(found, **event)) s.violation = "Replay: a part of the ledger cannot be folded";
    s.process = {std::make_shared<rotation::Rotation>(std::move(found)), length};
    s.frozen = {};
    s.frozen_at = {};
    s.stage = Standing::gone;
    s.skew = Duration{0};
    s.new_key_accepted = false;
    s.rewound = true;
}

void touch(Situation& s, KeyNumber key, bool exists, bool active) {
    s.keys_before = s.keys;
    s.keys_changed = s.now;
    auto& facts = s.keys[key];
    facts.exists = exists;
    facts.active = active;
    facts.touched_by_stranger = !active;
    s.harm_since_evidence = true;
    if (!exists) s.cannot_be_mended = true;
}

void befall(const Setting& setting, Situation& s, const Turn& turn, const Tell& tell) {
    switch (turn.move) {
        case Move::crash:
            s.stage = Standing::gone;
            s.skew = Duration{0};
            break;
        case Move::freeze:
            s.frozen = s.process;
            s.frozen_at = s.now;
            s.stage = Standing::gone;
            s.unseen |= 1ull << s.number;
            break;
        case Move::rewind: rewind(setting, s, turn.which); break;
        case Move::clock_jump: s.local_ahead += 1h; break;
        case Move::outage: s.outage = true; break;
        case Move::place_breaks: s.broken[0] = true; break;
        case Move::revoke: s.allowed &= std::uint16_t(~turn.which); break;
        case Move::user_renamed: s.user_renamed = true; break;
        case Move::stranger_creates:
            for (KeyNumber k = 3; k < key_of_another_user; ++k)
                if (s.keys[k].maker == Maker::nobody) {
                    s.keys_before = s.keys;
                    s.keys_changed = s.now;
                    s.keys[k] = {.maker = Maker::stranger, .exists = true, .active = true, .created = s.now};
                    break;
                }
            break;
        case Move::stranger_deletes: touch(s, KeyNumber(turn.which), false, false); break;
        case Move::stranger_disables: touch(s, KeyNumber(turn.which), true, false); break;
        case Move::stranger_enables:
            s.stranger_enabled_old = turn.which == old_key && !s.keys[old_key].touched_by_stranger;
            touch(s, KeyNumber(turn.which), true, true);
            break;
        case Move::stranger_overwrites:
            s.keys[key_of_another_user].maker = Maker::stranger;
            s.held[0] = key_of_another_user;
            s.harm_since_evidence = true;
            break;
        case Move::stranger_empties:
            s.held[0] = no_key;
            s.harm_since_evidence = true;
            break;
        case Move::person_goes_back: person_goes_back(setting, s, tell); break;
        default: break;
    }
}

}  // namespace

std::string to_text(const Turn& turn) {
    const auto which = std::to_string(turn.which);
    switch (turn.kind) {
        case Turn::Kind::step: return "step";
        case Turn::Kind::much_later: return "much later";
        case Turn::Kind::lands: return "a late call lands";
        case Turn::Kind::thaws: return "the frozen process goes on";
        case Turn::Kind::consumer_reads: return "consumer " + which + " reads its place again";
        case Turn::Kind::hands_out: return "credentials are handed out with what place 1 holds";
        case Turn::Kind::befalls: break;
    }
    return std::string(to_text(turn.move)) + (turn.which == 0 ? "" : " (" + which + ")");
}

std::vector<Turn> turns_of(const Setting& setting, const Situation& s) {
    std::vector<Turn> result;
    const auto free = [&](Turn::Kind kind, std::size_t which = 0) {
        result.push_back({kind, Move::all_is_well, std::uint16_t(which), {}});
    };
    const auto may = [&](Move move, std::size_t which = 0) {
        result.push_back({Turn::Kind::befalls, move, std::uint16_t(which), {}});
    };

    const bool ended = s.stage == Standing::ended;
    if (s.stage == Standing::gone) free(Turn::Kind::much_later);
    for (std::size_t i = 0; i < s.late.size; ++i) free(Turn::Kind::lands, i);
    if (s.frozen.knows) free(Turn::Kind::thaws);
    for (std::size_t i = 0; i < places && setting.request.numbers.quiet > Duration{0}; ++i)
        if (s.consumer_holds_old[i] && s.held[i] != old_key) free(Turn::Kind::consumer_reads, i);

    const auto held = s.held[0];
    const bool works =
        held != no_key && s.keys[held].maker != Maker::stranger && s.keys[held].exists && s.keys[held].active;
    if (setting.lifetime > Duration{0} && works && !ended && s.handed_out < 2) free(Turn::Kind::hands_out);

    for (std::size_t length = 1; s.stage != Standing::running && length < s.ledger->number; ++length)
        may(Move::rewind, length);
    if (ended) return result;
    if (s.stage == Standing::running) {
        may(Move::crash);
        if (!s.frozen.knows) may(Move::freeze);
    } else {
        may(Move::person_goes_back);
    }
    if (s.local_ahead == Duration{0}) may(Move::clock_jump);
    if (!s.outage) may(Move::outage);
    if (!s.broken[0]) may(Move::place_breaks);
    for (const auto permission : {may_create, may_delete, may_list, may_update, may_see_last_use})
        if ((s.allowed & permission) != 0) may(Move::revoke, permission);
    if (!s.user_renamed) may(Move::user_renamed);
    const bool has_room =
        std::count_if(s.keys.begin(), s.keys.end(), [](const KeyFacts& k) { return k.exists; }) < 2;
    if (has_room && !setting.request.sole_writer)  // which declares that nobody does
        may(Move::stranger_creates);
    for (KeyNumber k = 1; k < key_of_another_user; ++k) {
        if (!s.keys[k].exists) continue;
        may(Move::stranger_deletes, k);
        may(s.keys[k].active ? Move::stranger_disables : Move::stranger_enables, k);
    }
    if (s.held[0] != key_of_another_user) may(Move::stranger_overwrites);
    if (s.held[0] != no_key) may(Move::stranger_empties);
    return result;
}

void take(const Setting& setting, Situation& s, const Turn& turn, Choices& choices, const Tell& tell) {
    if (tell && turn.kind != Turn::Kind::step) tell("- " + to_text(turn));
    switch (turn.kind) {
        case Turn::Kind::much_later:
            s.now += setting.request.numbers.late_call_window + 1min;
            take_step(setting, s, choices, tell);
            break;
        case Turn::Kind::step: take_step(setting, s, choices, tell); break;
        case Turn::Kind::lands: land(setting, s, turn.which); break;
        case Turn::Kind::thaws: thaw(setting, s, choices, tell); break;
        case Turn::Kind::consumer_reads:
            s.consumer_holds_old[turn.which] = s.held[turn.which] == old_key;
            break;
        case Turn::Kind::hands_out:
            ++s.handed_out;
            s.lasts[s.held[0]] = s.now + setting.lifetime;
            s.lasts_locally[s.held[0]] = s.lasts[s.held[0]] + s.local_ahead;
            break;
        case Turn::Kind::befalls: befall(setting, s, turn, tell); break;
    }
    settle(setting, s);
}

}  // namespace keytide::simulator
