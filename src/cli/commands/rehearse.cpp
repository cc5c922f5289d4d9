// A rotation before it happens: on a copy of the account, under one misfortune after the other. What it needs
// to know is read from the real account, and nothing there is changed.
#include <fmt/format.h>

#include <algorithm>

#include "cli/commands.hpp"
#include "cli/exit_code.hpp"
#include "cli/rehearsal_stage.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "orchestrator/account_copy.hpp"
#include "rotation/explain.hpp"

namespace keytide::cli {

using namespace rotation;

namespace {

Result<Original> original_of(const Rotate& asked, Session& session) {
    auto wish = wish_of(asked, session);
    if (!wish) return std::unexpected(wish.error());
    auto prospect = look_ahead(*wish, session);
    if (!prospect) return std::unexpected(prospect.error());
    const auto& request = prospect->request;
    if (!request.mfa_serial.empty())
        return usage_error(
            "a rotation whose signer needs MFA cannot be rehearsed: the lab has not its device",
            "rehearse it without, by --serial-number '', or look with 'keytide rotate --dry-run'");
    if (request.connection.partition != "aws")
        return usage_error(
            "the lab is of the partition aws, and this account is in " + request.connection.partition,
            "look with 'keytide rotate --dry-run'");
    const auto wiring = Wiring::open(session, request.connection, {}, {});
    if (!wiring) return std::unexpected(wiring.error());
    auto copy = orchestrator::copy_account(
        {(*wiring)->account_records(), (*wiring)->policies(), session.aws_clock, session.entropy},
        prospect->source.key, request.user_name);
    if (!copy) return std::unexpected(copy.error());
    Original original{std::move(*wish), std::move(*prospect), std::move(*copy), {}};
    const auto listed = (*wiring)->patient_doors().access_keys.list(original.prospect.source.key,
                                                                    original.prospect.request.user_name);
    if (const auto* keys = listed.done()) {
        original.keys = *keys;
    } else {
        original.copy.unseen.push_back(
            fmt::format("the user's other keys, and how old this one is ({})", why(listed)));
        original.keys.push_back({*original.prospect.request.old_key, KeyStatus::active, std::nullopt});
    }
    return original;
}

bool depends_on_the_network(const AuthorizationDetails& details) {
    const auto names_it = [](const std::string& document) {
        for (const auto* key : {"aws:SourceIp", "aws:SourceVpc", "aws:ViaAWSService", "aws:SecureTransport"})
            if (document.find(key) != std::string::npos) return true;
        return false;
    };
    const auto any_inline = [&](const auto& holder) {
        return std::ranges::any_of(holder.inline_policies, names_it,
                                   &AuthorizationDetails::InlinePolicy::document);
    };
    return std::ranges::any_of(details.policies, names_it, &AuthorizationDetails::ManagedPolicy::document) ||
           std::ranges::any_of(details.users, any_inline) || std::ranges::any_of(details.groups, any_inline);
}

Rehearsed before_the_scenes(const Original& original) {
    const auto& request = original.prospect.request;
    const auto& details = original.copy.details;
    Rehearsed rehearsed{.user = request.user.arn,
                        .users = details.users.size(),
                        .groups = details.groups.size(),
                        .policies = details.policies.size(),
                        .unseen = original.copy.unseen};
    auto& left_out = rehearsed.left_out;
    if (!original.copy.has_policies)
        left_out.push_back("what the user may do: it is taken to be the least that a rotation needs");
    if (!request.self && !original.has_administrator())
        left_out.push_back("what " + request.administrator.arn + " may do: it is taken to be everything");
    if (depends_on_the_network(details))
        left_out.push_back(
            "conditions on the network (aws:SourceIp and the like) meet plain HTTP on loopback");
    for (const auto& uri : request.destinations)
        (is_notice(uri) ? left_out : rehearsed.stood_in_for).push_back(uri);
    for (const auto& probe : request.probes)
        if (probe.starts_with("exec:")) left_out.push_back("the probe " + probe);
    return rehearsed;
}

// In the order in which they would come.
std::vector<std::string> asked_of_a_person(const Original& original, const std::vector<Scene>& scenes) {
    std::vector<std::string> asked;
    std::vector<Guarantee> skipped = original.prospect.request.consent.skipped;
    for (const auto& scene : scenes)
        skipped.insert(skipped.end(), scene.skipped.begin(), scene.skipped.end());
    std::ranges::sort(skipped);
    skipped.erase(std::ranges::unique(skipped).begin(), skipped.end());
    for (const auto guarantee : skipped)
        asked.push_back("before it begins, consent (--yes): done without: " + in_words(guarantee));
    for (const auto& uri : original.prospect.request.destinations)
        if (uri.starts_with("person:"))
            asked.push_back("after the delivery, of " + uri +
                            ": to put the new key in use, and 'keytide ack ID'");
    for (const auto& scene : scenes) {
        if (!scene.question) continue;
        asked.push_back(fmt::format("if {}: {}", scene.what, *scene.question));
        for (const auto& answer : scene.answers) asked.push_back("    " + answer);
    }
    return asked;
}

}  // namespace

Report rehearse(const Rehearse& asked, Session& session) {
    const auto original = original_of(asked.rotate, session);
    if (!original) return failure(original.error());
    auto rehearsed = before_the_scenes(*original);
    for (const auto& misfortune : misfortunes()) {
        const auto stage = RehearsalStage::set(*original, misfortune, session);
        if (!stage) return failure(stage.error());
        rehearsed.scenes.push_back((*stage)->perform(misfortune));
        if (session.clock.interrupted())
            return failure({ErrorKind::interrupted, "interrupted", "nothing was changed"});
        // What goes wrong when all goes well goes wrong in every other scene.
        if (rehearsed.scenes.size() == 1 && rehearsed.scenes.front().exit_code != exit_code::done) break;
    }
    rehearsed.asked = asked_of_a_person(*original, rehearsed.scenes);
    const auto& usual = rehearsed.scenes.front();
    Report report{.exit_code = usual.exit_code, .text = in_words(rehearsed)};
    if (usual.exit_code != exit_code::done)
        report.error = Error{ErrorKind::failed, "the rotation would not be completed: " + usual.outcome,
                             "mend that, and rehearse again; nothing was changed"};
    report.rehearsed = std::move(rehearsed);
    return report;
}

}  // namespace keytide::cli
