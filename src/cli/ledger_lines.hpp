// The whole ledger, looked at without believing it, and its events as lines for others.
#pragma once

#include <optional>
#include <string>

#include "cli/session.hpp"
#include "ledger/verify.hpp"

namespace keytide::cli {

inline constexpr auto nothing_yet = "there is no ledger yet: nothing was ever recorded here";

// Nothing: there is no ledger, and there was none.
Result<std::optional<ledger::Verification>> verification(Session& session);

// One JSON object. The text of the event is copied as it is, so that the hash can be made of it again. What
// is no event's text is given as a text.
std::string line_of(const ledger::StoredEvent& event);

}  // namespace keytide::cli
