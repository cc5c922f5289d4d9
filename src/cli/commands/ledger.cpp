// The record as an audit trail. None of these needs an endpoint, a key of AWS, or a rotation that makes
// sense.
#include <fmt/format.h>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/ledger_lines.hpp"
#include "cli/ledger_place.hpp"
#include "ledger/rekey.hpp"

namespace keytide::cli {

using ledger::SqliteLedger;
using ledger::Verification;

namespace {

std::string counted(std::size_t n, const char* what) {
    return fmt::format("{} {}{}", n, what, n == 1 ? "" : "s");
}

std::string in_words(const ledger::Finding& finding) {
    if (finding.rotation.empty()) return finding.what;
    if (finding.sequence == 0) return fmt::format("{} (rotation {})", finding.what, finding.rotation);
    return fmt::format("{} (rotation {}, its event {})", finding.what, finding.rotation, finding.sequence);
}

std::string facts(const Verification& v) {
    auto text =
        fmt::format("the ledger is sound: {} of {}, {}, sealing key {}", counted(v.events.size(), "event"),
                    counted(v.rotations, "rotation"), counted(v.sealed_values, "sealed secret"), v.key);
    if (v.anchored) text += fmt::format(", anchored up to event {}", *v.anchored);
    return text;
}

Error unsound(const Verification& v) {
    return {ErrorKind::failed,
            fmt::format("the ledger is not sound: {}", counted(v.findings.size(), "finding")),
            "put the newest whole copy back; without one, see docs/operations.md; nothing was changed"};
}

}  // namespace

Report verify_ledger(Session& session) {
    auto verified = verification(session);
    if (!verified) return failure(verified.error());
    if (!*verified) return {.text = nothing_yet};
    Report report{.text = facts(**verified)};
    if (!(*verified)->findings.empty()) {
        report = {.exit_code = exit_code::findings, .error = unsound(**verified)};
        for (const auto& finding : (*verified)->findings)
            report.text += (report.text.empty() ? "" : "\n") + in_words(finding);
    }
    report.ledger = std::move(*verified);
    return report;
}

Report export_ledger(Session& session) {
    if (session.everywhere.output == Output::json)
        return failure({ErrorKind::usage, "an export is one JSON object a line, and not one object",
                        "run it without --output json"});
    const auto verified = verification(session);
    if (!verified) return failure(verified.error());
    if (!*verified) return {.notices = {{"note", nothing_yet, {}}}};
    for (const auto& event : (*verified)->events) session.terminal.result(line_of(event));
    if ((*verified)->findings.empty()) return {};
    Report report{.exit_code = exit_code::findings, .error = unsound(**verified)};
    for (const auto& finding : (*verified)->findings)
        report.notices.push_back({"finding", in_words(finding), {}});
    return report;
}

Report rekey_ledger(const LedgerRekey& asked, Session& session) {
    const auto options = find_ledger(session);
    if (!options) return failure(options.error());
    if (!SqliteLedger::exists(*options))
        if (const auto ok = check_that_no_ledger_is_missing(*options); !ok) return failure(ok.error());
    std::optional<ledger::GivenKey> wanted;
    if (asked.new_key_file) {
        auto key = read_new_key(*asked.new_key_file);
        if (!key) return failure(key.error());
        wanted = std::move(*key);
    }
    auto rekeyed = ledger::rekey(*options, wanted ? &*wanted : nullptr, session.entropy);
    if (!rekeyed) return failure(rekeyed.error());
    Report report{.text = rekeyed->old_key.empty()
                              ? fmt::format("the sealing key was changed to {} already", rekeyed->new_key)
                              : fmt::format("the sealing key was changed from {} to {}; {} again",
                                            rekeyed->old_key, rekeyed->new_key,
                                            counted(rekeyed->resealed, "secret") + " sealed")};
    report.rekeyed = std::move(*rekeyed);
    if (options->given_key != nullptr)
        report.notices.push_back({"note",
                                  "the old key opens this ledger no more",
                                  {fmt::format("give the new key, from {}, where the old one came from: {}",
                                               wanted->from, options->given_key->from)}});
    else
        report.notices.push_back({"note",
                                  fmt::format("the new key is in {}", options->sealing_key.string()),
                                  {"back it up, apart from the ledger"}});
    return report;
}

}  // namespace keytide::cli
