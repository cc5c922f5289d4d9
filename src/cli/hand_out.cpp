#include "cli/hand_out.hpp"

#include "cli/named_key.hpp"
#include "service/credential_document.hpp"

namespace keytide::cli {

Result<ledger::HandOutRecord> hand_out_record(const Session& session) {
    const auto folders = session.folders();
    if (!folders) return std::unexpected(folders.error());
    return ledger::HandOutRecord(folders->state / "handed-out");
}

Result<WipedString> hand_out(Session& session, const configuration::Key& key,
                             WipedString (*document)(const AccessKey&, Instant)) {
    auto record = hand_out_record(session);
    if (!record) return std::unexpected(record.error());
    const auto until = service::expiration(session.clock.now(), key.lifetime);
    const auto handed = record->hand_out([&] { return key_in_use(session, key); }, until);
    if (!handed) return std::unexpected(handed.error());
    return document(*handed, until);
}

}  // namespace keytide::cli
