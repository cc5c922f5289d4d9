#include <unistd.h>

#include "cli/commands.hpp"
#include "cli/hand_out.hpp"
#include "cli/named_key.hpp"
#include "service/credential_document.hpp"

namespace keytide::cli {

// Printed by itself and not as a report: it holds a secret, and credential_process knows this form alone.
Report print_credentials(const Credentials& asked, Session& session) {
    if (isatty(STDOUT_FILENO) == 1)
        return failure({ErrorKind::usage, "credentials are printed for programs, and this is a terminal",
                        "'keytide setup " + asked.name + "' writes a profile that calls this command"});
    const auto key = use_named_key(session, asked.name);
    if (!key) return failure(key.error());
    const auto document = hand_out(session, *key, service::process_document);
    if (!document) return failure(document.error());
    std::fwrite(document->data(), 1, document->size(), stdout);
    return {.printed = true};
}

}  // namespace keytide::cli
