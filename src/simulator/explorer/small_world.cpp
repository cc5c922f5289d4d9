#include "simulator/explorer/small_world.hpp"

#include <algorithm>
#include <functional>

#include "orchestrator/orchestrator.hpp"
#include "rotation/evolve.hpp"
#include "simulator/explorer/invariants.hpp"
#include "simulator/explorer/small_doors.hpp"

namespace keytide::simulator {

using namespace std::chrono_literals;

namespace {

const rotation::RotationId the_rotation = "r";

using Work = std::function<Result<Standing>(orchestrator::Orchestrator&)>;

Standing stage_of(const orchestrator::Outcome& outcome) {
    switch (outcome.how) {
        case orchestrator::Stopped::parked: return Standing::parked;
        case orchestrator::Stopped::needs_person: return Standing::asking;
        default: return Standing::ended;
    }
}

// What any process does: it works until it stops, fails, or dies.
void work(const Setting& setting, Situation& s, Process& process, Standing& stage, Choices& choices,
          const Tell& tell, const Work& todo, bool overtaken = false) {
    SmallDoors world(setting, s, choices, tell, overtaken);
    auto doors = world.doors();
    const auto administrator = whole_key(administrator_key);
    orchestrator::Orchestrator orchestrator(doors, world, world,
                                            setting.request.self ? nullptr : &administrator);
    bool alive = false;
    try {
        const auto done = todo(orchestrator);
        stage = done ? *done : Standing::gone;
        if (!done && tell) tell("  error: " + done.error().message);
        alive = done && stage != Standing::gone;
    } catch (const Crash&) {
        stage = Standing::gone;
    }
    if (alive) {
        process = {std::make_shared<rotation::Rotation>(orchestrator.rotation()), orchestrator.sequence()};
        s.skew = world.skew();
        return;
    }
    // What the next process will find.
    s.skew = Duration{0};
    auto found = orchestrator::load(world, the_rotation);
    if (!found) return note(s, "Replay: " + found.error().message);
    process = {std::make_shared<rotation::Rotation>(std::move(*found)), s.ledger->number};
    if (process.knows->phase == rotation::Phase::ended) stage = Standing::ended;
}

Result<Standing> one_step(orchestrator::Orchestrator& orchestrator, const Process& process) {
    orchestrator.adopt(*process.knows, process.sequence);
    const auto stopped = orchestrator.step();
    if (!stopped) return std::unexpected(stopped.error());
    return *stopped ? stage_of(**stopped) : Standing::running;
}

template <class... Event>
Result<Standing> taken_over(orchestrator::Orchestrator& orchestrator, const Event&... by_a_person) {
    const auto ok = orchestrator.take_over(the_rotation, by_a_person...);
    if (!ok) return std::unexpected(ok.error());
    return Standing::running;
}

// A person does what the question asks for.
void mend(const Setting& setting, Situation& s) {
    s.outage = s.user_renamed = false;
    s.allowed = setting.allowed;
    s.broken = {};
    s.damaged = 0;
    s.consumer_holds_old = {};
    const auto& n = setting.request.numbers;
    if (n.quiet > Duration{0}) s.now += n.quiet + n.last_use_lag + 2 * n.last_use_step;
    const auto keys = s.keys;
    const auto& r = *s.process.knows;
    if (r.phase == rotation::Phase::confirm) s.keys[r.back ? number_of(*r.new_key) : old_key].exists = false;
    for (KeyNumber k = 1; k < most_keys; ++k) {
        auto& key = s.keys[k];
        const bool is_held = std::count(s.held_by_right.begin(), s.held_by_right.end(), k) > 0;
        const bool unknown = k > 2 && !is_held && !(r.new_key && number_of(*r.new_key) == k);
        if (unknown) key.exists = false, s.lasts[k] = {};
        if (key.touched_by_stranger && key.exists)
            key = {.maker = key.maker, .exists = true, .active = true, .created = key.created};
        if (k == old_key && s.stranger_enabled_old) key.active = false;
    }
    if (keys != s.keys) {
        s.keys_before = s.keys;
        s.keys_changed = s.now;
    }
    s.stranger_enabled_old = false;
    s.held = s.held_by_right;
}

void next_process(Situation& s) {
    ++s.number;
    s.stage = Standing::running;
}

}  // namespace

Situation beginning(const Setting& setting) {
    Situation s;
    s.now = Instant{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
    s.allowed = setting.allowed;
    const bool first = !setting.request.old_key;
    if (!first)
        s.keys[old_key] = {.maker = Maker::before_us,
                           .exists = true,
                           .active = true,
                           .created = s.now - std::chrono::days{89}};
    if (setting.request.give_up)
        s.keys[2] = {.maker = Maker::before_us, .exists = true, .created = s.now - std::chrono::days{200}};
    s.keys_before = s.keys;
    for (std::size_t i = 0; !first && i < setting.request.destinations.size(); ++i)
        s.held[i] = s.held_by_right[i] = old_key;
    s.last_use_of_old = s.now;
    const rotation::Event started = rotation::Started{s.now, setting.request};
    s.ledger = std::make_shared<Entry>(nullptr, started, 1,
                                       !first && setting.request.self ? bit_of(old_key) : std::uint16_t(0));
    s.process = {std::make_shared<rotation::Rotation>(*rotation::begin(the_rotation, started)), 1};
    return s;
}

void take_step(const Setting& setting, Situation& s, Choices& choices, const Tell& tell) {
    switch (s.stage) {
        case Standing::ended: return;
        case Standing::running:
            return work(setting, s, s.process, s.stage, choices, tell,
                        [&](auto& o) { return one_step(o, s.process); });
        case Standing::parked:
            s.now = std::max(s.now, s.process.knows->parked->until - s.local_ahead - s.skew);
            s.outage = false;
            break;
        case Standing::asking: {
            if (tell) tell("  a person is asked: " + s.process.knows->question->question);
            mend(setting, s);
            if (++s.answers > 5) {
                const auto& answers = s.process.knows->question->answers;
                const bool told = std::any_of(answers.begin(), answers.end(), [](const std::string& a) {
                    return a.find("keytide abandon") != a.npos;
                });
                if (!told && !s.cannot_be_mended && !s.rewound)
                    note(s, "Termination: a person answered five times, and is asked again: " +
                                s.process.knows->question->question);
                next_process(s);
                return work(setting, s, s.process, s.stage, choices, tell, [&](auto& o) {
                    return taken_over(o, rotation::Event{rotation::Abandoned{s.now, "settled", "amy"}});
                });
            }
            break;
        }
        case Standing::gone: break;
    }
    if (tell) tell("  keytide resume");
    next_process(s);
    work(setting, s, s.process, s.stage, choices, tell, [](auto& o) { return taken_over(o); });
}

void thaw(const Setting& setting, Situation& s, Choices& choices, const Tell& tell) {
    auto stage = Standing::running;
    auto process = std::move(s.frozen);
    s.frozen = {};
    s.frozen_at = {};
    const auto skew = s.skew;
    const bool overtaken = process.sequence < s.ledger->number;
    // Until it is refused; a few steps are enough to come to something that it would have to record.
    for (int step = 0; step < 8 && stage == Standing::running; ++step)
        work(
            setting, s, process, stage, choices, tell, [&](auto& o) { return one_step(o, process); },
            overtaken);
    s.skew = skew;
}

void person_goes_back(const Setting& setting, Situation& s, const Tell& tell) {
    const std::vector<std::uint8_t> nothing_goes_wrong;
    Choices choices(nothing_goes_wrong);
    const auto before = s;
    next_process(s);
    s.person_went_back = true;
    work(setting, s, s.process, s.stage, choices, tell, [&](auto& o) {
        return taken_over(o, rotation::Event{rotation::GoingBack{s.now, "a person wants it", "amy"}});
    });
    if (s.stage == Standing::gone) s = before;  // not allowed now: nothing happens
}

void land(const Setting& setting, Situation& s, std::size_t which) {
    const auto call = s.late.items[which];
    s.late.remove(which);
    if (!is_taken(setting, s, call.signer)) return;
    KeyNumber made = no_key;
    act(setting, s, call.operation, call.target, made);
}

void settle(const Setting& setting, Situation& s) {
    for (std::size_t i = s.late.size; i > 0; --i)
        if (s.late.items[i - 1].until < s.now) s.late.remove(i - 1);
    for (std::size_t i = s.past.size; i > 0; --i)
        if (s.now - s.past.items[i - 1].until_then >= setting.request.numbers.grace) s.past.remove(i - 1);
    if (s.now - s.keys_changed >= 3s) s.keys_before = s.keys;
    if (setting.request.numbers.quiet == Duration{0}) s.consumer_holds_old = {};
    if (s.consumer_holds_old[0] || s.consumer_holds_old[1]) s.last_use_of_old = s.now;
}

}  // namespace keytide::simulator
