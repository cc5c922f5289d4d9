// What can happen to a rotation. A rotation is the list of its events, and its state is their fold
// (evolve.hpp).
//
// Events are facts with AWS's time. An intent is recorded before its call leaves, the outcome before the next
// intent. Events hold no secret: sealed values lie beside them in the ledger.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "rotation/request.hpp"

namespace keytide::rotation {

// Who sends: enough to prove later that it can send no more.
struct Process {
    std::string boot_id;
    std::int64_t pid = 0;
    std::uint64_t start = 0;  // clock ticks after boot, /proc/PID/stat field 22

    bool operator==(const Process&) const = default;
};

// other_key: neither of the two, and still ours to delete: an inactive key that the request gives up, or one
// that an unanswered CreateAccessKey left.
enum class Which { old_key, new_key, other_key };

struct Started {
    Instant at;
    Request request;
};
struct Resumed {
    Instant at;
    bool sender_gone = false;
};  // the process before us is proved dead

// A look at the world: the keys when listing is allowed, and what each destination holds.
struct Inspected {
    Instant at;
    std::optional<std::vector<KeyMetadata>> keys;
    std::vector<std::optional<AccessKeyId>> held;  // by destination
};

struct CreateIntended {
    Instant at;
    std::string nonce;
    Process sender;
    std::optional<std::vector<KeyMetadata>> keys_before;
};
struct CreateRefused {
    Instant at;
    std::string code;
    std::string message;
};  // or not sent, code NotSent
struct CreateUnanswered {
    Instant at;
    std::string reason;
};
// An unanswered call can land no more. `seen`: the list shows that it made no key; otherwise nobody could
// look.
struct CreateSettled {
    Instant at;
    bool seen = false;
};
struct KeyCreated {
    Instant at;
    AccessKeyId key;
};

struct NewKeyAccepted {
    Instant at;
    CallerIdentity identity;
    std::vector<std::string> denied_by;
};

struct OldKeyAccepted {
    Instant at;
};  // again, on the way back

struct OldValueSealed {
    Instant at;
    std::string destination;
};
struct DeliverIntended {
    Instant at;
    std::string destination;
};
struct DeliverFailed {
    Instant at;
    std::string destination;
    std::string reason;
};
struct Delivered {
    Instant at;
    std::string destination;
};

// Whoever was handed the incoming key, to put it where only they can, has done so.
struct Acknowledged {
    Instant at;
    std::string by;
};
// Whoever has not said so yet was told of it again.
struct Reminded {
    Instant at;
    std::string destination;
};

struct NothingToRetire {
    Instant at;
};  // a first key: its delivery was all there was to do
struct OverlapBegan {
    Instant at;
};
struct OldKeyQuiet {
    Instant at;
    std::optional<Instant> last_used;  // of the old key, as AWS has it
};
// Credentials with the outgoing key were handed out, and the last of them expire then, in AWS's time.
struct HandedOut {
    Instant at;
    Instant until;
};
struct OverlapEnded {
    Instant at;
};
struct EvidenceTaken {
    Instant at;
};  // NEW is accepted, the destinations hold it, the list shows both keys

// Deactivating the old key, or activating it again on the way back.
struct DeactivateIntended {
    Instant at;
    AccessKeyId key;
    AccessKeyId signer;
};
struct ActivateIntended {
    Instant at;
    AccessKeyId key;
    AccessKeyId signer;
};
struct StatusRefused {
    Instant at;
    std::string code;
    std::string message;
};
struct StatusUnanswered {
    Instant at;
    std::string reason;
};
struct OldKeyDeactivated {
    Instant at;
};
struct OldKeyActivated {
    Instant at;
    bool was_active = false;
};
struct SoakEnded {
    Instant at;
};

struct DeleteIntended {
    Instant at;
    Which target;
    AccessKeyId key;
    AccessKeyId signer;
};
struct DeleteRefused {
    Instant at;
    Which target;
    std::string code;
    std::string message;
};
struct DeleteUnanswered {
    Instant at;
    Which target;
    std::string reason;
};
struct OldKeyDeleted {
    Instant at;
    bool was_gone = false;
};
struct NewKeyDeleted {
    Instant at;
    bool was_gone = false;
};
struct OtherKeyDeleted {
    Instant at;
    AccessKeyId key;
    bool was_gone = false;
};

struct OldKeyRejected {
    Instant at;
    std::string code;
};  // AWS's code, or "absent" when only the list can tell
struct NewKeyRejected {
    Instant at;
    std::string code;
};  // on the way back

// Before any write of the new key was attempted: it is deleted, and that is all. Afterwards: a rotation back.
struct GoingBack {
    Instant at;
    std::string reason;
    std::string by;  // the person who asked for it; empty: the protocol itself
};
struct Parked {
    Instant at;
    Instant until;
    std::string reason;
};
struct NeedsPerson {
    Instant at;
    std::string question;
    std::vector<std::string> answers;
};

// A session with MFA is needed, and the code for it: only the person who has the device can go on.
struct NeedsMfa {
    Instant at;
    std::string serial;  // of the device
    std::string question;
    std::vector<std::string> answers;
};

struct Completed {
    Instant at;
};
struct RolledBack {
    Instant at;
    std::string reason;
};
struct Abandoned {
    Instant at;
    std::string reason;
    std::string by;
};  // a person settled it outside of this program

// Transient: an observation is evidence that expires. It is folded like an event but never stored.
struct ProbeAnswered {
    Instant at;
    Which key;
    std::size_t probe;  // index into Request::probes
    bool accepted = false;
    std::string code;  // of the refusal; "" when accepted, "?" when nothing could be learned
    std::string message;
    std::optional<CallerIdentity> identity;
};
struct EvidenceMissing {
    Instant at;
    std::string code;
    std::string reason;
};  // could not be taken this time
// What the record of hand-outs says of the outgoing key; nothing: no credentials were handed out with it.
struct HandOutsSeen {
    Instant at;
    std::optional<Instant> until;
};
// Neither the ledger nor a destination gives the key's secret.
struct SecretLost {
    Instant at;
    Which key;  // old_key or new_key
    std::string reason;
};
// GetSessionToken: code is "" when the session was minted, "NoCode" when nobody gave a code that AWS takes,
// "?" when nothing could be learned, and otherwise AWS's.
struct SessionAnswered {
    Instant at;
    std::string code;
    std::string message;
};
struct LastUse {
    std::optional<Instant> at;  // nothing: no use is on record, which proves nothing
    std::string service;
    bool operator==(const LastUse&) const = default;
};
struct LastUseSeen {
    Instant at;
    LastUse old_key, new_key;
};

using Event = std::variant<
    Started, Resumed, Inspected, CreateIntended, CreateRefused, CreateUnanswered, CreateSettled, KeyCreated,
    NewKeyAccepted, OldKeyAccepted, OldValueSealed, DeliverIntended, DeliverFailed, Delivered, Acknowledged,
    Reminded, NothingToRetire, OverlapBegan, OldKeyQuiet, HandedOut, OverlapEnded, EvidenceTaken,
    DeactivateIntended, ActivateIntended, StatusRefused, StatusUnanswered, OldKeyDeactivated, OldKeyActivated,
    SoakEnded, DeleteIntended, DeleteRefused, DeleteUnanswered, OldKeyDeleted, NewKeyDeleted, OtherKeyDeleted,
    OldKeyRejected, NewKeyRejected, GoingBack, Parked, NeedsPerson, NeedsMfa, Completed, RolledBack,
    Abandoned, ProbeAnswered, EvidenceMissing, LastUseSeen, HandOutsSeen, SecretLost, SessionAnswered>;

bool is_transient(const Event& event);
Instant time_of(const Event& event);
std::string_view name_of(const Event& event);  // "KeyCreated"

// A call that changes the world is about to leave.
bool is_intent(const Event& event);

// The ends: the secrets are wiped with them.
bool is_end(const Event& event);

}  // namespace keytide::rotation
