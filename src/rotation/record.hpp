// The state of a rotation: what we know after all that happened. Built by evolve() alone.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "rotation/event.hpp"

namespace keytide::rotation {

enum class Phase {
    create,   // NEW is to be made
    verify,   // AWS is to take NEW steadily
    deliver,  // NEW is to be written where OLD is held
    overlap,  // both keys are Active while consumers move
    retire,   // OLD is to be deleted, signed by NEW
    confirm,  // AWS is to refuse OLD steadily
    undo,     // NEW is to be deleted: going back before any write
    finish,   // the sealed secrets are to be wiped
    ended,
};
std::string_view name_of(Phase phase);

enum class End { none, completed, rolled_back };

struct Delivery {
    std::string destination;
    bool old_value_sealed = false;
    bool attempted = false;  // a write may have happened
    bool delivered = false;
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
    std::string code;         // AWS's, or "?" when nothing could be learned
    std::string message;
};

struct PendingCreate {
    CreateIntended intent;
    std::optional<Instant> closed;  // since when its sender can send no more
    int looks = 0;                  // lists seen after the call could land no more
};

// What the present process has seen. It dies with the process and with the phase.
struct Evidence {
    std::vector<Streak> streaks;                // by probe
    std::vector<std::optional<Instant>> asked;  // by probe: the last attempt
    std::vector<std::string> denied_by;         // probes answered by AccessDenied
    std::optional<Problem> problem;
    std::optional<Instant> since;  // the first observation
    int unanswered = 0;            // calls of CreateAccessKey
    std::optional<Instant> taken;  // EvidenceTaken
    Streak gone;                   // NoSuchEntity on our deletion, in a row
    Streak absent;                 // lists without OLD, in a row
    std::string rejected_with;     // AWS's code for OLD
};

struct Rotation {
    RotationId id;
    Request request;
    Phase phase = Phase::create;
    End end = End::none;
    Instant started{}, changed{};

    std::optional<AccessKeyId> new_key{};
    std::optional<PendingCreate> create{};          // an intent without an outcome
    std::optional<CreateRefused> create_refused{};  // the last answer to CreateAccessKey
    int creates = 0;
    bool maybe_orphan = false;  // an unanswered CreateAccessKey that nobody could look after
    std::optional<std::vector<KeyMetadata>> first_keys{};  // as the first look listed them

    std::vector<Delivery> deliveries{};
    std::optional<Instant> overlap_began{};
    bool delete_intended = false;  // the point of no return, for OLD
    bool inspected = false;        // in this process
    std::optional<Inspected> seen{};
    int odd_looks = 0;         // looks in a row that the fold cannot explain
    std::string going_back{};  // why

    Evidence evidence{};
    std::optional<Parked> parked{};
    std::optional<NeedsPerson> question{};
};

}  // namespace keytide::rotation
