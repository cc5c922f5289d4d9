// What every command is given: the options, the person, the environment, the time.
#pragma once

#include <filesystem>

#include "cli/command_line.hpp"
#include "cli/mfa_prompt.hpp"
#include "cli/sealing_key_source.hpp"
#include "cli/system_doors.hpp"
#include "cli/terminal.hpp"
#include "credentials/environment.hpp"
#include "orchestrator/aws_clock.hpp"
#include "orchestrator/mfa_sessions.hpp"
#include "orchestrator/process.hpp"

namespace keytide::cli {

// Where Keytide keeps what is its own. The two lie apart, so that a copy of one opens nothing.
// https://specifications.freedesktop.org/basedir-spec/latest/
struct Folders {
    std::filesystem::path state;   // the ledger and the locks
    std::filesystem::path config;  // the sealing key and the anchor
};

// Not movable: the clocks refer to each other.
struct Session {
    Everywhere everywhere;
    Terminal terminal;
    credentials::Environment environment;
    SealingKeySource sealing_key{};
    SystemClock system_clock{};
    ports::Clock& clock = system_clock;
    SystemEntropy entropy{};
    orchestrator::LinuxProcesses processes{};
    orchestrator::AwsClock aws_clock{clock};
    MfaPrompt mfa_prompt{terminal};
    orchestrator::MfaSessions mfa_sessions{mfa_prompt};  // from the survey to the end

    // Who is at work, for the record: the login name and the machine.
    std::string person() const;

    // An error when neither the XDG variables nor HOME say where.
    Result<Folders> folders() const;
};

}  // namespace keytide::cli
