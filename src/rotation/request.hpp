// What a rotation was asked to do, recorded when it starts and never changed: resuming asks nobody again.
#pragma once

#include <string>
#include <vector>

#include "vocabulary/access_key.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::rotation {

using RotationId = std::string;  // r-20260131T120000Z-1a2b3c

// The protocol's numbers (docs/configuration.md). Durations are zero or more.
struct Numbers {
    Duration grace{0};                         // both keys stay Active this long after the last delivery
    Duration quiet{0};                         // the old key must have been unused this long
    Duration soak{0};                          // the old key stays Inactive this long before it is deleted
    int steady{3};                             // successes in a row that make an answer steady, 1..100
    Duration spread{std::chrono::seconds{5}};  // least time between the first and the last of them
    Duration verify_deadline{std::chrono::minutes{5}};  // NEW must be steady by then
    Duration mismatch_deadline{
        std::chrono::seconds{30}};  // how long SignatureDoesNotMatch may be a cached refusal
    Duration settle_deadline{std::chrono::minutes{5}};  // for every other answer that may still change
    Duration poll{std::chrono::seconds{1}};             // between two attempts at what failed for now
    Duration in_flight{
        std::chrono::seconds{60}};  // a call that left can land this long after its sender ended
    Duration late_call_window{std::chrono::minutes{16}};  // AWS refuses a signature older than 15 minutes
    Duration evidence_life{std::chrono::seconds{60}};     // evidence older than this is taken afresh
    Duration last_use_step{std::chrono::minutes{15}};     // AWS records uses in steps of this length…
    Duration last_use_lag{std::chrono::hours{4}};         // …and shows them this much later
    Duration gate_deadline{std::chrono::days{7}};         // the old key must be quiet by then

    bool operator==(const Numbers&) const = default;
};

// A guarantee that this rotation does without, because a permission is missing or a wait is 0.
enum class Guarantee {
    list,     // other keys of the user are seen, and the deletion is confirmed by the list
    grace,    // programs that read the key only once have time to read again
    quiet,    // the old key is shown to be unused
    soak,     // the old key is Inactive for a while before it is deleted, and the way back stays open
    confirm,  // OLD is called until it is refused
    restore,  // what a destination held can be written back
    compare,  // a stranger's key at a destination is kept, and the new one is read back
};

struct Connection {
    std::string partition = "aws";
    std::string region;
    std::string iam_endpoint, sts_endpoint, s3_endpoint;  // URLs; empty for AWS's own
    std::string ca_bundle;                                // path; empty for the system's
    bool through_proxy = false;

    bool operator==(const Connection&) const = default;
};

struct Consent {
    std::vector<Guarantee> skipped;
    std::string given_by;  // "prompt", "--yes", or the policy that says so

    bool operator==(const Consent&) const = default;
};

struct Request {
    CallerIdentity user;  // whose key is replaced; the UserId may be empty until NEW has told it
    std::string user_name;
    std::optional<AccessKeyId> old_key;  // nothing: a first key is issued to a user that has none
    bool self = true;                    // OLD signs; otherwise `administrator` does
    CallerIdentity administrator;
    std::string mfa_serial;       // of the signer's MFA device: its key signs by sessions; empty: by itself
    bool may_deactivate = false;  // iam:UpdateAccessKey is allowed
    bool sole_writer = false;     // nobody but Keytide makes keys for this user
    bool compromised = false;     // the old key is known to others: it goes first
    std::optional<AccessKeyId> give_up;     // an inactive key in the second slot, deleted to make room
    std::vector<std::string> destinations;  // URIs, in the order of delivery
    std::vector<std::string> probes;        // the first is always "sts": it tells the identity
    Connection connection;
    Numbers numbers;
    Consent consent;

    bool operator==(const Request&) const = default;
};

}  // namespace keytide::rotation
