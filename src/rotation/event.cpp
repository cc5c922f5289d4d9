#include "rotation/event.hpp"

#include <array>

namespace keytide::rotation {

bool is_transient(const Event& event) {
    return std::holds_alternative<ProbeAnswered>(event) || std::holds_alternative<EvidenceMissing>(event) ||
           std::holds_alternative<LastUseSeen>(event) || std::holds_alternative<HandOutsSeen>(event) ||
           std::holds_alternative<SecretLost>(event) || std::holds_alternative<SessionAnswered>(event);
}

Instant time_of(const Event& event) {
    return std::visit([](const auto& e) { return e.at; }, event);
}

std::string_view name_of(const Event& event) {
    constexpr std::array<std::string_view, std::variant_size_v<Event>> names{
        "Started",          "Resumed",           "Inspected",          "CreateIntended",   "CreateRefused",
        "CreateUnanswered", "CreateSettled",     "KeyCreated",         "NewKeyAccepted",   "OldKeyAccepted",
        "OldValueSealed",   "DeliverIntended",   "DeliverFailed",      "Delivered",        "Acknowledged",
        "Reminded",         "NothingToRetire",   "OverlapBegan",       "OldKeyQuiet",      "HandedOut",
        "OverlapEnded",     "EvidenceTaken",     "DeactivateIntended", "ActivateIntended", "StatusRefused",
        "StatusUnanswered", "OldKeyDeactivated", "OldKeyActivated",    "SoakEnded",        "DeleteIntended",
        "DeleteRefused",    "DeleteUnanswered",  "OldKeyDeleted",      "NewKeyDeleted",    "OtherKeyDeleted",
        "OldKeyRejected",   "NewKeyRejected",    "GoingBack",          "Parked",           "NeedsPerson",
        "NeedsMfa",         "Completed",         "RolledBack",         "Abandoned",        "ProbeAnswered",
        "EvidenceMissing",  "LastUseSeen",       "HandOutsSeen",       "SecretLost",       "SessionAnswered"};
    return names[event.index()];
}

bool is_intent(const Event& event) {
    return std::holds_alternative<CreateIntended>(event) || std::holds_alternative<DeliverIntended>(event) ||
           std::holds_alternative<DeactivateIntended>(event) ||
           std::holds_alternative<ActivateIntended>(event) || std::holds_alternative<DeleteIntended>(event);
}

bool is_end(const Event& event) {
    return std::holds_alternative<Completed>(event) || std::holds_alternative<RolledBack>(event) ||
           std::holds_alternative<Abandoned>(event);
}

}  // namespace keytide::rotation
