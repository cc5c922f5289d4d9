#include "cli/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "rotation/explain.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {

using namespace rotation;

bool skips(const Request& request, Guarantee guarantee) {
    const auto& skipped = request.consent.skipped;
    return std::ranges::find(skipped, guarantee) != skipped.end();
}

std::string in_words(Guarantee guarantee) {
    switch (guarantee) {
        case Guarantee::list:
            return fmt::format("the user's keys cannot be listed ({}): {}", permission_for(guarantee)->action,
                               permission_for(guarantee)->without);
        case Guarantee::grace:
            return "no grace time (--grace): programs that read the key only once must be restarted; nothing "
                   "else uses this key";
        case Guarantee::quiet:
            return fmt::format("no quiet time (--quiet): {}", permission_for(guarantee)->without);
        case Guarantee::soak:
            return fmt::format("no soak time (--soak): {}", permission_for(guarantee)->without);
        case Guarantee::confirm:
            return "neither the old key's secret nor the list is there: that the old key is refused is not "
                   "seen";
        case Guarantee::restore: return "a destination cannot be read: what it held cannot be written back";
        case Guarantee::compare:
            return "a destination cannot be read: it is written whatever it holds, and that the new key is "
                   "there is taken from its answer";
    }
    return {};
}

namespace {

// What the last look showed, where it says more than we know ourselves.
std::string as_seen(const Rotation& r, const AccessKeyId& id, Instant since, const std::string& known) {
    if (!r.seen || !r.seen->keys || r.seen->at < since) return known;
    for (const auto& key : *r.seen->keys)
        if (key.id == id) return std::string(to_text(key.status));
    return "not in the user's list any more";
}

std::string state_of_old(const Rotation& r) {
    const auto& key = *r.request.old_key;
    const auto id = "old " + key.text() + " ";
    const bool past = r.phase == Phase::confirm || r.phase == Phase::finish || r.phase == Phase::ended;
    if (past && !r.back && r.going_back.empty() && r.end != End::abandoned) return id + "deleted";
    if (r.delete_intended && r.deletion_open) return id + "being deleted (not known whether it still exists)";
    if (r.status_pending || r.deactivation_lands) return id + "being deactivated (not known whether it is)";
    return id + as_seen(r, key, r.soak_began.value_or(r.started), r.old_key_active ? "Active" : "Inactive");
}

std::string state_of_new(const Rotation& r) {
    if (!r.new_key) {
        if (r.create) return "new: CreateAccessKey got no answer (not known whether a key was made)";
        if (r.maybe_orphan) return "new: not made; an earlier call may have left a key whose secret is lost";
        return "new: none made";
    }
    const auto id = "new " + r.new_key->text() + " ";
    const bool past = r.phase == Phase::confirm || r.phase == Phase::finish || r.phase == Phase::ended;
    if (past && !r.going_back.empty()) return id + "deleted";
    if ((r.phase == Phase::undo || r.back) && r.deletion_open)
        return id + "being deleted (not known whether it still exists)";
    const auto status = as_seen(r, *r.new_key, r.new_key_made, "Active");
    std::size_t places = 0, delivered = 0;
    for (const auto& d : r.deliveries) {
        if (is_notice(d.destination)) continue;
        ++places;
        delivered += r.back ? d.attempted && !d.delivered : d.delivered;
    }
    if (delivered == places) return id + status + " and delivered";
    if (delivered == 0)
        return id + status + (r.back ? ", not used any more" : ", sealed in the ledger, not delivered");
    return fmt::format("{}{}, delivered to {} of {} places", id, status, delivered, places);
}

}  // namespace

std::string state_of_keys(const Rotation& r) {
    if (!r.request.old_key) return state_of_new(r);
    return state_of_old(r) + "; " + state_of_new(r);
}

std::string standing(const Rotation& r) {
    if (r.end == End::completed) return "completed";
    if (r.end == End::rolled_back) return r.new_key ? "rolled back" : "failed, nothing changed";
    if (r.end == End::abandoned) return "abandoned";
    if (r.question) return "waits for a person";
    if (r.needs_mfa) return "waits for an MFA code";
    if (r.parked)
        return r.parked->until > r.parked->at ? "parked until " + to_rfc3339(r.parked->until) : "parked";
    return "interrupted in " + std::string(name_of(r.phase));
}

std::optional<Question> question_of(const Rotation& r) {
    if (r.question) return Question{r.question->question, r.question->answers};
    if (r.needs_mfa) return Question{r.needs_mfa->question, r.needs_mfa->answers};
    return std::nullopt;
}

std::string headline(const Rotation& r, const Event& event) {
    const auto old_key = r.request.old_key ? r.request.old_key->text() : "";
    if (const auto* e = std::get_if<KeyCreated>(&event))
        return "created    " + e->key.text() + ", its secret sealed";
    if (std::holds_alternative<CreateUnanswered>(event))
        return "unanswered CreateAccessKey: looking whether it made a key";
    if (const auto* e = std::get_if<NewKeyAccepted>(&event)) {
        auto text = fmt::format("verified   {} by {}, {} times each", r.new_key->text(),
                                fmt::join(r.request.probes, ", "), r.request.numbers.steady);
        if (!e->denied_by.empty())
            text += fmt::format(" (denied, though recognised, by {})", fmt::join(e->denied_by, ", "));
        return text;
    }
    if (const auto* e = std::get_if<Delivered>(&event)) {
        if (is_notice(e->destination)) return "told       " + e->destination;
        // Where one place shows nothing, it is claimed of none.
        const bool read_back = !skips(r.request, Guarantee::compare);
        return "delivered  to " + e->destination + (read_back ? ", and read back" : "");
    }
    if (const auto* e = std::get_if<DeliverFailed>(&event))
        return (is_notice(e->destination) ? "not told   " : "undelivered to ") + e->destination + ": " +
               e->reason;
    if (const auto* e = std::get_if<DeleteIntended>(&event))
        return "deleting   " + e->key.text() + ", signed by " + e->signer.text();
    if (const auto* e = std::get_if<Acknowledged>(&event)) return "acknowledged by " + e->by;
    if (const auto* e = std::get_if<Reminded>(&event)) return "reminded   " + e->destination;
    if (const auto* e = std::get_if<HandedOut>(&event))
        return "handed out credentials with the outgoing key, which last until " + to_rfc3339(e->until);
    if (std::holds_alternative<OldKeyQuiet>(event)) return "quiet      " + old_key + " is not used any more";
    if (std::holds_alternative<OldKeyDeactivated>(event)) return "inactive   " + old_key;
    if (std::holds_alternative<OldKeyActivated>(event)) return "active     " + old_key;
    if (std::holds_alternative<OldKeyAccepted>(event)) return "verified   " + old_key;
    if (const auto* e = std::get_if<OtherKeyDeleted>(&event))
        return "deleted    " + e->key.text() + ", to make room";
    if (const auto* e = std::get_if<NewKeyRejected>(&event))
        return "refused    " + r.new_key->text() + ": " + e->code;
    if (std::holds_alternative<OldKeyDeleted>(event)) return "deleted    " + old_key;
    if (std::holds_alternative<NewKeyDeleted>(event)) return "deleted    " + r.new_key->text();
    if (const auto* e = std::get_if<OldKeyRejected>(&event)) return "refused    " + old_key + ": " + e->code;
    if (const auto* e = std::get_if<GoingBack>(&event)) return "going back: " + e->reason;
    return {};
}

}  // namespace keytide::cli
