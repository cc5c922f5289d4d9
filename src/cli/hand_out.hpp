// Handing out the key that is in use, in credentials that expire.
#pragma once

#include "cli/session.hpp"
#include "configuration/configuration.hpp"
#include "ledger/hand_out_record.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::cli {

Result<ledger::HandOutRecord> hand_out_record(const Session& session);

// The document with the key in use; how long it lasts is on disk before. Temporary keys are not handed out:
// their own end is not known.
Result<WipedString> hand_out(Session& session, const configuration::Key& key,
                             WipedString (*document)(const AccessKey&, Instant));

}  // namespace keytide::cli
