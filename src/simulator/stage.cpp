#include "simulator/stage.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <sstream>

namespace keytide::simulator {

using orchestrator::Outcome;
using orchestrator::Stopped;

namespace {

constexpr int most_processes = 40;
constexpr int most_moments = 5'000;  // of one process

std::string in_words(Stopped how) {
    switch (how) {
        case Stopped::completed: return "completed";
        case Stopped::rolled_back: return "rolled back";
        case Stopped::abandoned: return "abandoned";
        case Stopped::parked: return "parked";
        case Stopped::needs_person: return "needs a person";
        case Stopped::needs_mfa: return "needs an MFA code";
        case Stopped::interrupted: return "interrupted";
    }
    return {};
}

// The same violation has the same words, whichever key it is about.
std::string without_ids(std::string text) {
    for (auto at = text.find("AKIA"); at != std::string::npos; at = text.find("AKIA"))
        text.replace(at, text.find(' ', at) - at, "a key");
    return text;
}

std::vector<std::string> words_of(const std::string& text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

}  // namespace

Stage::Stage(Telling telling) {
    if (telling == Telling::aloud) transcript_.emplace(world_);
    keys_.emplace("OLD", world_.old_key);
    if (transcript_) transcript_->name("AKIASTRANGER", "STRANGER");
    listen();
}

void Stage::say(const std::string& text) {
    if (transcript_) transcript_->say(text);
}

void Stage::name(const AccessKeyId& id, const std::string& wanted) {
    auto name = wanted;
    for (int n = 2; keys_.contains(name); ++n) name = wanted + std::to_string(n);
    keys_.emplace(name, id);
    if (transcript_) transcript_->name(id.text(), name);
}

// A key whose id came back is NEW; one that was made without anybody hearing of it is LOST.
void Stage::name_what_was_made(const CallSeen& seen) {
    if (!seen.call.starts_with("CreateAccessKey")) return;
    const bool heard = seen.answer.starts_with("AKIA") && !seen.call.ends_with("late");
    const auto at = seen.answer.find("AKIA");
    if (at == std::string::npos) return;
    const auto end = seen.answer.find_first_of(") ", at);
    const auto made = *AccessKeyId::parse(seen.answer.substr(at, end - at));
    if (heard) watch_.answered.insert(made);
    name(made, heard ? "NEW" : "LOST");
}

void Stage::listen() {
    world_.aws.before_call = [this](const std::string& text) {
        look();
        world_.aws.faults.clear();
        operation_ = text.substr(0, text.find(' '));
        moment(Kind::call, text);
        operation_.clear();
        if (const auto wrong = watch_.call(text)) violated(*wrong);
    };
    world_.aws.after_call = [this](const CallSeen& seen) {
        name_what_was_made(seen);
        if (transcript_) transcript_->called(seen);
    };
    world_.ledger.before_append = [this](const rotation::Event& e) {
        look();
        moment(Kind::recording, std::string(rotation::name_of(e)));
    };
    world_.ledger.append_fails = [this](const rotation::Event& e) {
        if (!std::exchange(disk_is_full_, false)) return false;
        if (transcript_) transcript_->not_recorded(e);
        return true;
    };
    world_.ledger.after_append = [this](const rotation::Event& e) {
        if (transcript_) transcript_->recorded(e);
        open_ = !rotation::is_end(e);
        if (const auto* asked = std::get_if<rotation::NeedsPerson>(&e))
            asked_ = fmt::format("{}; {}", asked->question, fmt::join(asked->answers, "; "));
        write_is_next_ = std::holds_alternative<rotation::DeliverIntended>(e);
        happened_.emplace(rotation::name_of(e));
        watch_.recorded(e);
        look();
        moment(Kind::recorded, std::string(rotation::name_of(e)));
    };
    for (auto* place : {&world_.profile, &world_.app}) {
        const std::string name = place == &world_.profile ? "profile " : "app ";
        place->before_touch = [this, name] {
            look();
            moment(Kind::touching, name + (std::exchange(write_is_next_, false) ? "write" : "read"));
        };
        place->after_touch = [this, name, place](const std::string& what) {
            say(place->uri() + ": " + what);
            moment(Kind::touched, name + what.substr(0, what.find(' ')));
        };
    }
    world_.narrator.on_wait = [this](Duration time) { say("waits " + keytide::to_text(time)); };
}

bool Stage::is_meant(const std::string& meant, Kind kind, const std::string& what) const {
    if (kind != Kind::call) return meant == what;
    if (meant.find(' ') == std::string::npos) return what.starts_with(meant + " ");
    auto said = words_of(what);
    auto wanted = words_of(meant);
    const auto by = [&](std::vector<std::string>& words) -> std::string {
        if (words.size() < 3 || words[words.size() - 2] != "by") return {};
        const auto signer = words.back();
        words.resize(words.size() - 2);
        return signer;
    };
    for (auto& word : wanted)
        if (const auto it = keys_.find(word); it != keys_.end()) word = it->second.text();
    const auto signer = by(said), wanted_signer = by(wanted);
    if (!wanted_signer.empty() && wanted_signer != signer) return false;
    return wanted.size() <= said.size() && std::equal(wanted.begin(), wanted.end(), said.begin());
}

void Stage::moment(Kind kind, const std::string& what) {
    if (++moments_ == most_moments) {
        violated("a process goes on and on");
        throw Crash{};
    }
    std::vector<const std::string*> due;
    for (auto& armed : armed_) {
        const auto& m = *armed.misfortune;
        if (m.moment.kind != kind) continue;
        if (kind == Kind::process ? m.moment.nth != processes_ : !is_meant(m.moment.what, kind, what))
            continue;
        if (kind != Kind::process && ++armed.seen < m.moment.nth) continue;
        if (kind != Kind::process && armed.seen >= m.moment.nth + m.times) continue;
        due.push_back(&m.act);
    }
    for (const auto* sentence : due)
        if (const auto ok = act(*sentence); !ok) problem_ = ok.error().message;
    if (!chance) return;
    Moment now{kind, kind == Kind::call ? what.substr(0, what.find(' ')) : what, processes_};
    if (kind != Kind::process) now.nth = ++counted_[{kind, now.what}];
    if (const auto more = chance(now)) {
        added.push_back({now, *more, 1});
        if (const auto ok = act(*more); !ok) problem_ = ok.error().message;
    }
}

// Whoever uses what the places hold, at this moment.
void Stage::look() {
    const auto trouble = watch_.trouble();
    if (trouble == trouble_) return;
    trouble_ = trouble;
    say(trouble ? "!!! " + *trouble : "!!! all are served again");
    if (trouble && !watch_.meddled && !watch_.compromised) violated(*trouble);
}

void Stage::violated(const std::string& what) {
    if (violation_) return;
    violation_ = without_ids(what);
    say("!!! this must not be: " + what);
}

Result<void> Stage::play(const Script& script) {
    for (const auto& sentence : script.givens)
        if (auto ok = given(sentence); !ok) return ok;
    for (const auto& misfortune : script.misfortunes) armed_.push_back({&misfortune});
    allowed_at_first_ = world_.aws.allowed;
    for (const auto& sentence : script.steps) {
        if (auto ok = step(sentence); !ok) return ok;
        if (!problem_.empty()) return failed(problem_);
    }
    tell_the_end();
    return {};
}

Result<void> Stage::step(const std::string& sentence) {
    const auto after = [&](const std::string& start) { return sentence.substr(start.size()); };
    const std::string back = "alice goes back: ", abandons = "alice abandons: ";
    const auto settle = [&](rotation::Event word) {
        process("keytide", [this, word] { return world_.settle(word); });
    };
    if (sentence == "rotate")
        rotate();
    else if (sentence == "resume")
        resume();
    else if (sentence == "live")
        live();
    else if (sentence.starts_with(back))
        say("--- " + sentence), settle(rotation::GoingBack{world_.clock.time, after(back), "alice"});
    else if (sentence.starts_with(abandons))
        say("--- " + sentence), settle(rotation::Abandoned{world_.clock.time, after(abandons), "alice"});
    else
        return act(sentence);
    return {};
}

// Each is a process of its own: it can die at any moment.
std::optional<Outcome> Stage::process(const std::string& command,
                                      const std::function<Result<Outcome>()>& run) {
    ++processes_;
    moments_ = 0;
    world_.clock.stop = false;
    if (command != "keytide") say("--- " + command);
    try {
        moment(Kind::process, "");
        auto outcome = run();
        if (transcript_) transcript_->survey_ends();
        look();
        if (!outcome) {
            say("ends: error: " + outcome.error().message);
            if (!outcome.error().hint.empty()) say("  hint: " + outcome.error().hint);
            return std::nullopt;
        }
        say("ends: " + in_words(outcome->how));
        if (outcome->rotation.end != rotation::End::none) {
            ++ended_;
            if (const auto wrong = watch_.end(outcome->rotation)) violated(*wrong);
        }
        return std::move(*outcome);
    } catch (const Crash&) {
        if (transcript_) transcript_->survey_ends();
        say("--- the process dies");
        look();
        return std::nullopt;
    }
}

std::optional<Outcome> Stage::rotate() {
    if (world_.started() && !open_ && world_.profile.held) world_.next_rotation();
    return process("keytide rotate", [this] {
        if (transcript_) transcript_->survey_begins();
        return world_.rotate(wanted_);
    });
}

std::optional<Outcome> Stage::resume() {
    return process("keytide resume", [this] { return world_.resume(); });
}

// Until one rotation has ended: whoever is asked settles it, and waits are waited for.
void Stage::live() {
    for (int i = 0; i < most_processes; ++i) {
        std::optional<Outcome> outcome;
        if (!open_)
            outcome = rotate();
        else if (std::exchange(wants_back_, false))
            outcome = process("keytide rollback", [this] {
                return world_.settle(rotation::GoingBack{world_.clock.time, "alice wants it", "alice"});
            });
        else
            outcome = resume();
        if (outcome && outcome->rotation.end != rotation::End::none) return;
        if (outcome && outcome->rotation.parked) {
            const auto until = outcome->rotation.parked->until + world_.aws.behind;
            world_.clock.time = std::max(world_.clock.time, until);
        }
        if ((outcome && outcome->how == Stopped::needs_person) || (!outcome && !open_))
            settle_what_is_asked();
    }
    violated("the rotation does not end: " + asked_);
}

void Stage::tell_the_end() {
    if (!transcript_) return;
    world_.aws.land_late_calls();
    look();
    std::string keys, places;
    for (const auto& [id, key] : world_.aws.keys)
        keys += (keys.empty() ? "" : ", ") + id.text() + " " + std::string(to_text(key.status));
    for (const auto* place : world_.places)
        places += "; " + place->uri() + " holds " + (place->held ? place->held->id.text() : "nothing");
    say(fmt::format("--- in the end: bob has {}{}; {} in the ledger", keys.empty() ? "no key" : keys, places,
                    world_.ledger.holds_secrets() ? "sealed secrets" : "no secret"));
}

}  // namespace keytide::simulator
