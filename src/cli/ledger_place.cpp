#include "cli/ledger_place.hpp"

#include <fmt/format.h>

namespace keytide::cli {

using ledger::SqliteLedger;

Result<SqliteLedger::Options> find_ledger(Session& session) {
    const auto folders = session.folders();
    if (!folders) return std::unexpected(folders.error());
    SqliteLedger::Options options{.database = folders->state / "ledger.db",
                                  .sealing_key = folders->config / "sealing.key",
                                  .anchors = folders->config / "anchors"};
    const auto key =
        session.sealing_key.given(options.sealing_key, [&] { return session.clock.interrupted(); });
    if (!key) return std::unexpected(key.error());
    options.given_key = *key;
    return options;
}

Result<void> check_that_no_ledger_is_missing(const SqliteLedger::Options& options) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(options.anchors, error)) {
        const auto name = entry.path().filename().string();
        if (name.find_first_not_of("0123456789abcdef") != std::string::npos) continue;
        if (SqliteLedger::exists(options)) return {};  // another process has made it just now
        return failed(
            fmt::format(
                "the ledger {} is gone, and {} tells that there was one: a rotation may be unfinished",
                options.database.string(), entry.path().string()),
            fmt::format(
                "put the ledger back, or say where it is (--state-dir); when you are sure that no "
                "rotation is unfinished, or that the ledger is another one's, begin a new one: remove "
                "{}, or set XDG_CONFIG_HOME to a folder of its own; nothing was changed",
                entry.path().string()));
    }
    return {};
}

}  // namespace keytide::cli
