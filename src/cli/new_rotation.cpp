#include "cli/new_rotation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "cli/consent.hpp"
#include "cli/context.hpp"
#include "cli/numbers.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "credentials/same_key.hpp"
#include "destinations/destination_uri.hpp"
#include "orchestrator/survey.hpp"

namespace keytide::cli {
namespace {

using namespace rotation;
using credentials::KeySource;

Result<std::vector<Rotation>> unfinished_rotations(Session& session) {
    const auto ledger = open_ledger_if_any(session);
    if (!ledger) return std::unexpected(ledger.error());
    if (!*ledger) return std::vector<Rotation>{};
    auto all = all_rotations(**ledger);
    if (all) std::erase_if(*all, [](const Rotation& r) { return r.phase == Phase::ended; });
    return all;
}

Report go_on_with(const Rotation& r, const Wish& wish, Session& session) {
    const auto what =
        fmt::format("rotation {} of {} has not ended ({})", r.id, r.request.user_name, standing(r));
    if (wish.new_key.dry_run) return {.text = what + ": it would be resumed", .rotations = std::vector{r}};
    session.terminal.say("keytide: " + what + "; resuming it with the options that it recorded");
    return resume_rotation(session, r);
}

Result<Numbers> numbers_for(const Wish& wish, const Connection& connection) {
    Numbers numbers;
    if (is_on_loopback(connection)) {
        numbers.spread = Duration{0};
        numbers.in_flight = std::chrono::seconds{2};
    }
    numbers.grace = wish.grace;
    if (wish.new_key.verify_spread) numbers.spread = *wish.new_key.verify_spread;
    for (const auto& assignment : wish.new_key.set)
        if (const auto ok = set_number(numbers, assignment); !ok) return std::unexpected(ok.error());
    return numbers;
}

// The identity needs no permission and is told by sts; the other probes follow in the order given.
std::vector<std::string> probes_for(const Wish& wish) {
    std::vector<std::string> probes{"sts"};
    for (const auto& name : wish.new_key.probes)
        if (std::find(probes.begin(), probes.end(), name) == probes.end()) probes.push_back(name);
    return probes;
}

std::string place_of(const std::string& path, const std::string& profile, bool config) {
    return destinations::profile_uri(config ? "config-file" : "credentials-file",
                                     std::filesystem::absolute(path), profile);
}

Result<void> add_destination(const Session& session, std::vector<std::string>& destinations,
                             const std::string& uri) {
    const auto canonical = canonical_destination(session, uri);
    if (!canonical) return std::unexpected(canonical.error());
    if (std::find(destinations.begin(), destinations.end(), *canonical) == destinations.end())
        destinations.push_back(*canonical);
    return {};
}

// Where the key came from decides where it goes back.
Result<std::vector<std::string>> destinations_for(const Session& session, const Wish& wish,
                                                  const KeySource& source, bool self) {
    std::vector<std::string> destinations;
    const bool in_a_file = source.origin != KeySource::Origin::environment;
    if (self && in_a_file)
        if (const auto ok = add_destination(
                session, destinations,
                place_of(source.path, source.profile, source.origin == KeySource::Origin::config_file));
            !ok)
            return std::unexpected(ok.error());
    for (const auto& uri : wish.new_key.deliver)
        if (const auto ok = add_destination(session, destinations, uri); !ok)
            return std::unexpected(ok.error());
    if (!destinations.empty()) return destinations;
    return usage_error(self ? "the key comes from the environment, so where the new one is to go is not known"
                            : "another principal signs, so where the new key is to go is not known",
                       "say where with --deliver, e.g. --deliver env-file:PATH; nothing was changed");
}

// Deleting a key breaks every place that was not given the new one.
Result<void> add_other_places(const Wish& wish, const Context& context, Session& session,
                              const AccessKeyId& old_key, std::vector<std::string>& destinations) {
    const auto places = credentials::places_of_key(old_key, context.files, session.environment);
    if (!places) return std::unexpected(places.error());
    std::vector<std::string> others;
    for (const auto& place : *places) {
        const auto uri = canonical_destination(
            session, place_of(place.path, place.profile, place.kind == credentials::FileKind::config));
        if (!uri) return std::unexpected(uri.error());
        if (std::find(destinations.begin(), destinations.end(), *uri) == destinations.end())
            others.push_back(*uri);
    }
    if (!others.empty() && !wish.all_profiles)
        return usage_error(
            fmt::format("the same key is in {} too, which would stop working", fmt::join(others, " and ")),
            "give --all-profiles to update all of them, or name each with --deliver; nothing was changed");
    destinations.insert(destinations.end(), others.begin(), others.end());
    return {};
}

std::string introduction(const Request& r) {
    const auto what = r.old_key ? fmt::format("key {} of {}", r.old_key->text(), r.user.arn)
                                : fmt::format("a first key for {}", r.user.arn);
    return fmt::format("{}, signed by {}, delivered to {}", what, r.self ? "itself" : r.administrator.arn,
                       fmt::join(r.destinations, ", "));
}

}  // namespace

Report begin_rotation(const Wish& wish, Session& session) {
    // With --user-name an administrator may sign, also with temporary keys.
    auto context = find_context(
        session, wish.new_key.user_name ? credentials::KeyUse::sign : credentials::KeyUse::rotate);
    if (!context) return failure(context.error());
    const auto& signer = context->source.key;
    const auto& user_name = wish.new_key.user_name;

    const auto unfinished = unfinished_rotations(session);
    if (!unfinished) return failure(unfinished.error());
    if (!user_name)
        for (const auto& r : *unfinished)
            if (r.request.self && (r.request.old_key == signer.id || r.new_key == signer.id))
                return go_on_with(r, wish, session);

    const auto probes = probes_for(wish);
    auto looking = Wiring::open(session, context->connection, probes, {});
    if (!looking) return failure(looking.error());
    const auto identity = orchestrator::identify((*looking)->doors(), signer);
    if (!identity) return failure(identity.error());
    const auto own_name = identity->user_name();
    const bool self = own_name && (!user_name || user_name == own_name);

    const auto name = user_name.value_or(own_name.value_or(""));
    for (const auto& r : *unfinished)
        if (r.request.user.account == identity->account && r.request.user_name == name)
            return go_on_with(r, wish, session);

    const auto numbers = numbers_for(wish, context->connection);
    if (!numbers) return failure(numbers.error());
    orchestrator::Wanted wanted{
        .user_name = user_name, .first_key = wish.first_key, .knock = !wish.new_key.dry_run};
    if (wish.access_key_id) {
        wanted.access_key_id = AccessKeyId::parse(*wish.access_key_id);
        if (!wanted.access_key_id)
            return failure({ErrorKind::usage, "'" + *wish.access_key_id + "' is not an access key id", ""});
    }

    Request request{.self = self, .probes = probes, .connection = context->connection, .numbers = *numbers};
    const bool nobodys = !self && !user_name;  // root or a role: the survey says what to do
    if (!nobodys) {
        auto destinations = destinations_for(session, wish, context->source, self);
        if (!destinations) return failure(destinations.error());
        request.destinations = std::move(*destinations);
    }
    auto wiring = Wiring::open(session, context->connection, probes, request.destinations);
    if (!wiring) return failure(wiring.error());
    const auto survey = orchestrator::survey((*wiring)->doors(), signer, *identity, wanted);
    if (!survey) return failure(survey.error());

    request.user = survey->user;
    request.user_name = survey->user_name;
    request.old_key = survey->old_key;
    if (!self) request.administrator = *identity;
    if (request.old_key) {
        const auto ok = add_other_places(wish, *context, session, *request.old_key, request.destinations);
        if (!ok) return failure(ok.error());
    }
    request.consent.skipped = orchestrator::skipped_guarantees((*wiring)->doors(), *survey, *numbers);

    const auto steps = plan(request);
    if (wish.new_key.dry_run) {
        auto text = introduction(request);
        for (const auto& step : steps.steps) text += "\n  " + step;
        for (const auto& without : steps.skipped) text += "\n  done without: " + without;
        return {.text = std::move(text), .plan = steps};
    }
    session.terminal.say("keytide: " + introduction(request));
    auto consent = ask_for_consent(steps, wish.new_key.yes, session.terminal);
    if (!consent) return failure(consent.error());
    request.consent.given_by = std::move(*consent);
    return start_rotation(session, request, signer);
}

}  // namespace keytide::cli
