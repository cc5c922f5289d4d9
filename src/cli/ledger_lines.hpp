// The whole ledger, looked at without believing it, and its events as lines for others.
#pragma once

#include <optional>
#include <string>

#include "cli/report.hpp"
#include "cli/session.hpp"
#include "ledger/verify.hpp"

namespace keytide::cli {

inline constexpr auto nothing_yet = "there is no ledger yet: nothing was ever recorded here";

// Nothing: there is no ledger, and there was none.
Result<std::optional<ledger::Verification>> verification(Session& session);

// What evidence can be made of. Nothing was recorded yet, or it is not sound: both are the end of a command.
std::expected<ledger::Verification, Report> sound_ledger(Session& session);

// One JSON object. The text of the event is copied as it is, so that the hash can be made of it again. What
// is no event's text is given as a text.
std::string line_of(const ledger::StoredEvent& event);

// How far the chain has come with it.
ledger::Head head_of(const ledger::StoredEvent& event);

}  // namespace keytide::cli
