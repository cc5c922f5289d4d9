// What a command has to say at its end: as text, and as one JSON object (docs/output.schema.json).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cli/audited.hpp"
#include "cli/check.hpp"
#include "cli/command_line.hpp"
#include "cli/key_uses.hpp"
#include "cli/plan.hpp"
#include "cli/policy_check.hpp"
#include "cli/rehearsed.hpp"
#include "cli/terminal.hpp"
#include "configuration/configuration.hpp"
#include "evidence/bundle.hpp"
#include "ledger/verify.hpp"
#include "orchestrator/orchestrator.hpp"
#include "ports/ledger.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {

// What is not an error and not a result: where a rotation stands, and what can be done.
struct Notice {
    std::string word;  // "parked", "question", "interrupted"
    std::string message;
    std::vector<std::string> hints;
};

struct PrintedPolicy {
    std::string text;
    rotation::Role role;
    std::vector<const rotation::Permission*> permissions;
};

// keytide.yaml as it was found: in force, or what is wrong with it.
struct FoundConfiguration {
    std::string path;
    std::expected<configuration::Configuration, std::vector<configuration::Finding>> what;
};

struct Anchored {
    std::string ledger_id;
    std::uint64_t events = 0;
    std::string anchor;               // "COUNT LINK"
    std::vector<std::string> places;  // that have it
};

struct Report {
    int exit_code = 0;
    std::string text{};  // for standard output; lines, without the last line's end
    std::optional<Error> error{};
    bool told = false;     // the error is on standard error already
    bool printed = false;  // the result is on standard output already
    std::vector<Notice> notices{};
    std::string keys{};  // the state of both keys, once one may have changed
    std::optional<std::vector<rotation::Rotation>> rotations{};
    std::map<rotation::RotationId, long> at_work{};  // of these, and by which process
    std::optional<std::vector<ports::Recorded>> events{};
    std::optional<Plan> plan{};
    std::optional<PrintedPolicy> policy{};
    std::optional<PolicyCheck> policy_check{};
    std::optional<FoundConfiguration> configuration{};
    std::optional<std::string> schema{};  // of keytide.yaml: JSON
    std::optional<Checks> checks{};
    std::optional<Audited> audited{};
    std::optional<KeyUses> key_uses{};
    std::optional<Rehearsed> rehearsed{};
    std::optional<ledger::Verification> ledger{};
    std::optional<evidence::Verification> evidence{};
    std::optional<Anchored> anchored{};
    std::optional<ledger::SqliteLedger::Rekeyed> rekeyed{};
};

// A command that failed before a rotation began, or without one.
Report failure(Error error);

// Where a rotation stands after this run.
Report conclude(const orchestrator::Outcome& outcome);

// The run ended with an error in the middle of `rotation`; what the ledger holds decides what may have
// changed.
Report conclude(Error error, const rotation::Rotation& rotation);

std::string to_json(const Report& report);
void print_remarks(const Report& report, const Terminal& terminal);  // what goes to standard error
void print(const Report& report, Output output, const Terminal& terminal);

}  // namespace keytide::cli
