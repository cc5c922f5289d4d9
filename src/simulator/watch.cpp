#include "simulator/watch.hpp"

#include <sstream>

namespace keytide::simulator {

using namespace rotation;

std::optional<std::string> Watch::trouble() {
    const auto now = world_.aws.now();
    for (const auto* place : world_.places) {
        if (!place->held) continue;
        const auto& id = place->held->id;
        if (id != old_key_ && id != new_key_) continue;
        held_[id] = now;
        const auto refused = "whoever reads " + place->uri() + " is refused: ";
        const auto key = world_.aws.keys.find(id);
        if (key == world_.aws.keys.end()) return refused + id.text() + " does not exist";
        if (!key->second.secret.same_as(place->held->secret)) return refused + "id and secret do not match";
        if (key->second.status != KeyStatus::active) return refused + id.text() + " is Inactive";
        if (!world_.aws.accepts(id)) return refused + id.text() + " is not known yet";
    }
    for (const auto& [id, when] : held_)
        if (now - when < grace_ && !world_.aws.accepts(id))
            return "whoever read " + id.text() + " within the last " + to_text(grace_) + " is refused";
    for (const auto& [id, until] : lasts_)
        if (now < until && !world_.aws.accepts(id))
            return "whoever was handed " + id.text() + ", and may use it still, is refused";
    return std::nullopt;
}

void Watch::handed_out(const AccessKeyId& key, Duration time) {
    lasts_[key] = std::max(lasts_[key], world_.aws.now() + time);
}

std::optional<std::string> Watch::deletion(const AccessKeyId& key) const {
    const auto now = world_.aws.now();
    if (others.contains(key) && key != give_up_)
        return key.text() + " is deleted, which Keytide did not make";
    if (key == give_up_ && world_.aws.keys.contains(key) &&
        world_.aws.keys.at(key).status == KeyStatus::active)
        return key.text() + " is deleted, which is Active";
    const bool ours = key == old_key_ || key == give_up_ || answered.contains(key);
    if (!ours && !sole_writer && world_.aws.keys.contains(key) && key.text() != "AKIA0000000000000000")
        return key.text() + " is deleted, which is only probably ours";
    if (meddled || compromised || key != old_key_) return std::nullopt;
    if (!delivered_) return "the old key is deleted before the new one was delivered";
    if (back_) return "the old key is deleted on the way back";
    if (now < *delivered_ + grace_) return "the old key is deleted within its grace time";
    if (deactivated_ && now < *deactivated_ + soak_) return "the old key is deleted within its soak time";
    return std::nullopt;
}

std::optional<std::string> Watch::call(const std::string& text) {
    std::istringstream words(text);
    std::string operation, target, word, signer;
    words >> operation >> target;
    if (operation == "GetCallerIdentity" || operation == "ListBuckets") return std::nullopt;
    for (std::string before = target; words >> word; before = word)
        if (before == "by") signer = word;
    if (accepted_ && !back_ && !deleted_ && old_key_ && signer == old_key_->text())
        return "the old key signs " + operation + " although the new one was accepted";
    const auto key = AccessKeyId::parse(target);
    if (!key) return std::nullopt;
    if (operation == "DeleteAccessKey") return deletion(*key);
    if (operation == "UpdateAccessKey" && key != old_key_ && old_key_ &&
        key->text() != "AKIA0000000000000000")
        return "the status of " + key->text() + " is changed, which is not the old key";
    return std::nullopt;
}

void Watch::recorded(const Event& event) {
    if (const auto* e = std::get_if<Started>(&event)) {
        old_key_ = e->request.old_key;
        give_up_ = e->request.give_up;
        grace_ = e->request.numbers.grace;
        soak_ = e->request.numbers.soak;
        new_key_.reset();
        delivered_.reset();
        deactivated_.reset();
        held_.clear();
        deleted_.reset();
        accepted_ = back_ = false;
    }
    if (const auto* e = std::get_if<KeyCreated>(&event)) new_key_ = e->key;
    if (std::holds_alternative<NewKeyAccepted>(event)) accepted_ = true;
    if (std::holds_alternative<Delivered>(event)) delivered_ = world_.aws.now();
    if (std::holds_alternative<OldKeyDeactivated>(event)) deactivated_ = world_.aws.now();
    if (std::holds_alternative<OldKeyDeleted>(event)) deleted_ = old_key_;
    if (std::holds_alternative<NewKeyDeleted>(event)) deleted_ = new_key_;
    if (std::holds_alternative<GoingBack>(event)) back_ = true;
}

std::optional<std::string> Watch::end(const Rotation& r) {
    if (world_.ledger.holds_secrets()) return "secrets are left in the ledger";
    if (meddled || r.end == End::abandoned) return std::nullopt;
    const auto& stays = r.end == End::completed ? r.new_key : r.request.old_key;
    for (const auto* place : world_.places)
        if (place->held && place->held->id != stays)
            return place->uri() + " does not hold the key that stays";
    if (stays && !world_.aws.keys.contains(*stays)) return "the key that stays does not exist";
    for (const auto& [id, key] : world_.aws.keys)
        if (id != stays && !others.contains(id) && (r.end == End::completed || !r.maybe_orphan))
            return "an orphan is left: " + id.text();
    return std::nullopt;
}

}  // namespace keytide::simulator
