#include "cli/rotations.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/context.hpp"
#include "cli/narration.hpp"
#include "cli/wiring.hpp"
#include "ledger/user_lock.hpp"
#include "orchestrator/survey.hpp"
#include "rotation/evolve.hpp"

namespace keytide::cli {

using namespace rotation;
using ledger::UserLock;

namespace {

// Sorts by time, and tells two rotations of one second apart.
RotationId new_id(Session& session) {
    std::array<std::byte, 3> random{};
    session.entropy.fill(random);
    auto id = "r-" + to_amz_date(session.clock.now()) + "-";
    for (const auto byte : random) id += fmt::format("{:02x}", std::to_integer<int>(byte));
    return id;
}

// The one place that holds the key and cannot be written from here.
void remind_of_the_environment(const Session& session, const Rotation& r, Report& report) {
    const auto id = session.environment("AWS_ACCESS_KEY_ID");
    if (r.end != End::completed || !r.request.old_key || id != r.request.old_key->text()) return;
    report.notices.push_back({"note",
                              "AWS_ACCESS_KEY_ID in this environment is still the old key",
                              {"load the new one from where it was delivered, or unset it"}});
}

std::string why_no_way_back(const Rotation& r) {
    if (r.back) return "it is on its way back already";
    if (r.delete_intended) return "the deletion of the old key has begun";
    if (!r.request.old_key) return "there was no key before";
    return "the old key is compromised and stays Inactive";
}

// `what` runs the orchestrator; an error in the middle is told with what the ledger knows, or with what was
// known last. `before` is null for a rotation that is still to be begun.
template <class What>
Report carry_out(Session& session, Wiring& wiring, ports::Ledger& ledger, const RotationId& id,
                 const Rotation* before, const AccessKey* administrator, What what) {
    Narration narration(session.terminal, session.everywhere.output == Output::json);
    orchestrator::Orchestrator orchestrator(wiring.doors(), ledger, narration, administrator);
    const Result<orchestrator::Outcome> outcome = what(orchestrator);
    if (outcome) {
        auto report = conclude(*outcome);
        remind_of_the_environment(session, outcome->rotation, report);
        return report;
    }
    if (const auto left = orchestrator::load(ledger, id)) return conclude(outcome.error(), *left);
    if (narration.last()) return conclude(outcome.error(), *narration.last());
    return before != nullptr ? conclude(outcome.error(), *before) : failure(outcome.error());
}

// An administrator's credentials are never stored: each start takes them from the chain, and they must be the
// recorded principal's.
Result<AccessKey> administrator_again(Session& session, Wiring& wiring, const Rotation& r) {
    auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return std::unexpected(context.error());
    const auto identity = orchestrator::identify(wiring.patient_doors(), context->source.key);
    if (!identity)  // its hint is for those who begin: here something may have been changed long ago
        return std::unexpected(Error{identity.error().kind, identity.error().message, ""});
    if (!identity->is_same_principal(r.request.administrator))
        return usage_error(fmt::format("rotation {} was started by {}, and these are credentials of {}", r.id,
                                       r.request.administrator.arn, identity->arn),
                           "resume it with the credentials that it was started with");
    return std::move(context->source.key);
}

}  // namespace

Result<UserLock> lock_user(Session& session, const AccountId& account, const std::string& user_name,
                           const std::string& user_id) {
    const auto folders = session.folders();
    if (!folders) return std::unexpected(folders.error());
    return UserLock::acquire(folders->state, account, user_name, user_id);
}

Result<std::vector<Rotation>> recorded_rotations(Session& session) {
    const auto ledger = open_ledger_if_any(session);
    if (!ledger) return std::unexpected(ledger.error());
    std::vector<Rotation> all;
    if (!*ledger) return all;
    const auto ids = (*ledger)->rotations();
    if (!ids) return std::unexpected(ids.error());
    for (const auto& id : *ids) {
        auto rotation = orchestrator::load(**ledger, id);
        if (!rotation) return std::unexpected(rotation.error());
        all.push_back(std::move(*rotation));
    }
    return all;
}

Result<Rotation> recorded_rotation(Session& session, const RotationId& id) {
    auto all = recorded_rotations(session);
    if (!all) return std::unexpected(all.error());
    for (auto& r : *all)
        if (r.id == id) return std::move(r);
    return usage_error("there is no rotation " + id, "'keytide status' lists those that have not ended");
}

Report start_rotation(Session& session, const Request& request, const AccessKey& signer) {
    const auto ledger = open_or_make_ledger(session);
    if (!ledger) return failure(ledger.error());
    const auto wiring = Wiring::open(session, request.connection, request.probes, request.destinations);
    if (!wiring) return failure(wiring.error());
    const auto id = new_id(session);
    return carry_out(session, **wiring, **ledger, id, nullptr, request.self ? nullptr : &signer,
                     [&](auto& orchestrator) {
                         return orchestrator.start(id, request, request.self ? &signer : nullptr);
                     });
}

namespace {

// `act` has the ledger and what a recorded rotation reaches, under its user's lock.
template <class Act>
Report under_lock(Session& session, const Rotation& r, Act act) {
    const auto& user = r.request.user;
    const auto lock = lock_user(session, user.account, r.request.user_name, user.user_id);
    if (!lock) {
        auto report = conclude(lock.error(), r);
        report.at_work = at_work(session, {r});
        return report;
    }
    const auto ledger = open_or_make_ledger(session);
    if (!ledger) return conclude(ledger.error(), r);
    const auto wiring = Wiring::open(session, r.request.connection, r.request.probes, r.request.destinations);
    if (!wiring) return conclude(wiring.error(), r);
    return act(**wiring, **ledger);
}

// With the administrator's credentials when it needs them.
template <class What>
Report go_on(Session& session, const Rotation& r, What what) {
    return under_lock(session, r, [&](Wiring& wiring, ports::Ledger& ledger) {
        std::optional<AccessKey> administrator;
        if (!r.request.self) {
            auto again = administrator_again(session, wiring, r);
            if (session.clock.interrupted()) return conclude({orchestrator::Stopped::interrupted, r});
            if (!again) return conclude(again.error(), r);
            administrator = std::move(*again);
        }
        return carry_out(session, wiring, ledger, r.id, &r, administrator ? &*administrator : nullptr, what);
    });
}

}  // namespace

Report resume_rotation(Session& session, const Rotation& r) {
    return go_on(session, r, [&](auto& orchestrator) { return orchestrator.resume(r.id); });
}

Report remind_of_rotation(Session& session, const Rotation& r) {
    std::vector<Error> untold;
    auto report = under_lock(session, r, [&](Wiring& wiring, ports::Ledger& ledger) {
        return carry_out(session, wiring, ledger, r.id, &r, nullptr,
                         [&](auto& orchestrator) -> Result<orchestrator::Outcome> {
                             auto reminding = orchestrator.remind(r.id);
                             if (!reminding) return std::unexpected(reminding.error());
                             untold = std::move(reminding->untold);
                             return std::move(reminding->outcome);
                         });
    });
    for (const auto& error : untold)
        report.notices.push_back({"warning", "not reminded: " + error.message, {error.hint}});
    return report;
}

Report settle_rotation(Session& session, const RotationId& id, Event by_a_person) {
    const auto found = recorded_rotation(session, id);
    if (!found) return failure(found.error());
    if (found->phase == Phase::ended)
        return failure({ErrorKind::usage, "rotation " + id + " has ended already", ""});
    const bool back = std::holds_alternative<GoingBack>(by_a_person);
    if (back && !holds(*found, When::unwritten) && !holds(*found, When::written))
        return failure({ErrorKind::usage,
                        "there is no way back for rotation " + id + ": " + why_no_way_back(*found),
                        "'keytide resume " + id + "' goes on"});
    if (back && found->phase == Phase::create)
        return failure({ErrorKind::usage, "rotation " + id + " has made no key yet",
                        "'keytide abandon " + id + "' ends it"});
    std::visit([&](auto& event) { event.at = session.aws_clock.now(); }, by_a_person);
    return go_on(session, *found, [&](auto& orchestrator) { return orchestrator.settle(id, by_a_person); });
}

std::map<RotationId, long> at_work(const Session& session, const std::vector<Rotation>& rotations) {
    std::map<RotationId, long> found;
    const auto folders = session.folders();
    if (!folders) return found;
    for (const auto& r : rotations)
        if (r.phase != Phase::ended)
            if (const auto pid =
                    UserLock::holder(folders->state, r.request.user.account, r.request.user_name))
                found[r.id] = *pid;
    return found;
}

}  // namespace keytide::cli
