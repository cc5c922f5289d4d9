// The state of a rotation: what we know after all that happened. Built by evolve() alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rotation/event.hpp"

namespace keytide::rotation {

// "Incoming" is the key that is to be used in the end, "outgoing" the one that goes: NEW and OLD, and on the
// way back OLD and NEW.
enum class Phase {
    clear,       // a given-up key is to be deleted, to make room
    create,      // NEW is to be made
    verify,      // AWS is to take the incoming key steadily
    deliver,     // the incoming key is to be written where the outgoing one is held
    overlap,     // both keys are Active while consumers move
    deactivate,  // OLD is to become Inactive
    soak,        // OLD is Inactive, and the way back is open
    retire,      // the outgoing key is to be deleted, signed by the incoming one
    confirm,     // AWS is to refuse the outgoing key steadily
    undo,        // NEW is to be deleted: going back before any write
    reactivate,  // going back after a write: OLD is to be Active again
    finish,      // the sealed secrets are to be wiped
    ended,
};
std::string_view name_of(Phase phase);

enum class End { none, completed, rolled_back, abandoned };

struct Delivery {
    std::string destination;
    bool old_value_sealed = false;
    bool attempted = false;  // a write may have happened
    bool delivered = false;
    Instant delivered_at{};
    bool acknowledged = false;             // by the person that it was handed to
    std::optional<Instant> reminded_at{};  // that person, last
    int reminders = 0;
    int failures = 0;  // since the process started
    std::string last_failure;
};

// Answers in a row that agree, of one probe about one key.
struct Streak {
    int length = 0;
    Instant first{}, last{};
};

// A call that ended otherwise than done.
struct Problem {
    Instant first{}, last{};  // of an unbroken row with this code
    int count = 0;            // of that row
    std::string code;         // AWS's, or "?" when nothing could be learned
    std::string message;
};

struct PendingCreate {
    CreateIntended intent;
    std::optional<Instant> closed;  // since when its sender can send no more
    bool sender_gone = false;       // as of the next answer, since the local clock may be wrong
    int looks = 0;                  // lists seen after the call could land no more
};

// What the present process has seen. It dies with the process and with the phase.
struct Evidence {
    std::vector<Streak> streaks;                // by probe
    std::vector<std::optional<Instant>> asked;  // by probe: the last attempt
    std::vector<int> throttled;                 // by probe: answers in a row that said only "not now"
    std::vector<std::string> denied_by;         // probes answered by AccessDenied
    std::optional<Problem> problem;             // of a look
    std::optional<Problem> change_problem;      // of a change: evidence taken meanwhile does not undo it
    std::optional<Problem> session_problem;     // of minting a session, since the last that was minted
    std::optional<Instant> since;               // the first observation
    int unanswered = 0;                         // calls of CreateAccessKey
    std::optional<Instant> taken;               // EvidenceTaken
    Streak gone;                                // NoSuchEntity on our deletion, in a row
    Streak absent;                              // lists without OLD, in a row
    std::string rejected_with;                  // AWS's code for the outgoing key
    std::optional<LastUseSeen> last_use;
    std::optional<HandOutsSeen> hand_outs;
    std::map<Which, std::string> lost_secrets;  // with the reason
};

struct Rotation {
    RotationId id;
    Request request;
    Phase phase = Phase::create;
    End end = End::none;
    Instant started{}, changed{};

    std::optional<AccessKeyId> new_key{};
    Instant new_key_made{};
    Process creator{};  // of NEW
    // Its process recorded nothing more: it may have thought that NEW is not recorded, and have sent its
    // deletion.
    bool creator_stopped = false;
    bool creator_gone = false;                      // and can send no more
    std::optional<PendingCreate> create{};          // an intent without an outcome
    std::optional<CreateRefused> create_refused{};  // the last answer to CreateAccessKey
    int creates = 0;
    bool other_key_touched = false;  // a deletion of a key that is neither OLD nor NEW was begun
    bool maybe_orphan = false;       // an unanswered CreateAccessKey that nobody could look after
    std::optional<std::vector<KeyMetadata>> first_keys{};  // as the first look listed them
    std::vector<std::optional<AccessKeyId>> first_held{};  // as it found the destinations

    std::vector<Delivery> deliveries{};
    std::optional<Instant> overlap_began{};
    bool quiet_seen = false;              // OldKeyQuiet
    std::optional<Instant> handed_out{};  // until when credentials with the outgoing key last
    bool old_key_active = true;           // as far as we changed it
    std::optional<Instant>
        status_pending{};  // until when the last call to change it can land, while its outcome is unknown
    std::optional<Instant> deactivation_lands{};  // until when an unanswered deactivation can
    std::optional<Instant> soak_began{};
    std::optional<Instant> new_key_used{};  // by us, last
    bool delete_intended = false;           // the point of no return, for OLD
    bool deletion_open = false;             // a deletion is under way, or got no answer
    bool back = false;                      // a rotation back
    bool inspected = false;                 // in this process
    std::optional<Inspected> seen{};
    int odd_looks = 0;         // looks in a row that the fold cannot explain
    std::string going_back{};  // why

    Evidence evidence{};
    std::optional<Parked> parked{};
    std::optional<NeedsPerson> question{};
    std::optional<NeedsMfa> needs_mfa{};
};

}  // namespace keytide::rotation
