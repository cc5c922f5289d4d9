#include "cli/evidence_summary.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "cli/words.hpp"
#include "ledger/event_fields.hpp"

namespace keytide::cli {

using namespace rotation;

namespace {

std::string_view name_of_guarantee(Guarantee guarantee) {
    for (const auto& [value, word] : ledger::words<Guarantee>)
        if (value == guarantee) return word;
    return "";
}

std::string consent(const Request& request) {
    if (request.consent.skipped.empty()) return "no guarantee was skipped";
    std::vector<std::string_view> names;
    for (const auto guarantee : request.consent.skipped) names.push_back(name_of_guarantee(guarantee));
    return fmt::format("without {}, by consent of {}", fmt::join(names, ", "), request.consent.given_by);
}

std::string what_happened(const Request& request, const Event& event) {
    if (const auto* e = std::get_if<KeyCreated>(&event)) return "made " + e->key.text();
    if (const auto* e = std::get_if<NewKeyAccepted>(&event))
        return fmt::format("verified by {} as {}", fmt::join(request.probes, ", "), e->identity.arn);
    if (const auto* e = std::get_if<Delivered>(&event)) return "delivered to " + e->destination;
    if (std::holds_alternative<OldKeyDeactivated>(event)) return "old key Inactive";
    if (std::holds_alternative<OldKeyDeleted>(event)) return "old key deleted";
    if (const auto* e = std::get_if<OldKeyRejected>(&event)) return "old key refused with " + e->code;
    if (std::holds_alternative<NewKeyDeleted>(event)) return "new key deleted";
    if (const auto* e = std::get_if<GoingBack>(&event))
        return fmt::format("going back{}: {}", e->by.empty() ? "" : ", asked for by " + e->by, e->reason);
    if (const auto* e = std::get_if<Abandoned>(&event))
        return fmt::format("abandoned by {}: {}", e->by, e->reason);
    if (std::holds_alternative<Completed>(event)) return "completed";
    if (std::holds_alternative<RolledBack>(event)) return "rolled back";
    return "";
}

}  // namespace

std::string evidence_of(const Rotation& r, const std::vector<ports::Recorded>& events) {
    const auto& request = r.request;
    auto text = fmt::format(
        "{} {}: {} -> {}; {}; signed by {}; {}", r.id, request.user.arn,
        request.old_key ? request.old_key->text() : "(none)", r.new_key ? r.new_key->text() : "(none)",
        standing(r), request.self ? "the user's own key" : request.administrator.arn, consent(request));
    for (const auto& recorded : events)
        if (const auto words = what_happened(request, recorded.event); !words.empty())
            text += fmt::format("; {} {}", to_rfc3339(time_of(recorded.event)), words);
    return text;
}

}  // namespace keytide::cli
