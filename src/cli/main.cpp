// Reads the command line, does the one command, prints its report.
#include <sodium.h>

#include "aws/process_guard.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"

using namespace keytide;
using namespace keytide::cli;

namespace {

Report run(const Invocation& asked, Session& session) {
    if (std::holds_alternative<Demo>(asked.command)) return demo(session);
    if (const auto* command = std::get_if<Lab>(&asked.command)) return lab(*command, session);
    if (const auto* command = std::get_if<Rotate>(&asked.command)) return rotate(*command, session);
    if (const auto* command = std::get_if<Issue>(&asked.command)) return issue(*command, session);
    if (const auto* command = std::get_if<Exec>(&asked.command)) return exec(*command, session);
    if (const auto* command = std::get_if<Resume>(&asked.command)) return resume(*command, session);
    if (const auto* command = std::get_if<History>(&asked.command)) return history(*command, session);
    return status(session);
}

}  // namespace

int main(int argc, char** argv) {
    aws::guard_this_process();
    const auto read = read_command_line(argc, argv);
    if (const auto* printed = std::get_if<Printed>(&read)) return printed->exit_code;
    const auto& asked = std::get<Invocation>(read);
    Session session{.everywhere = asked.everywhere,
                    .terminal = Terminal(asked.everywhere.color),
                    .environment = credentials::process_environment()};
    if (sodium_init() < 0) {
        session.terminal.error({ErrorKind::failed, "the system gives no randomness", "nothing was changed"});
        return exit_code::failed;
    }
    const auto report = run(asked, session);
    print(report, asked.everywhere.output, session.terminal);
    if (session.terminal.flush()) return report.exit_code;
    session.terminal.error({ErrorKind::failed, "the result could not be written to standard output",
                            "what was done is in 'keytide history'"});
    return report.exit_code == exit_code::done ? exit_code::failed : report.exit_code;
}
