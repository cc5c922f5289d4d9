// The commands, one file each in commands/.
#pragma once

#include "cli/report.hpp"
#include "cli/session.hpp"

namespace keytide::cli {

Report demo(Session& session);
Report lab(const Lab& asked, Session& session);
Report rotate(const Rotate& asked, Session& session);
Report rehearse(const Rehearse& asked, Session& session);
Report issue(const Issue& asked, Session& session);
Report resume(const Resume& asked, Session& session);
Report rollback(const Rollback& asked, Session& session);
Report abandon(const Abandon& asked, Session& session);
Report acknowledge(const Ack& asked, Session& session);
Report status(Session& session);
Report history(const History& asked, Session& session);
Report doctor(const Doctor& asked, Session& session);
Report audit(const Audit& asked, Session& session);
Report print_policy(const PolicyPrint& asked, Session& session);
Report check_policy(const PolicyCheckAsked& asked, Session& session);
Report print_credentials(const Credentials& asked, Session& session);
Report setup(const Setup& asked, Session& session);
Report serve(Session& session);
Report check_config(Session& session);
Report show_config(Session& session);
Report print_config_schema(Session& session);
Report verify_ledger(Session& session);
Report export_ledger(Session& session);
Report rekey_ledger(const LedgerRekey& asked, Session& session);
Report who(const Who& asked, Session& session);
Report export_evidence(const EvidenceExport& asked, Session& session);
Report verify_evidence(const EvidenceVerify& asked, Session& session);
Report evidence_public_key(Session& session);
Report anchor_evidence(const EvidenceAnchor& asked, Session& session);
Report exec(const Exec& asked, Session& session);  // returns only when the program could not be run

}  // namespace keytide::cli
