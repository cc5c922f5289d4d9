#include "orchestrator/orchestrator.hpp"

#include <algorithm>
#include <array>

#include "rotation/decide.hpp"
#include "rotation/evolve.hpp"
#include "rotation/explain.hpp"
#include "rotation/refusal.hpp"
#include "rotation/signing.hpp"

namespace keytide::orchestrator {

using namespace rotation;

namespace {

Result<Rotation> fold(const RotationId& id, const std::vector<ports::Recorded>& events) {
    if (events.empty()) return failed("rotation " + id + " has no events");
    auto folded = begin(id, events.front().event);
    for (std::size_t i = 1; folded && i < events.size(); ++i)
        if (const auto ok = evolve(*folded, events[i].event); !ok) return std::unexpected(ok.error());
    return folded;
}

EvidenceMissing unreadable(Instant at, const ports::Destination& destination, const Error& error) {
    return {at, destination.asks_for_patience() ? "NotYet" : "Unreadable", error.message};
}

// Its errors name a place, and the event does already.
DeliverFailed undelivered(Instant at, const std::string& uri, std::string_view why) {
    if (why.starts_with(uri + ": ")) why.remove_prefix(uri.size() + 2);
    return {at, uri, std::string(why)};
}

}  // namespace

Result<Rotation> load(ports::Ledger& ledger, const RotationId& id) {
    const auto events = ledger.events(id);
    if (!events) return std::unexpected(events.error());
    return fold(id, *events);
}

Result<Outcome> Orchestrator::start(const RotationId& id, const Request& request, const AccessKey* old_key) {
    const Event started = Started{doors_.clock.now(), request};
    auto first = begin(id, started);
    if (!first) return std::unexpected(first.error());
    std::vector<const AccessKey*> keys;
    if (old_key != nullptr) keys.push_back(old_key);
    const auto appended = ledger_.append(id, 0, started, keys);
    if (!appended) return std::unexpected(appended.error());
    adopt(std::move(*first), *appended);
    narrator_.happened(*rotation_, started);
    return run();
}

// The rotation and its sequence number are of one reading: who wrote in between is noticed at the next
// append.
Result<void> Orchestrator::take_up(const RotationId& id) {
    const auto events = ledger_.events(id);
    if (!events) return std::unexpected(events.error());
    auto folded = fold(id, *events);
    if (!folded) return std::unexpected(folded.error());
    adopt(std::move(*folded), events->back().sequence);
    return {};
}

bool Orchestrator::is_sender_gone() {
    if (rotation_->create) return doors_.processes.is_gone(rotation_->create->intent.sender);
    return rotation_->phase == Phase::verify && doors_.processes.is_gone(rotation_->creator);
}

Result<void> Orchestrator::take_over(const RotationId& id) {
    if (auto ok = take_up(id); !ok) return ok;
    if (rotation_->phase == Phase::ended) return {};
    return record(Resumed{doors_.clock.now(), is_sender_gone()});
}

Result<void> Orchestrator::take_over(const RotationId& id, const Event& by_a_person) {
    if (auto ok = take_up(id); !ok) return ok;
    if (auto after = *rotation_; !evolve(after, by_a_person))
        return usage_error(
            "rotation " + id + " is in the phase " + std::string(name_of(rotation_->phase)) +
                (std::holds_alternative<Acknowledged>(by_a_person) ? ", in which nobody is waited for"
                                                                   : ", from which there is no way back"),
            rotation_->phase == Phase::ended ? "see 'keytide history " + id + "'"
                                             : "go on with 'keytide resume " + id + "'");
    if (std::holds_alternative<GoingBack>(by_a_person) && holds(*rotation_, When::written))
        if (const auto old_key = key(*rotation_->request.old_key); !old_key)
            return usage_error("there is no way back: the old key's secret is not known here (" +
                                   old_key.error().message + ")",
                               "the new key works; go on with 'keytide resume " + id + "'");
    if (auto ok = record(Resumed{doors_.clock.now(), is_sender_gone()}); !ok) return ok;
    return record(by_a_person);
}

Result<Outcome> Orchestrator::resume(const RotationId& id) {
    if (auto ok = take_over(id); !ok) return std::unexpected(ok.error());
    return run();
}

Result<Outcome> Orchestrator::settle(const RotationId& id, const Event& by_a_person) {
    if (auto ok = take_over(id, by_a_person); !ok) return std::unexpected(ok.error());
    return run();
}

Result<Reminding> Orchestrator::remind(const RotationId& id) {
    if (auto ok = take_up(id); !ok) return std::unexpected(ok.error());
    if (!rotation_->question)
        return std::unexpected(Error{ErrorKind::busy, "rotation " + id + " has gone on meanwhile", ""});
    std::vector<Error> untold;
    for (std::size_t i = 0; i < rotation_->deliveries.size(); ++i) {
        const auto delivery = rotation_->deliveries[i];
        auto& destination = *doors_.destinations.at(i);
        const auto every = destination.reminds_every();
        const auto now = doors_.clock.now();
        if (!every || !is_reminder_due(delivery, *every, now)) continue;
        const auto told =
            destination.remind({id, key_of(*rotation_, incoming(*rotation_)), delivery.delivered_at});
        if (!told) {
            untold.push_back(told.error());
            continue;
        }
        if (auto ok = record(Reminded{now, delivery.destination}); !ok) return std::unexpected(ok.error());
    }
    return Reminding{{Stopped::needs_person, *rotation_}, std::move(untold)};
}

Result<Outcome> Orchestrator::run() {
    for (;;) {
        auto stopped = step();
        if (!stopped) return std::unexpected(stopped.error());
        if (*stopped) return std::move(**stopped);
    }
}

void Orchestrator::adopt(Rotation rotation, ports::Sequence sequence) {
    rotation_ = std::make_unique<Rotation>(std::move(rotation));
    sequence_ = sequence;
}

Result<std::optional<Outcome>> Orchestrator::step() {
    const auto stop = [&](Stopped how) { return Outcome{how, *rotation_}; };
    if (rotation_->end == End::completed) return stop(Stopped::completed);
    if (rotation_->end == End::rolled_back) return stop(Stopped::rolled_back);
    if (rotation_->end == End::abandoned) return stop(Stopped::abandoned);
    if (rotation_->parked) return stop(Stopped::parked);
    if (rotation_->question) return stop(Stopped::needs_person);
    if (rotation_->needs_mfa) return stop(Stopped::needs_mfa);
    if (doors_.clock.interrupted()) return stop(Stopped::interrupted);
    const auto action = decide(*rotation_, doors_.clock.now());
    for (const auto which : secrets_taken_by(*rotation_, action)) {
        const auto taken = key(key_of(*rotation_, which));
        if (taken) continue;
        if (taken.error().kind != ErrorKind::lost) return std::unexpected(taken.error());
        if (auto ok = record(SecretLost{doors_.clock.now(), which, taken.error().message}); !ok)
            return std::unexpected(ok.error());
        return std::nullopt;
    }
    // A session is minted before the action and not within it: a person may take minutes to give the code,
    // and evidence does not wait that long.
    if (is_signed(action) || is_signed_there(action)) {
        const auto ready = can_sign();
        if (!ready) return std::unexpected(ready.error());
        if (!*ready) return std::nullopt;
    }
    const auto done = std::visit([this](const auto& what) { return perform(what); }, action);
    if (!done) return std::unexpected(done.error());
    return std::nullopt;
}

Result<void> Orchestrator::record(const Event& event, std::span<const AccessKey* const> keys) {
    auto next = *rotation_;
    if (auto ok = evolve(next, event); !ok) return ok;
    if (!is_transient(event)) {
        const auto appended = ledger_.append(rotation_->id, sequence_, event, keys);
        if (!appended) return std::unexpected(appended.error());
        sequence_ = *appended;
    }
    *rotation_ = std::move(next);
    narrator_.happened(*rotation_, event);
    return {};
}

Result<const AccessKey*> Orchestrator::key(const AccessKeyId& id) {
    const auto known = keys_.find(id);
    if (known != keys_.end()) return &known->second;
    auto found = ledger_.unseal(rotation_->id, id);
    if (!found && found.error().kind == ErrorKind::lost)
        if (auto held = held_somewhere(id)) found = std::move(*held);
    if (!found) return std::unexpected(found.error());
    return &keys_.emplace(id, std::move(*found)).first->second;
}

std::optional<AccessKey> Orchestrator::held_somewhere(const AccessKeyId& id) {
    for (auto* destination : doors_.destinations) {
        // To read what must be signed for, a key would be needed that may be the lost one.
        if (!destination->capabilities().restorable || destination->capabilities().is_signed) continue;
        if (auto held = destination->read(); held && *held && (*held)->id == id) return std::move(**held);
    }
    return std::nullopt;
}

Result<const AccessKey*> Orchestrator::signing_key() {
    switch (actor(*rotation_)) {
        case Signer::old_key: return key(*rotation_->request.old_key);
        case Signer::new_key: return key(*rotation_->new_key);
        case Signer::administrator: break;
    }
    if (administrator_ == nullptr)
        return usage_error("rotation " + rotation_->id + " was started with the credentials of " +
                               rotation_->request.administrator.arn + ", which are needed again",
                           "run it with the same credentials");
    return administrator_;
}

// Never the key itself where a session is asked for: what it is denied would look like what is not allowed.
Result<const AccessKey*> Orchestrator::signer() {
    const auto own = signing_key();
    if (!own || !signs_by_session(**own, rotation_->request.mfa_serial)) return own;
    if (const auto* session = doors_.mfa_sessions->of((*own)->id)) return session;
    return failed("there is no session with MFA of the key " + (*own)->id.text());
}

Result<void> Orchestrator::sign_for(ports::Destination& destination) {
    if (!destination.capabilities().is_signed) return {};
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    destination.sign_with(**by, doors_.clock.now());
    return {};
}

bool Orchestrator::is_signed_there(const Action& action) const {
    const auto is_signed = [&](std::size_t i) { return doors_.destinations.at(i)->capabilities().is_signed; };
    if (const auto* sealing = std::get_if<SealOldValue>(&action)) return is_signed(sealing->destination);
    if (const auto* delivery = std::get_if<Deliver>(&action)) return is_signed(delivery->destination);
    return false;
}

Result<bool> Orchestrator::can_sign() {
    const auto own = signing_key();
    if (!own) return std::unexpected(own.error());
    const auto& serial = rotation_->request.mfa_serial;
    if (!signs_by_session(**own, serial)) return true;
    if (doors_.mfa_sessions->lasts((*own)->id, doors_.clock.now())) return true;
    const auto answered = doors_.mfa_sessions->mint(*doors_.session_tokens, doors_.clock, **own, serial);
    if (!answered && doors_.clock.interrupted()) return false;  // at the prompt: the next step stops
    if (!answered) return std::unexpected(answered.error());
    if (auto ok = record(*answered); !ok) return std::unexpected(ok.error());
    return false;
}

template <class T>
Instant Orchestrator::heard(const ports::Answer<T>& answer) {
    doors_.clock.learn(answer.server_time);
    if (const auto* refused = answer.refused(); refused != nullptr && says_session_ended(refused->code))
        if (const auto own = signing_key(); own && doors_.mfa_sessions != nullptr)
            doors_.mfa_sessions->forget((*own)->id);
    return doors_.clock.now();
}

template <class T>
EvidenceMissing missing(Instant at, std::string_view call, const ports::Answer<T>& answer) {
    const auto what = std::string(call) + ": ";
    if (const auto* refused = answer.refused()) return {at, refused->code, what + refused->message};
    if (const auto* unsent = answer.not_sent()) return {at, "?", what + unsent->reason};
    return {at, "?", what + answer.indeterminate()->reason};
}

Result<void> Orchestrator::perform(const Inspect&) {
    const auto& request = rotation_->request;
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    Inspected seen{};
    const auto list = doors_.access_keys.list(**by, request.user_name);
    seen.at = heard(list);
    const auto* refused = list.refused();
    if (const auto* keys = list.done())
        seen.keys = *keys;
    else if (refused == nullptr || !says_denied(refused->code))
        return record(missing(seen.at, "iam:ListAccessKeys", list));
    for (std::size_t i = 0; i < doors_.destinations.size(); ++i) {
        auto& destination = *doors_.destinations[i];
        // Of a place that shows nothing, what was written there last is all that is known.
        if (!destination.capabilities().readable) {
            const bool written = rotation_->deliveries.at(i).delivered;
            seen.held.push_back(written ? std::optional(key_of(*rotation_, kept(*rotation_))) : std::nullopt);
            continue;
        }
        if (auto ok = sign_for(destination); !ok) return ok;
        const auto held = destination.read();
        if (!held) return record(unreadable(seen.at, destination, held.error()));
        seen.held.push_back(*held ? std::optional((*held)->id) : std::nullopt);
    }
    return record(seen);
}

Result<void> Orchestrator::perform(const CreateKey&) {
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    if (auto room = ledger_.reserve(); !room) return room;
    std::array<std::byte, 10> random{};
    doors_.entropy.fill(random);
    std::string nonce;
    for (const auto byte : random) nonce += "abcdefghijklmnop"[std::to_integer<int>(byte) & 15];
    const auto intended = doors_.clock.now();
    const auto keys = rotation_->seen ? rotation_->seen->keys : std::nullopt;
    if (auto ok = record(CreateIntended{intended, nonce, doors_.processes.self(), keys}); !ok) return ok;

    auto answer = doors_.access_keys.create(**by, rotation_->request.user_name, intended, nonce);
    const auto at = heard(answer);
    if (const auto* created = answer.done()) {
        const std::array<const AccessKey*, 1> seal{&created->key};
        const auto ok = record(KeyCreated{at, created->key.id}, seal);
        if (!ok) return std::unexpected(undo_unrecorded(created->key, ok.error()));
        return {};
    }
    if (const auto* refused = answer.refused())
        return record(CreateRefused{at, refused->code, refused->message});
    if (const auto* unsent = answer.not_sent()) return record(CreateRefused{at, "NotSent", unsent->reason});
    return record(CreateUnanswered{at, answer.indeterminate()->reason});
}

// The key exists, and its secret cannot be kept: it must not outlive this moment.
Error Orchestrator::undo_unrecorded(const AccessKey& made, const Error& why) {
    const auto by = signer();
    const auto& user = rotation_->request.user_name;
    if (by && doors_.access_keys.remove(**by, user, made.id, doors_.clock.now()).done() != nullptr)
        return {
            why.kind,
            "the new key " + made.id.text() + " could not be recorded and was deleted again: " + why.message,
            why.hint};
    return {
        why.kind,
        "the new key " + made.id.text() + " could not be recorded (" + why.message +
            "), and deleting it again got no clear answer",
        "delete it: aws iam delete-access-key --user-name " + user + " --access-key-id " + made.id.text()};
}

Result<void> Orchestrator::perform(const ProbeKey& probe) {
    const auto with = key(key_of(*rotation_, probe.key));
    if (!with) return std::unexpected(with.error());
    const auto answer = doors_.probes.at(probe.probe)->attempt(**with);
    ProbeAnswered seen{.at = heard(answer), .key = probe.key, .probe = probe.probe};
    if (const auto* accepted = answer.done()) {
        seen.accepted = true;
        seen.identity = accepted->identity;
    } else if (const auto* refused = answer.refused()) {
        seen.code = refused->code;
        seen.message = refused->message;
    } else {
        seen.code = "?";
        seen.message =
            answer.not_sent() != nullptr ? answer.not_sent()->reason : answer.indeterminate()->reason;
    }
    return record(seen);
}

Result<void> Orchestrator::perform(const SealOldValue& what) {
    auto& destination = *doors_.destinations.at(what.destination);
    const auto uri = rotation_->deliveries[what.destination].destination;
    const auto at = doors_.clock.now();
    if (!destination.capabilities().restorable) return record(OldValueSealed{at, uri});
    if (auto ok = sign_for(destination); !ok) return ok;
    const auto held = destination.read();
    if (!held && destination.asks_for_patience())
        return record(EvidenceMissing{at, "NotYet", held.error().message});
    if (!held) return record(undelivered(at, uri, held.error().message));
    std::vector<const AccessKey*> seal;
    const bool known = rotation_->request.self;  // OLD was sealed when the rotation started
    if (*held && (*held)->id == rotation_->request.old_key && !known) seal.push_back(&**held);
    return record(OldValueSealed{at, uri}, seal);
}

Result<void> Orchestrator::perform(const Deliver& what) {
    auto& destination = *doors_.destinations.at(what.destination);
    const auto uri = rotation_->deliveries[what.destination].destination;
    const auto next = key(key_of(*rotation_, incoming(*rotation_)));
    if (!next) return std::unexpected(next.error());
    if (auto ok = record(DeliverIntended{doors_.clock.now(), uri}); !ok) return ok;
    if (auto ok = sign_for(destination); !ok) return ok;

    std::vector replaceable{*rotation_->new_key};
    if (const auto& old_key = rotation_->request.old_key) replaceable.push_back(*old_key);
    const auto answer = destination.deliver(**next, replaceable);
    const auto at = doors_.clock.now();
    if (const auto* stranger = std::get_if<ports::DeliverStranger>(&answer))
        return record(undelivered(at, uri,
                                  "it holds " + stranger->held.text() +
                                      ", which is neither the old nor the new key, and was not touched"));
    const auto* refused = std::get_if<ports::DeliverRefused>(&answer);
    if (refused != nullptr && destination.asks_for_patience())
        return record(EvidenceMissing{at, "NotYet", refused->error.message});
    if (refused != nullptr) return record(undelivered(at, uri, refused->error.message));
    if (destination.capabilities().readable) {
        const auto held = destination.read();
        if (!held && destination.asks_for_patience())
            return record(EvidenceMissing{at, "NotYet", held.error().message});
        if (!held) return record(undelivered(at, uri, held.error().message));
        if (!*held || !(*held)->same_as(destination.form_of(**next))) {
            const auto* unknown = std::get_if<ports::DeliverUnknown>(&answer);
            return record(undelivered(
                at, uri,
                unknown != nullptr ? unknown->error.message : "reading back did not give what was written"));
        }
    } else if (const auto* unknown = std::get_if<ports::DeliverUnknown>(&answer)) {
        return record(undelivered(at, uri, unknown->error.message));
    }
    return record(Delivered{at, uri});
}

// What can be seen just now must be what the record says: the key that stays works, is listed and held, and
// nobody else has been at work.
Result<void> Orchestrator::perform(const TakeEvidence&) {
    auto seen = look();
    if (!seen) return std::unexpected(seen.error());
    if (const auto* missing = std::get_if<EvidenceMissing>(&*seen)) return record(*missing);
    const auto& inspected = std::get<Inspected>(*seen);
    if (!explains(*rotation_, inspected)) return record(inspected);
    return record(EvidenceTaken{inspected.at});
}

Result<std::variant<Inspected, EvidenceMissing>> Orchestrator::look() {
    const auto& id = key_of(*rotation_, kept(*rotation_));
    const bool undoing = rotation_->phase == Phase::undo;
    Inspected seen{};
    seen.at = doors_.clock.now();
    const AccessKey* staying = nullptr;
    // An administrator need not know the old key's secret, and no destination was written yet.
    if (rotation_->request.self || !undoing) {
        const auto with = key(id);
        if (!with) return std::unexpected(with.error());
        staying = *with;
        const auto who = doors_.identities.caller(*staying);
        seen.at = heard(who);
        if (who.done() == nullptr) return missing(seen.at, "sts:GetCallerIdentity", who);
        if (!is_the_user(*rotation_, *who.done()))
            return EvidenceMissing{seen.at, "Drift",
                                   "the key " + id.text() + " now belongs to " + who.done()->arn};
    }
    if (rotation_->first_keys || staying == nullptr) {
        const auto by = signer();
        if (!by) return std::unexpected(by.error());
        const auto list = doors_.access_keys.list(**by, rotation_->request.user_name);
        seen.at = heard(list);
        if (list.done() == nullptr) return missing(seen.at, "iam:ListAccessKeys", list);
        seen.keys = *list.done();
        if (!holds(*seen.keys, id))
            return EvidenceMissing{seen.at, "Unlisted", "the list does not show the key " + id.text()};
    }
    for (auto* destination : doors_.destinations) {
        seen.held.emplace_back(id);
        if (!destination->capabilities().readable) continue;
        if (auto ok = sign_for(*destination); !ok) return std::unexpected(ok.error());
        const auto held = destination->read();
        if (!held) return unreadable(seen.at, *destination, held.error());
        seen.held.back() = *held ? std::optional((*held)->id) : std::nullopt;
        if (*held && (*held)->id == id && staying != nullptr &&
            !(*held)->same_as(destination->form_of(*staying)))
            return EvidenceMissing{seen.at, "Drift",
                                   destination->uri() + " holds another secret for the key " + id.text()};
    }
    return seen;
}

Result<void> Orchestrator::perform(const AskLastUse&) {
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    LastUseSeen seen{};
    const auto ask = [&](const AccessKeyId& id, LastUse& use) -> std::optional<EvidenceMissing> {
        const auto answer = doors_.access_keys.last_used(**by, id);
        seen.at = heard(answer);
        if (answer.done() == nullptr) return missing(seen.at, "iam:GetAccessKeyLastUsed", answer);
        use = {answer.done()->at, answer.done()->service};
        return std::nullopt;
    };
    if (const auto unseen = ask(*rotation_->request.old_key, seen.old_key)) return record(*unseen);
    if (const auto unseen = ask(*rotation_->new_key, seen.new_key)) return record(*unseen);
    return record(seen);
}

Result<void> Orchestrator::perform(const AskHandOuts&) {
    const auto at = doors_.clock.now();
    const auto latest = doors_.hand_outs.latest(key_of(*rotation_, outgoing(*rotation_)));
    if (!latest) return record(EvidenceMissing{at, "Unreadable", latest.error().message});
    HandOutsSeen seen{at, *latest};
    // Who has them goes by this machine's clock: where that one is behind AWS's, they last longer.
    if (seen.until) *seen.until += std::max(Duration{0}, doors_.clock.skew());
    return record(seen);
}

Result<void> Orchestrator::perform(const SetStatus& what) {
    const auto target = *rotation_->request.old_key;
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    const auto intended = doors_.clock.now();
    const bool off = what.status == KeyStatus::inactive;
    const auto& signed_as = (*signing_key())->id;
    const auto ok = off ? record(DeactivateIntended{intended, target, signed_as})
                        : record(ActivateIntended{intended, target, signed_as});
    if (!ok) return ok;
    const auto answer =
        doors_.access_keys.set_status(**by, rotation_->request.user_name, target, what.status, intended);
    const auto at = heard(answer);
    if (answer.done() != nullptr)
        return record(off ? Event{OldKeyDeactivated{at}} : Event{OldKeyActivated{at}});
    if (const auto* refused = answer.refused())
        return record(StatusRefused{at, refused->code, refused->message});
    if (const auto* unsent = answer.not_sent()) return record(StatusRefused{at, "NotSent", unsent->reason});
    return record(StatusUnanswered{at, answer.indeterminate()->reason});
}

Result<void> Orchestrator::perform(const DeleteKey& what) {
    const auto by = signer();
    if (!by) return std::unexpected(by.error());
    const auto intended = doors_.clock.now();
    if (auto ok = record(DeleteIntended{intended, what.target, what.key, (*signing_key())->id}); !ok)
        return ok;

    const auto answer = doors_.access_keys.remove(**by, rotation_->request.user_name, what.key, intended);
    const auto at = heard(answer);
    if (answer.done() != nullptr) {
        switch (what.target) {
            case Which::old_key: return record(OldKeyDeleted{at});
            case Which::new_key: return record(NewKeyDeleted{at});
            case Which::other_key: return record(OtherKeyDeleted{at, what.key});
        }
    }
    if (const auto* refused = answer.refused()) {
        return record(DeleteRefused{at, what.target, refused->code, refused->message});
    }
    if (const auto* unsent = answer.not_sent())
        return record(DeleteUnanswered{at, what.target, unsent->reason});
    return record(DeleteUnanswered{at, what.target, answer.indeterminate()->reason});
}

Result<void> Orchestrator::perform(const Conclude& what) {
    return record(what.event);
}

Result<void> Orchestrator::perform(const Wait& what) {
    const auto time = what.until - doors_.clock.now();
    if (time <= Duration{0}) return {};
    narrator_.waiting(*rotation_, time);
    doors_.clock.sleep(time);
    return {};
}

Result<void> Orchestrator::perform(const Park& what) {
    return record(what.parked);
}

Result<void> Orchestrator::perform(const Ask& what) {
    return record(what.question);
}

Result<void> Orchestrator::perform(const AskForCode& what) {
    return record(what.question);
}

}  // namespace keytide::orchestrator
