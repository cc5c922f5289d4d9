// How far the ledger has come, told to places that this machine cannot rewrite: what is cut off from the
// ledger afterwards shows against them.
#include "ledger/anchor.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/exit_code.hpp"
#include "cli/ledger_lines.hpp"
#include "cli/wiring.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::cli {
namespace {

constexpr std::string_view file_scheme = "file:";

// A line more: what was there stays.
Result<void> append(const std::string& path, const std::string& anchor) {
    const auto line = anchor + "\n";
    const FileDescriptor file(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644));
    if (!file || write(file.get(), line.data(), line.size()) != ssize_t(line.size()) ||
        fsync(file.get()) != 0)
        return failed(fmt::format("the anchor could not be written to {}: {}", path, std::strerror(errno)),
                      "the ledger is as it was");
    return {};
}

Result<void> remember(const std::string& place, const ledger::Verification& verified,
                      const std::string& anchor, Session& session) {
    if (place.starts_with(file_scheme)) return append(place.substr(file_scheme.size()), anchor);
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return std::unexpected(context.error());
    const auto at = open_anchor_place(session, *context, place);
    if (!at) return std::unexpected(at.error());
    const auto answer = (*at)->remember(context->source.key, verified.ledger_id, anchor);
    if (answer.done() != nullptr) return {};
    return failed(fmt::format("the anchor is not known to be at {}: {}", place, why(answer)),
                  "the ledger is as it was; an anchor may be sent again");
}

}  // namespace

Report anchor_evidence(const EvidenceAnchor& asked, Session& session) {
    const auto verified = sound_ledger(session);
    if (!verified) return verified.error();
    if (verified->events.empty())
        return failure({ErrorKind::failed, nothing_yet, "there is nothing to be anchored"});
    const auto head = head_of(verified->events.back());
    const auto anchor = ledger::to_text(head);
    Report report{.text = asked.places.empty() ? anchor : ""};
    report.anchored = Anchored{verified->ledger_id, head.count, anchor, {}};
    for (const auto& place : asked.places) {
        const auto kept = remember(place, *verified, anchor, session);
        if (kept) {
            report.anchored->places.push_back(place);
            report.text +=
                fmt::format("{}event {} of ledger {} is anchored at {}", report.text.empty() ? "" : "\n",
                            head.count, verified->ledger_id, place);
        } else if (!report.error) {
            report.error = kept.error();
            report.exit_code = exit_code::of(kept.error().kind);
        } else {
            report.notices.push_back({"error", kept.error().message, {}});
        }
    }
    return report;
}

}  // namespace keytide::cli
