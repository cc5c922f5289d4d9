#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <vector>

#include "cli/commands.hpp"
#include "cli/context.hpp"
#include "cli/wiring.hpp"
#include "orchestrator/patience.hpp"

namespace keytide::cli {
namespace {

using namespace std::chrono_literals;

// AWS takes two look-ups a second.
constexpr orchestrator::Patience patience{.attempts = 8, .base = 1s, .cap = 10s, .last_beginning = 60s};
constexpr int most_pages = 40;  // of fifty events, in one region

void look_at_last_use(Session& session, ports::AccessKeys& keys, const AccessKey& signer, KeyUses& uses) {
    const auto answer = keys.last_used(signer, uses.key);
    session.aws_clock.learn(answer.server_time);
    const auto* used = answer.done();
    if (used == nullptr) {
        uses.unseen.push_back("whose key it is, and its last use (" + why(answer) + ")");
        return;
    }
    uses.user = used->user_name;
    uses.last_used = *used;
}

// The region that is configured; where the key was used last; and where IAM's calls are recorded.
std::vector<std::string> regions_for(const Context& context, const KeyUses& uses) {
    std::vector<std::string> regions;
    const auto add = [&](const std::string& region) {
        if (!region.empty() && std::ranges::find(regions, region) == regions.end()) regions.push_back(region);
    };
    add(context.connection.region);
    if (uses.last_used) add(uses.last_used->region);
    if (context.connection.partition == "aws") add("us-east-1");
    return regions;
}

// False: it could not be read, and why is told.
bool read_history(Session& session, const Context& context, const std::string& region, KeyUses& uses) {
    const auto history = open_event_history(session, context, region);
    if (!history) {
        uses.unseen.push_back(fmt::format("the history of {} ({})", region, history.error().message));
        return false;
    }
    std::string next;
    for (int page = 0; page < most_pages; ++page) {
        const auto answer = orchestrator::patiently(patience, session.aws_clock, session.entropy, [&] {
            return (*history)->uses_of(context.source.key, uses.key, next);
        });
        session.aws_clock.learn(answer.server_time);
        const auto* got = answer.done();
        if (got == nullptr) {
            uses.unseen.push_back(
                fmt::format("the history of {}{} ({})", region, page == 0 ? "" : ", its rest", why(answer)));
            return page > 0;
        }
        for (const auto& event : got->events) uses.add(event);
        next = got->next;
        if (next.empty()) return true;
    }
    uses.all_pages = false;
    return true;
}

}  // namespace

Report who(const Who& asked, Session& session) {
    const auto key = AccessKeyId::parse(asked.access_key_id);
    if (!key) return failure({ErrorKind::usage, "'" + asked.access_key_id + "' is not an access key id", ""});
    const auto context = find_context(session, credentials::KeyUse::sign);
    if (!context) return failure(context.error());
    const auto wiring = Wiring::open(session, context->connection, {}, {});
    if (!wiring) return failure(wiring.error());
    KeyUses uses{.key = *key};
    look_at_last_use(session, (*wiring)->patient_doors().access_keys, context->source.key, uses);
    for (const auto& region : regions_for(*context, uses)) {
        if (session.clock.interrupted())
            return failure({ErrorKind::interrupted, "interrupted", "nothing was changed"});
        if (read_history(session, *context, region, uses)) uses.regions.push_back(region);
    }
    if (uses.regions.empty())
        return failure({ErrorKind::failed, "no history could be read: " + uses.unseen.back(),
                        "allow cloudtrail:LookupEvents, as AWS's policy ReadOnlyAccess does, or name another "
                        "--region; nothing was changed"});
    uses.sort();
    Report report{.text = in_lines(uses)};
    report.key_uses = std::move(uses);
    return report;
}

}  // namespace keytide::cli
