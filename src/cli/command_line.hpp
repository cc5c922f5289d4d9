// The command line as data: what was asked for, before anything is looked at.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "vocabulary/error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::cli {

enum class Output { text, json, csv, asff, html };  // the last three of `audit` alone

// Options that every command takes, named as in the AWS CLI where it has the thing.
struct Everywhere {
    std::optional<std::string> profile, region, endpoint_url, ca_bundle;
    std::optional<std::string> state_dir, config;
    int connect_timeout = 10, read_timeout = 60;  // seconds, 1..3600
    Output output = Output::text;
    std::string color = "auto";  // auto, always, never
    bool debug = false;
};

struct Lab {
    std::string listen = "127.0.0.1:4599";  // ADDRESS:PORT; port 0 picks a free one
    std::string env_file = "lab.env";
    std::vector<std::string> accounts{"123456789012"};  // the first is whose root user AWS_… names
    std::optional<std::string> root_key_file;
    std::uint64_t seed = 1;  // of all that is left to chance
    Duration propagation{0}, flapping{0};
    Duration signature_window = std::chrono::minutes(15);
    std::optional<std::string> data;  // a folder that outlives the lab; none: memory
};

struct Demo {};

// What `rotate` and `issue` have in common.
struct NewKey {
    std::optional<std::string> user_name;
    std::optional<std::string> serial_number;  // of the signer's MFA device; empty for none
    std::optional<std::string> token_code;
    std::vector<std::string> deliver, on_delivered;  // URIs
    std::vector<std::string> probes;
    std::optional<Duration> verify_spread;
    std::vector<std::string> set;  // NAME=VALUE
    bool dry_run = false;
    bool yes = false;
};

struct Rotate {
    std::optional<std::string> name;  // in keytide.yaml
    NewKey new_key;
    std::optional<std::string> access_key_id;
    bool all_profiles = false;
    Duration grace{0}, quiet{0}, soak{0};
    bool replace_inactive = false;  // --second-slot
    bool sole_writer = false;
    bool compromised = false;
};

struct Rehearse {
    Rotate rotate;
};

struct Issue {
    NewKey new_key;
};

struct Exec {
    std::optional<std::string> name;  // in keytide.yaml
    std::vector<std::string> command;
};

struct Resume {
    std::optional<std::string> id;
    std::optional<std::string> token_code;
    bool due = false;
};

struct Rollback {
    std::string id;
    std::optional<std::string> token_code;
    std::string reason = "asked for";
};

struct Abandon {
    std::string id;
    std::string reason;
};

struct Ack {
    std::string id;
};

struct Status {};

struct History {
    std::optional<std::string> id;
};

struct Doctor {
    std::optional<std::string> user_name, access_key_id;
    std::optional<std::string> serial_number, token_code;  // as for `rotate`
};

struct Audit {
    std::vector<std::string> standards, checks;
    bool live = false;
    bool send = false;  // to Security Hub
};

enum class PolicyFormat { json, cloudformation, terraform };

struct PolicyPrint {
    PolicyFormat format = PolicyFormat::json;
    std::optional<std::string> user_name;
    bool administrator = false;
    std::vector<std::string> without;  // names of guarantees, or "all"
    std::vector<std::string> deliver;  // URIs of destinations
};

struct PolicyCheckAsked {
    std::optional<std::string> file;  // "-": standard input; nothing: what AWS has of the user
    std::optional<std::string> user_name;
};

struct Credentials {
    std::string name;
};

struct Setup {
    std::string name;
};

struct Serve {};

struct ConfigCheck {};
struct ConfigShow {};
struct ConfigSchema {};

struct Who {
    std::string access_key_id;
};

struct EvidenceExport {
    std::optional<std::string> from, to;
};

struct EvidenceVerify {
    std::string file, public_key;
    std::optional<std::string> anchor;
};

struct EvidencePublicKey {};

struct EvidenceAnchor {
    std::vector<std::string> places;  // file:PATH, s3://BUCKET/KEY, sns:TOPIC_ARN; none: standard output
};

struct LedgerVerify {};
struct LedgerExport {};

struct LedgerRekey {
    std::optional<std::string> new_key_file;  // "-": standard input
};

struct Invocation {
    Everywhere everywhere;
    std::variant<Demo, Lab, Rotate, Rehearse, Issue, Exec, Resume, Rollback, Abandon, Ack, Status, History,
                 PolicyPrint, PolicyCheckAsked, Doctor, Credentials, Setup, Serve, ConfigCheck, ConfigShow,
                 ConfigSchema, Audit, Who, EvidenceExport, EvidenceVerify, EvidencePublicKey, EvidenceAnchor,
                 LedgerVerify, LedgerExport, LedgerRekey>
        command;
};

// Help or the version, which are no result of a command.
struct Printed {};

struct Misuse {
    Error error;
    Output output;  // as far as it can be told
};

std::variant<Invocation, Printed, Misuse> read_command_line(int argc, const char* const* argv);

}  // namespace keytide::cli
