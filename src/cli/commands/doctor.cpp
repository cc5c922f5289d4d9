#include <algorithm>

#include "cli/check_aws.hpp"
#include "cli/check_files.hpp"
#include "cli/check_records.hpp"
#include "cli/commands.hpp"
#include "cli/exit_code.hpp"

namespace keytide::cli {

Report doctor(const Doctor& asked, Session& session) {
    if (asked.access_key_id && !AccessKeyId::parse(*asked.access_key_id))
        return failure({ErrorKind::usage, "'" + *asked.access_key_id + "' is not an access key id", ""});
    auto checks = check_files(session.environment);
    append(checks, check_records(session));
    append(checks, check_aws(asked, session));
    if (session.clock.interrupted())
        return failure({ErrorKind::interrupted, "interrupted", "nothing was changed"});
    const bool healthy =
        std::ranges::all_of(checks, [](const Check& c) { return c.status == Check::Status::ok; });
    Report report{.exit_code = healthy ? exit_code::done : exit_code::findings, .text = in_lines(checks)};
    report.checks = std::move(checks);
    return report;
}

}  // namespace keytide::cli
