// A secret that the ledger cannot open any more and that no destination holds. Before NEW was written
// anywhere it can be made again; afterwards only a person can find out which key is used where.
#include "rotation/evolve.hpp"
#include "rotation/explain.hpp"
#include "rotation/steps.hpp"

namespace keytide::rotation {

Action go_on_without(const Rotation& r, Instant now, Which key) {
    const auto why = "the secret of the " + std::string(key == Which::new_key ? "new" : "old") + " key " +
                     key_of(r, key).text() + " is lost: " + r.evidence.lost_secrets.at(key) +
                     ", and no destination that can be read holds it";
    const bool may_go_back = r.phase == Phase::verify || r.phase == Phase::deliver;
    if (key == Which::new_key && may_go_back && holds(r, When::unwritten))
        return Conclude{GoingBack{now, why, ""}};
    if (nothing_was_changed(r)) return Conclude{RolledBack{now, why}};
    return ask(
        now, why + ". Nothing is changed meanwhile",
        {"put the ledger and the sealing key back from the same backup, then " + resume_command(r),
         "or see which key is in use, settle it by hand, and end the rotation as it is: keytide abandon " +
             r.id + " --reason TEXT"});
}

}  // namespace keytide::rotation
