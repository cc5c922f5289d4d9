#include "cli/words.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::cli {

using namespace rotation;

std::string in_words(Guarantee guarantee) {
    switch (guarantee) {
        case Guarantee::list:
            return "the user's keys cannot be listed (iam:ListAccessKeys): a key made by someone else is not "
                   "seen, and after a "
                   "lost answer a person may have to look";
        case Guarantee::grace:
            return "no grace time (--grace): programs that read the key only once must be restarted; nothing "
                   "else uses this key";
        case Guarantee::confirm:
            return "neither the old key's secret nor the list is there: that the old key is refused is not "
                   "seen";
        case Guarantee::restore: return "a destination cannot be read: what it held cannot be written back";
    }
    return {};
}

namespace {

std::string state_of_old(const Rotation& r) {
    const auto id = "old " + r.request.old_key->text();
    if (r.phase == Phase::confirm || r.phase == Phase::finish || r.end == End::completed) {
        if (r.going_back.empty()) return id + " deleted";
    }
    if (r.phase == Phase::retire && r.delete_intended)
        return id + " being deleted (not known whether it still exists)";
    return id + " Active";
}

std::string state_of_new(const Rotation& r) {
    if (!r.new_key) {
        if (r.create) return "new: CreateAccessKey got no answer (not known whether a key was made)";
        if (r.maybe_orphan) return "new: not made; an earlier call may have left a key whose secret is lost";
        return "new: none made";
    }
    const auto id = "new " + r.new_key->text();
    if (r.end == End::rolled_back || (r.phase == Phase::finish && !r.going_back.empty()))
        return id + " deleted";
    if (r.phase == Phase::undo) return id + " Active, to be deleted";
    std::size_t delivered = 0;
    for (const auto& d : r.deliveries) delivered += d.delivered;
    if (delivered == r.deliveries.size()) return id + " Active and delivered";
    if (delivered == 0) return id + " Active, sealed in the ledger, not delivered";
    return fmt::format("{} Active, delivered to {} of {} places", id, delivered, r.deliveries.size());
}

}  // namespace

std::string state_of_keys(const Rotation& r) {
    if (!r.request.old_key) return state_of_new(r);
    return state_of_old(r) + "; " + state_of_new(r);
}

std::string standing(const Rotation& r) {
    if (r.end == End::completed) return "completed";
    if (r.end == End::rolled_back) return r.new_key ? "rolled back" : "failed, nothing changed";
    if (r.question) return "waits for a person";
    if (r.parked)
        return r.parked->until > r.parked->at ? "parked until " + to_rfc3339(r.parked->until) : "parked";
    return "interrupted in " + std::string(name_of(r.phase));
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
    if (const auto* e = std::get_if<Delivered>(&event))
        return "delivered  to " + e->destination + ", and read back";
    if (const auto* e = std::get_if<DeliverFailed>(&event))
        return "undelivered to " + e->destination + ": " + e->reason;
    if (const auto* e = std::get_if<DeleteIntended>(&event))
        return "deleting   " + e->key.text() + ", signed by " + e->signer.text();
    if (std::holds_alternative<OldKeyDeleted>(event)) return "deleted    " + old_key;
    if (std::holds_alternative<NewKeyDeleted>(event)) return "deleted    " + r.new_key->text();
    if (const auto* e = std::get_if<OldKeyRejected>(&event)) return "refused    " + old_key + ": " + e->code;
    if (const auto* e = std::get_if<GoingBack>(&event)) return "going back: " + e->reason;
    return {};
}

}  // namespace keytide::cli
