// The protocol's map.
#include <algorithm>
#include <array>

#include "rotation/evolve.hpp"

namespace keytide::rotation {
namespace {

using enum Phase;

constexpr auto rows = std::to_array<Row>({
    {clear, "DeleteIntended", clear},
    {clear, "DeleteRefused", clear},
    {clear, "DeleteUnanswered", clear},
    {clear, "OtherKeyDeleted", create},
    {clear, "RolledBack", ended},

    {create, "CreateIntended", create},
    {create, "CreateRefused", create},
    {create, "CreateUnanswered", create},
    {create, "CreateSettled", create},
    {create, "DeleteIntended", create},
    {create, "DeleteRefused", create},
    {create, "DeleteUnanswered", create},
    {create, "OtherKeyDeleted", create},
    {create, "KeyCreated", verify},
    {create, "RolledBack", ended},

    {verify, "ProbeAnswered", verify},
    {verify, "NewKeyAccepted", deliver, When::forward},
    {verify, "NewKeyAccepted", deliver, When::first_key},
    {verify, "NewKeyAccepted", deliver, When::disarmed},
    {verify, "NewKeyAccepted", deactivate, When::compromised},
    {verify, "OldKeyAccepted", deliver, When::back},
    {verify, "GoingBack", undo, When::unwritten},

    {deliver, "OldValueSealed", deliver},
    {deliver, "DeliverIntended", deliver},
    {deliver, "DeliverFailed", deliver},
    {deliver, "Delivered", deliver},
    {deliver, "Acknowledged", deliver},
    {deliver, "Reminded", deliver},
    {deliver, "NothingToRetire", finish, When::first_key},
    {deliver, "OverlapBegan", overlap},
    {deliver, "GoingBack", undo, When::unwritten},
    {deliver, "GoingBack", reactivate, When::written},

    {overlap, "LastUseSeen", overlap},
    {overlap, "OldKeyQuiet", overlap},
    {overlap, "HandOutsSeen", overlap},
    {overlap, "HandedOut", overlap},
    {overlap, "EvidenceTaken", overlap},
    {overlap, "OverlapEnded", deactivate, When::deactivating},
    {overlap, "OverlapEnded", retire, When::deleting},
    {overlap, "GoingBack", reactivate, When::written},

    {deactivate, "EvidenceTaken", deactivate},
    {deactivate, "DeactivateIntended", deactivate},
    {deactivate, "StatusRefused", deactivate},
    {deactivate, "StatusUnanswered", deactivate},
    {deactivate, "OldKeyDeactivated", soak, When::forward},
    {deactivate, "OldKeyDeactivated", deliver, When::compromised},
    {deactivate, "OldKeyDeactivated", create, When::disarmed},
    {deactivate, "RolledBack", ended, When::disarmed},
    {deactivate, "GoingBack", reactivate, When::written},

    {soak, "EvidenceTaken", soak},
    {soak, "SoakEnded", retire},
    {soak, "GoingBack", reactivate, When::written},

    {retire, "EvidenceTaken", retire},
    {retire, "DeleteIntended", retire},
    {retire, "DeleteRefused", retire},
    {retire, "DeleteUnanswered", retire},
    {retire, "OldKeyDeleted", confirm},
    {retire, "NewKeyDeleted", confirm, When::back},
    {retire, "GoingBack", reactivate, When::written},

    {confirm, "ProbeAnswered", confirm},
    {confirm, "OldKeyRejected", finish},
    {confirm, "NewKeyRejected", finish, When::back},

    {undo, "EvidenceTaken", undo},
    {undo, "DeleteIntended", undo},
    {undo, "DeleteRefused", undo},
    {undo, "DeleteUnanswered", undo},
    {undo, "NewKeyDeleted", finish},

    {reactivate, "ActivateIntended", reactivate},
    {reactivate, "StatusRefused", reactivate},
    {reactivate, "StatusUnanswered", reactivate},
    {reactivate, "OldKeyActivated", verify},

    {finish, "Completed", ended},
    {finish, "RolledBack", ended},
});

// OLD must never be used again once it was known to be in wrong hands, nor after its deletion was begun.
bool may_return(const Rotation& r) {
    return !r.back && !r.delete_intended && !(r.request.compromised && !r.old_key_active);
}

}  // namespace

std::span<const Row> table() {
    return rows;
}

bool holds(const Rotation& r, When when) {
    const bool old_one = r.request.old_key.has_value();
    const bool written =
        std::any_of(r.deliveries.begin(), r.deliveries.end(), [](const Delivery& d) { return d.attempted; });
    const bool forward = !r.back && old_one && !r.request.compromised;
    const bool deactivating = forward && r.request.may_deactivate && r.old_key_active;
    switch (when) {
        case When::always: return true;
        case When::forward: return forward;
        case When::first_key: return !r.back && !old_one;
        case When::compromised: return !r.back && old_one && r.request.compromised && r.request.self;
        case When::disarmed: return !r.back && old_one && r.request.compromised && !r.request.self;
        case When::back: return r.back;
        case When::unwritten: return may_return(r) && !written;
        case When::written: return may_return(r) && written && old_one;
        case When::deactivating: return deactivating;
        case When::deleting: return !deactivating;
    }
    return false;
}

std::string_view name_of(Phase phase) {
    constexpr std::array<std::string_view, 13> names{"clear",      "create", "verify", "deliver", "overlap",
                                                     "deactivate", "soak",   "retire", "confirm", "undo",
                                                     "reactivate", "finish", "ended"};
    return names[std::size_t(phase)];
}

}  // namespace keytide::rotation
