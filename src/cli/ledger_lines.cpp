#include "cli/ledger_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>

#include "cli/exit_code.hpp"
#include "cli/json_text.hpp"
#include "cli/ledger_place.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::cli {

using ledger::SqliteLedger;
using ledger::StoredEvent;
using ledger::Verification;

Result<std::optional<Verification>> verification(Session& session) {
    const auto options = find_ledger(session);
    if (!options) return std::unexpected(options.error());
    if (!SqliteLedger::exists(*options)) {
        const auto ok = check_that_no_ledger_is_missing(*options);
        if (ok) return std::nullopt;
        Verification gone;
        gone.findings.push_back({ok.error().message});
        return gone;
    }
    auto verified = ledger::verify(*options, session.entropy);
    if (!verified) return std::unexpected(verified.error());
    return std::move(*verified);
}

std::string line_of(const StoredEvent& event) {
    namespace json = boost::json;
    std::string hash;
    for (const char byte : event.link) hash += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    json::object o{{"position", event.position},
                   {"rotation", as_utf8(event.rotation)},
                   {"sequence", event.sequence},
                   {"hash", hash}};
    std::error_code no_json;
    const auto value = json::parse(event.json, no_json);
    const bool one_line = event.json.find_first_of("\r\n") == std::string::npos;
    if (no_json || !value.is_object() || !one_line) {
        o["damaged"] = as_utf8(event.json);
        return without_controls(json::serialize(o));
    }
    auto line = json::serialize(o);
    line.pop_back();
    return without_controls(line + ",\"event\":" + event.json + "}");
}

ledger::Head head_of(const ledger::StoredEvent& event) {
    ledger::Head head{.count = std::uint64_t(event.position)};
    std::ranges::copy(event.link, head.link.begin());
    return head;
}

std::expected<ledger::Verification, Report> sound_ledger(Session& session) {
    auto verified = verification(session);
    if (!verified) return std::unexpected(failure(verified.error()));
    if (!*verified)
        return std::unexpected(
            failure({ErrorKind::failed, nothing_yet, "there is nothing to be shown; nothing was changed"}));
    if ((*verified)->findings.empty()) return std::move(**verified);
    Report report{.exit_code = exit_code::findings};
    report.error = Error{ErrorKind::failed, "the ledger is not sound, and evidence of it would be none",
                         "'keytide ledger verify' tells what is wrong"};
    return std::unexpected(std::move(report));
}

}  // namespace keytide::cli
