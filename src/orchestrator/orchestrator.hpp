// The only place where an action becomes I/O: load, decide, record the intent, act, record the outcome,
// repeat.
//
// A crash at any line is resumed by replay. Before each changing call its intent is on disk; after it, its
// outcome, before the next intent. Keys come from the ledger, never from the provider chain, except an
// administrator's.
#pragma once

#include <map>
#include <memory>

#include "orchestrator/doors.hpp"
#include "ports/ledger.hpp"
#include "ports/narrator.hpp"
#include "rotation/action.hpp"

namespace keytide::orchestrator {

enum class Stopped { completed, rolled_back, abandoned, parked, needs_person, needs_mfa, interrupted };

struct Outcome {
    Stopped how;
    rotation::Rotation rotation;
};

struct Reminding {
    Outcome outcome;
    std::vector<Error> untold;  // of those who could not be told, and are tried again next time
};

class Orchestrator {
public:
    // `administrator` signs when the request says so, and may be null otherwise; it is never stored.
    Orchestrator(Doors& doors, ports::Ledger& ledger, ports::Narrator& narrator,
                 const AccessKey* administrator)
        : doors_(doors), ledger_(ledger), narrator_(narrator), administrator_(administrator) {}

    // Begins a rotation whose request has been surveyed and consented to. `old_key` is sealed with the first
    // event; it is null when an administrator rotates a key whose secret nobody here knows.
    Result<Outcome> start(const rotation::RotationId& id, const rotation::Request& request,
                          const AccessKey* old_key);

    Result<Outcome> resume(const rotation::RotationId& id);

    // A person's word, and what follows from it: GoingBack, Acknowledged or Abandoned. An error where the
    // protocol does not allow it; nothing is recorded then, or done.
    Result<Outcome> settle(const rotation::RotationId& id, const rotation::Event& by_a_person);

    // Tells those who are waited for again, where it is time and they can be told. No key is looked at and
    // none is changed. An error when nothing is asked any more.
    Result<Reminding> remind(const rotation::RotationId& id);

    // For whoever drives the loop himself: what resume() and settle() do before their first action, and the
    // loop one action at a time, from what a process knew. An outcome when there is nothing more to do for
    // now.
    Result<void> take_over(const rotation::RotationId& id);
    Result<void> take_over(const rotation::RotationId& id, const rotation::Event& by_a_person);
    void adopt(rotation::Rotation rotation, ports::Sequence sequence);
    Result<std::optional<Outcome>> step();
    const rotation::Rotation& rotation() const { return *rotation_; }
    ports::Sequence sequence() const { return sequence_; }

private:
    bool is_sender_gone();
    Result<void> take_up(const rotation::RotationId& id);
    Result<Outcome> run();
    Result<void> record(const rotation::Event& event, std::span<const AccessKey* const> keys = {});
    Result<const AccessKey*> key(const AccessKeyId& id);  // from the ledger, or else from a destination
    std::optional<AccessKey> held_somewhere(const AccessKeyId& id);
    Result<const AccessKey*> signing_key();  // the actor's own
    Result<const AccessKey*> signer();       // that key, or the session minted from it
    Result<void> sign_for(ports::Destination& destination);
    bool is_signed_there(const rotation::Action& action) const;
    Result<bool> can_sign();  // false: what was learned of the session is recorded
    template <class T>
    Instant heard(const ports::Answer<T>& answer);

    Result<void> perform(const rotation::Inspect&);
    Result<void> perform(const rotation::CreateKey&);
    Result<void> perform(const rotation::ProbeKey&);
    Result<void> perform(const rotation::SealOldValue&);
    Result<void> perform(const rotation::Deliver&);
    Result<void> perform(const rotation::TakeEvidence&);
    Result<void> perform(const rotation::AskLastUse&);
    Result<void> perform(const rotation::AskHandOuts&);
    Result<void> perform(const rotation::SetStatus&);
    Result<void> perform(const rotation::DeleteKey&);
    Result<void> perform(const rotation::Conclude&);
    Result<void> perform(const rotation::Wait&);
    Result<void> perform(const rotation::Park&);
    Result<void> perform(const rotation::Ask&);
    Result<void> perform(const rotation::AskForCode&);
    Result<void> perform(const rotation::Stop&) { return {}; }

    Result<std::variant<rotation::Inspected, rotation::EvidenceMissing>> look();
    Error undo_unrecorded(const AccessKey& made, const Error& why);

    Doors& doors_;
    ports::Ledger& ledger_;
    ports::Narrator& narrator_;
    const AccessKey* administrator_;
    std::unique_ptr<rotation::Rotation> rotation_;
    ports::Sequence sequence_ = 0;
    std::map<AccessKeyId, AccessKey> keys_;  // unsealed in this run
};

// The fold of what the ledger holds.
Result<rotation::Rotation> load(ports::Ledger& ledger, const rotation::RotationId& id);

}  // namespace keytide::orchestrator
