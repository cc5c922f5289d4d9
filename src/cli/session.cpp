#include "cli/session.hpp"

#include <pwd.h>
#include <unistd.h>

#include <array>

namespace keytide::cli {
namespace {

Result<std::filesystem::path> base_folder(const credentials::Environment& environment, const char* variable,
                                          const char* below_home) {
    if (const auto given = credentials::non_empty(environment, variable)) {
        // Relative paths are to be ignored, says the specification; a ledger that moves with the shell is
        // none.
        if (given->front() == '/') return std::filesystem::path(*given);
    }
    const auto home = credentials::non_empty(environment, "HOME");
    if (!home)
        return usage_error("neither HOME nor " + std::string(variable) + " is set",
                           "Keytide needs a place for its ledger");
    return std::filesystem::path(*home) / below_home;
}

}  // namespace

std::string Session::person() const {
    std::array<char, 256> machine{};
    gethostname(machine.data(), machine.size() - 1);
    const passwd* user = getpwuid(geteuid());
    return (user != nullptr ? std::string(user->pw_name) : "uid " + std::to_string(geteuid())) + "@" +
           machine.data();
}

Result<Folders> Session::folders() const {
    Folders folders;
    if (everywhere.state_dir) {
        folders.state = std::filesystem::absolute(*everywhere.state_dir);
    } else {
        const auto base = base_folder(environment, "XDG_STATE_HOME", ".local/state");
        if (!base) return std::unexpected(base.error());
        folders.state = *base / "keytide";
    }
    const auto base = base_folder(environment, "XDG_CONFIG_HOME", ".config");
    if (!base) return std::unexpected(base.error());
    folders.config = *base / "keytide";
    return folders;
}

}  // namespace keytide::cli
