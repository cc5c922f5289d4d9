// What the ledger writes down of each event: its fields, in the order of the struct's members.
//
// A new field is one line here. One that is forgotten does not compile (event_json.cpp counts the members).
// The order is the text's order, and the text is hashed: it never changes for what is already written.
#pragma once

#include <array>
#include <string_view>
#include <tuple>
#include <utility>

#include "rotation/event.hpp"

namespace keytide::ledger {

template <class Struct, class Member>
struct Field {
    std::string_view name;
    Member Struct::*member;
};

template <class Struct, class Member>
constexpr Field<Struct, Member> field(std::string_view name, Member Struct::*member) {
    return {name, member};
}

template <class T>
inline constexpr auto fields = nullptr;  // nothing is known of T

template <class Enum>
inline constexpr auto words = nullptr;

using namespace rotation;
using namespace std::string_view_literals;

template <>
inline constexpr auto words<KeyStatus> =
    std::array{std::pair{KeyStatus::active, "active"sv}, std::pair{KeyStatus::inactive, "inactive"sv}};
template <>
inline constexpr auto words<Which> =
    std::array{std::pair{Which::old_key, "old_key"sv}, std::pair{Which::new_key, "new_key"sv},
               std::pair{Which::other_key, "other_key"sv}};
template <>
inline constexpr auto words<Guarantee> =
    std::array{std::pair{Guarantee::list, "list"sv},       std::pair{Guarantee::grace, "grace"sv},
               std::pair{Guarantee::quiet, "quiet"sv},     std::pair{Guarantee::soak, "soak"sv},
               std::pair{Guarantee::confirm, "confirm"sv}, std::pair{Guarantee::restore, "restore"sv},
               std::pair{Guarantee::compare, "compare"sv}};

// Parts of events.

template <>
inline constexpr auto fields<CallerIdentity> =
    std::tuple{field("user_id", &CallerIdentity::user_id), field("account", &CallerIdentity::account),
               field("arn", &CallerIdentity::arn)};
template <>
inline constexpr auto fields<KeyMetadata> =
    std::tuple{field("id", &KeyMetadata::id), field("status", &KeyMetadata::status),
               field("created", &KeyMetadata::created)};
template <>
inline constexpr auto fields<Process> = std::tuple{
    field("boot_id", &Process::boot_id), field("pid", &Process::pid), field("start", &Process::start)};
template <>
inline constexpr auto fields<Connection> = std::tuple{
    field("partition", &Connection::partition),        field("region", &Connection::region),
    field("iam_endpoint", &Connection::iam_endpoint),  field("sts_endpoint", &Connection::sts_endpoint),
    field("s3_endpoint", &Connection::s3_endpoint),    field("ca_bundle", &Connection::ca_bundle),
    field("through_proxy", &Connection::through_proxy)};
template <>
inline constexpr auto fields<Numbers> = std::tuple{
    field("grace_ms", &Numbers::grace),
    field("quiet_ms", &Numbers::quiet),
    field("soak_ms", &Numbers::soak),
    field("steady", &Numbers::steady),
    field("spread_ms", &Numbers::spread),
    field("verify_deadline_ms", &Numbers::verify_deadline),
    field("mismatch_deadline_ms", &Numbers::mismatch_deadline),
    field("settle_deadline_ms", &Numbers::settle_deadline),
    field("poll_ms", &Numbers::poll),
    field("in_flight_ms", &Numbers::in_flight),
    field("late_call_window_ms", &Numbers::late_call_window),
    field("evidence_life_ms", &Numbers::evidence_life),
    field("last_use_step_ms", &Numbers::last_use_step),
    field("last_use_lag_ms", &Numbers::last_use_lag),
    field("gate_deadline_ms", &Numbers::gate_deadline),
};
template <>
inline constexpr auto fields<Consent> =
    std::tuple{field("skipped", &Consent::skipped), field("given_by", &Consent::given_by)};
template <>
inline constexpr auto fields<Request> = std::tuple{
    field("user", &Request::user),
    field("user_name", &Request::user_name),
    field("old_key", &Request::old_key),
    field("self", &Request::self),
    field("administrator", &Request::administrator),
    field("mfa_serial", &Request::mfa_serial),
    field("may_deactivate", &Request::may_deactivate),
    field("sole_writer", &Request::sole_writer),
    field("compromised", &Request::compromised),
    field("give_up", &Request::give_up),
    field("destinations", &Request::destinations),
    field("probes", &Request::probes),
    field("connection", &Request::connection),
    field("numbers", &Request::numbers),
    field("consent", &Request::consent),
};

// Events.

template <>
inline constexpr auto fields<Started> =
    std::tuple{field("at", &Started::at), field("request", &Started::request)};
template <>
inline constexpr auto fields<Resumed> =
    std::tuple{field("at", &Resumed::at), field("sender_gone", &Resumed::sender_gone)};
template <>
inline constexpr auto fields<Inspected> =
    std::tuple{field("at", &Inspected::at), field("keys", &Inspected::keys), field("held", &Inspected::held)};
template <>
inline constexpr auto fields<CreateIntended> =
    std::tuple{field("at", &CreateIntended::at), field("nonce", &CreateIntended::nonce),
               field("sender", &CreateIntended::sender), field("keys_before", &CreateIntended::keys_before)};
template <>
inline constexpr auto fields<CreateRefused> =
    std::tuple{field("at", &CreateRefused::at), field("code", &CreateRefused::code),
               field("message", &CreateRefused::message)};
template <>
inline constexpr auto fields<CreateUnanswered> =
    std::tuple{field("at", &CreateUnanswered::at), field("reason", &CreateUnanswered::reason)};
template <>
inline constexpr auto fields<CreateSettled> =
    std::tuple{field("at", &CreateSettled::at), field("seen", &CreateSettled::seen)};
template <>
inline constexpr auto fields<KeyCreated> =
    std::tuple{field("at", &KeyCreated::at), field("key", &KeyCreated::key)};
template <>
inline constexpr auto fields<NewKeyAccepted> =
    std::tuple{field("at", &NewKeyAccepted::at), field("identity", &NewKeyAccepted::identity),
               field("denied_by", &NewKeyAccepted::denied_by)};
template <>
inline constexpr auto fields<OldValueSealed> =
    std::tuple{field("at", &OldValueSealed::at), field("destination", &OldValueSealed::destination)};
template <>
inline constexpr auto fields<DeliverIntended> =
    std::tuple{field("at", &DeliverIntended::at), field("destination", &DeliverIntended::destination)};
template <>
inline constexpr auto fields<DeliverFailed> =
    std::tuple{field("at", &DeliverFailed::at), field("destination", &DeliverFailed::destination),
               field("reason", &DeliverFailed::reason)};
template <>
inline constexpr auto fields<Delivered> =
    std::tuple{field("at", &Delivered::at), field("destination", &Delivered::destination)};
template <>
inline constexpr auto fields<Acknowledged> =
    std::tuple{field("at", &Acknowledged::at), field("by", &Acknowledged::by)};
template <>
inline constexpr auto fields<Reminded> =
    std::tuple{field("at", &Reminded::at), field("destination", &Reminded::destination)};
template <>
inline constexpr auto fields<NothingToRetire> = std::tuple{field("at", &NothingToRetire::at)};
template <>
inline constexpr auto fields<OverlapBegan> = std::tuple{field("at", &OverlapBegan::at)};
template <>
inline constexpr auto fields<HandedOut> =
    std::tuple{field("at", &HandedOut::at), field("until", &HandedOut::until)};
template <>
inline constexpr auto fields<OverlapEnded> = std::tuple{field("at", &OverlapEnded::at)};
template <>
inline constexpr auto fields<EvidenceTaken> = std::tuple{field("at", &EvidenceTaken::at)};
template <>
inline constexpr auto fields<DeleteIntended> =
    std::tuple{field("at", &DeleteIntended::at), field("target", &DeleteIntended::target),
               field("key", &DeleteIntended::key), field("signer", &DeleteIntended::signer)};
template <>
inline constexpr auto fields<DeleteRefused> =
    std::tuple{field("at", &DeleteRefused::at), field("target", &DeleteRefused::target),
               field("code", &DeleteRefused::code), field("message", &DeleteRefused::message)};
template <>
inline constexpr auto fields<DeleteUnanswered> =
    std::tuple{field("at", &DeleteUnanswered::at), field("target", &DeleteUnanswered::target),
               field("reason", &DeleteUnanswered::reason)};
template <>
inline constexpr auto fields<OldKeyDeleted> =
    std::tuple{field("at", &OldKeyDeleted::at), field("was_gone", &OldKeyDeleted::was_gone)};
template <>
inline constexpr auto fields<NewKeyDeleted> =
    std::tuple{field("at", &NewKeyDeleted::at), field("was_gone", &NewKeyDeleted::was_gone)};
template <>
inline constexpr auto fields<OldKeyRejected> =
    std::tuple{field("at", &OldKeyRejected::at), field("code", &OldKeyRejected::code)};
template <>
inline constexpr auto fields<GoingBack> =
    std::tuple{field("at", &GoingBack::at), field("reason", &GoingBack::reason), field("by", &GoingBack::by)};
template <>
inline constexpr auto fields<OldKeyAccepted> = std::tuple{field("at", &OldKeyAccepted::at)};
template <>
inline constexpr auto fields<OldKeyQuiet> =
    std::tuple{field("at", &OldKeyQuiet::at), field("last_used", &OldKeyQuiet::last_used)};
template <>
inline constexpr auto fields<DeactivateIntended> =
    std::tuple{field("at", &DeactivateIntended::at), field("key", &DeactivateIntended::key),
               field("signer", &DeactivateIntended::signer)};
template <>
inline constexpr auto fields<ActivateIntended> =
    std::tuple{field("at", &ActivateIntended::at), field("key", &ActivateIntended::key),
               field("signer", &ActivateIntended::signer)};
template <>
inline constexpr auto fields<StatusRefused> =
    std::tuple{field("at", &StatusRefused::at), field("code", &StatusRefused::code),
               field("message", &StatusRefused::message)};
template <>
inline constexpr auto fields<StatusUnanswered> =
    std::tuple{field("at", &StatusUnanswered::at), field("reason", &StatusUnanswered::reason)};
template <>
inline constexpr auto fields<OldKeyDeactivated> = std::tuple{field("at", &OldKeyDeactivated::at)};
template <>
inline constexpr auto fields<OldKeyActivated> =
    std::tuple{field("at", &OldKeyActivated::at), field("was_active", &OldKeyActivated::was_active)};
template <>
inline constexpr auto fields<SoakEnded> = std::tuple{field("at", &SoakEnded::at)};
template <>
inline constexpr auto fields<OtherKeyDeleted> =
    std::tuple{field("at", &OtherKeyDeleted::at), field("key", &OtherKeyDeleted::key),
               field("was_gone", &OtherKeyDeleted::was_gone)};
template <>
inline constexpr auto fields<NewKeyRejected> =
    std::tuple{field("at", &NewKeyRejected::at), field("code", &NewKeyRejected::code)};
template <>
inline constexpr auto fields<Abandoned> =
    std::tuple{field("at", &Abandoned::at), field("reason", &Abandoned::reason), field("by", &Abandoned::by)};
template <>
inline constexpr auto fields<Parked> =
    std::tuple{field("at", &Parked::at), field("until", &Parked::until), field("reason", &Parked::reason)};
template <>
inline constexpr auto fields<NeedsPerson> =
    std::tuple{field("at", &NeedsPerson::at), field("question", &NeedsPerson::question),
               field("answers", &NeedsPerson::answers)};
template <>
inline constexpr auto fields<NeedsMfa> =
    std::tuple{field("at", &NeedsMfa::at), field("serial", &NeedsMfa::serial),
               field("question", &NeedsMfa::question), field("answers", &NeedsMfa::answers)};
template <>
inline constexpr auto fields<Completed> = std::tuple{field("at", &Completed::at)};
template <>
inline constexpr auto fields<RolledBack> =
    std::tuple{field("at", &RolledBack::at), field("reason", &RolledBack::reason)};

}  // namespace keytide::ledger
