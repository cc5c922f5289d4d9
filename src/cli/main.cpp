// Reads the command line, does the one command, prints its report.
#include <sodium.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "subprocess/process_guard.hpp"

using namespace keytide;
using namespace keytide::cli;

namespace {

Report run(const Invocation& asked, Session& session) {
    if (std::holds_alternative<Demo>(asked.command)) return demo(session);
    if (const auto* command = std::get_if<Lab>(&asked.command)) return lab(*command, session);
    if (const auto* command = std::get_if<Rotate>(&asked.command)) return rotate(*command, session);
    if (const auto* command = std::get_if<Rehearse>(&asked.command)) return rehearse(*command, session);
    if (const auto* command = std::get_if<Issue>(&asked.command)) return issue(*command, session);
    if (const auto* command = std::get_if<Exec>(&asked.command)) return exec(*command, session);
    if (const auto* command = std::get_if<Resume>(&asked.command)) return resume(*command, session);
    if (const auto* command = std::get_if<Rollback>(&asked.command)) return rollback(*command, session);
    if (const auto* command = std::get_if<Abandon>(&asked.command)) return abandon(*command, session);
    if (const auto* command = std::get_if<Ack>(&asked.command)) return acknowledge(*command, session);
    if (const auto* command = std::get_if<History>(&asked.command)) return history(*command, session);
    if (const auto* command = std::get_if<Doctor>(&asked.command)) return doctor(*command, session);
    if (const auto* command = std::get_if<Audit>(&asked.command)) return audit(*command, session);
    if (const auto* command = std::get_if<PolicyPrint>(&asked.command))
        return print_policy(*command, session);
    if (const auto* command = std::get_if<PolicyCheckAsked>(&asked.command))
        return check_policy(*command, session);
    if (const auto* command = std::get_if<Credentials>(&asked.command))
        return print_credentials(*command, session);
    if (const auto* command = std::get_if<Setup>(&asked.command)) return setup(*command, session);
    if (std::holds_alternative<Serve>(asked.command)) return serve(session);
    if (std::holds_alternative<ConfigCheck>(asked.command)) return check_config(session);
    if (std::holds_alternative<ConfigShow>(asked.command)) return show_config(session);
    if (std::holds_alternative<ConfigSchema>(asked.command)) return print_config_schema(session);
    if (std::holds_alternative<LedgerVerify>(asked.command)) return verify_ledger(session);
    if (std::holds_alternative<LedgerExport>(asked.command)) return export_ledger(session);
    if (const auto* command = std::get_if<LedgerRekey>(&asked.command))
        return rekey_ledger(*command, session);
    if (const auto* command = std::get_if<Who>(&asked.command)) return who(*command, session);
    if (const auto* command = std::get_if<EvidenceExport>(&asked.command))
        return export_evidence(*command, session);
    if (const auto* command = std::get_if<EvidenceVerify>(&asked.command))
        return verify_evidence(*command, session);
    if (std::holds_alternative<EvidencePublicKey>(asked.command)) return evidence_public_key(session);
    if (const auto* command = std::get_if<EvidenceAnchor>(&asked.command))
        return anchor_evidence(*command, session);
    return status(session);
}

// A call that the person abandoned is no failure of AWS's.
Report run_until_interrupted(const Invocation& asked, Session& session) {
    auto report = run(asked, session);
    if (session.clock.interrupted() && report.error && report.exit_code == exit_code::failed &&
        !report.rotations)
        return failure({ErrorKind::interrupted, "interrupted", "nothing was changed"});
    return report;
}

}  // namespace

int main(int argc, char** argv) {
    subprocess::guard_this_process();
    auto sealing_key = SealingKeySource::of_this_process();
    const auto read = read_command_line(argc, argv);
    if (std::holds_alternative<Printed>(read)) return exit_code::done;
    if (const auto* wrong = std::get_if<Misuse>(&read)) {
        print(failure(wrong->error), wrong->output, Terminal("auto"));
        return exit_code::usage;
    }
    const auto& asked = std::get<Invocation>(read);
    Session session{.everywhere = asked.everywhere,
                    .terminal = Terminal(asked.everywhere.color, is_interrupted),
                    .environment = credentials::process_environment(),
                    .sealing_key = std::move(sealing_key)};
    const auto report = sodium_init() < 0 ? failure({ErrorKind::failed, "the system gives no randomness", ""})
                                          : run_until_interrupted(asked, session);
    print(report, asked.everywhere.output, session.terminal);
    if (session.terminal.flush()) return report.exit_code;
    session.terminal.error({ErrorKind::failed, "the result could not be written to standard output",
                            "what was done is in 'keytide history'"});
    return report.exit_code == exit_code::done ? exit_code::failed : report.exit_code;
}
