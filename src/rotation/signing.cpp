#include "rotation/signing.hpp"

#include "rotation/explain.hpp"

namespace keytide::rotation {

bool is_signed(const Action& action) {
    return std::holds_alternative<Inspect>(action) || std::holds_alternative<CreateKey>(action) ||
           std::holds_alternative<TakeEvidence>(action) || std::holds_alternative<AskLastUse>(action) ||
           std::holds_alternative<SetStatus>(action) || std::holds_alternative<DeleteKey>(action);
}

std::vector<Which> secrets_taken_by(const Rotation& r, const Action& action) {
    std::vector<Which> taken;
    if (const auto* probe = std::get_if<ProbeKey>(&action)) taken.push_back(probe->key);
    if (std::holds_alternative<Deliver>(action)) taken.push_back(incoming(r));
    // An administrator need not know the old key's secret, and no destination was written yet.
    if (std::holds_alternative<TakeEvidence>(action) && (r.request.self || r.phase != Phase::undo))
        taken.push_back(kept(r));
    if (is_signed(action)) {
        const auto by = actor(r);
        if (by == Signer::old_key) taken.push_back(Which::old_key);
        if (by == Signer::new_key) taken.push_back(Which::new_key);
    }
    return taken;
}

}  // namespace keytide::rotation
