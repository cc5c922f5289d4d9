#include "cli/consent.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::cli {

Result<std::string> ask_for_consent(const Plan& plan, bool yes, const Terminal& terminal) {
    if (plan.skipped.empty()) return "";
    for (const auto& without : plan.skipped) terminal.say("keytide: done without: " + without);
    if (yes) return "--yes";
    const auto answer = terminal.confirm("keytide: go on?");
    if (!answer) return std::unexpected(answer.error());
    if (!*answer)
        return usage_error(
            "consent is needed, and there is no terminal to ask at",
            "consent with --yes, or give what is missing, e.g. --grace 15m; nothing was changed");
    if (!**answer) return usage_error("not consented", "nothing was changed");
    return "prompt";
}

}  // namespace keytide::cli
