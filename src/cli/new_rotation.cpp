#include "cli/new_rotation.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>

#include "cli/consent.hpp"
#include "cli/context.hpp"
#include "cli/key_power.hpp"
#include "cli/mfa_serial.hpp"
#include "cli/numbers.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "credentials/same_key.hpp"
#include "destinations/destination_uri.hpp"
#include "orchestrator/survey.hpp"
#include "rotation/explain.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {
namespace {

using namespace rotation;
using credentials::KeySource;

Result<std::vector<Rotation>> unfinished_rotations(Session& session) {
    auto all = recorded_rotations(session);
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
    const bool on_loopback = is_on_loopback(connection);
    if (on_loopback) {
        numbers.spread = Duration{0};
        numbers.in_flight = std::chrono::seconds{2};
    }
    numbers.grace = wish.grace;
    numbers.quiet = wish.quiet;
    numbers.soak = wish.soak;
    if (wish.new_key.verify_spread) numbers.spread = *wish.new_key.verify_spread;
    for (const auto& assignment : wish.new_key.set)
        if (const auto ok = set_number(numbers, assignment); !ok) return std::unexpected(ok.error());
    if (const auto ok = check_numbers(numbers, on_loopback); !ok) return std::unexpected(ok.error());
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

Result<void> add_once(std::vector<std::string>& uris, const Result<std::string>& canonical) {
    if (!canonical) return std::unexpected(canonical.error());
    if (std::find(uris.begin(), uris.end(), *canonical) == uris.end()) uris.push_back(*canonical);
    return {};
}

// Where the key came from decides where it goes back.
Result<std::vector<std::string>> destinations_for(const Session& session, const Wish& wish,
                                                  const KeySource& source, bool self) {
    std::vector<std::string> destinations;
    const bool in_a_file = source.origin != KeySource::Origin::environment;
    if (self && in_a_file)
        if (const auto ok = add_once(
                destinations,
                canonical_destination(session, place_of(source.path, source.profile,
                                                        source.origin == KeySource::Origin::config_file)));
            !ok)
            return std::unexpected(ok.error());
    for (const auto& uri : wish.new_key.deliver)
        if (const auto ok = add_once(destinations, canonical_destination(session, uri)); !ok)
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

Result<std::vector<std::string>> notices_for(const Wish& wish, const Session& session) {
    std::vector<std::string> notices;
    for (const auto& uri : wish.new_key.on_delivered)
        if (const auto ok = add_once(notices, canonical_notice(session, uri)); !ok)
            return std::unexpected(ok.error());
    return notices;
}

std::string introduction(const Request& r) {
    const auto what = r.old_key ? fmt::format("key {} of {}", r.old_key->text(), r.user.arn)
                                : fmt::format("a first key for {}", r.user.arn);
    const auto mfa = r.mfa_serial.empty() ? "" : " with MFA (" + r.mfa_serial + ")";
    const auto first_notice = std::find_if(r.destinations.begin(), r.destinations.end(), is_notice);
    auto text =
        fmt::format("{}, signed by {}{}, delivered to {}", what, r.self ? "itself" : r.administrator.arn, mfa,
                    fmt::join(r.destinations.begin(), first_notice, ", "));
    if (first_notice != r.destinations.end())
        text += fmt::format(", then told: {}", fmt::join(first_notice, r.destinations.end(), ", "));
    return text;
}

// The principal that signs, and what follows from who it is.
struct Who {
    CallerIdentity identity;
    std::string user_name;  // of the key that is replaced; empty when nobody said whose
    bool self = false;
};

const Rotation* unfinished_of(const std::vector<Rotation>& unfinished, const Who& who) {
    for (const auto& r : unfinished)
        if (r.request.user.account == who.identity.account && r.request.user_name == who.user_name) return &r;
    return nullptr;
}

Result<Who> find_out_who(const Wish& wish, const Context& context, Session& session) {
    const auto wiring = Wiring::open(session, context.connection, probes_for(wish), {});
    if (!wiring) return std::unexpected(wiring.error());
    const auto identity = orchestrator::identify((*wiring)->patient_doors(), context.source.key);
    if (!identity) return std::unexpected(identity.error());
    const auto own_name = identity->user_name();
    const auto& wanted = wish.new_key.user_name;
    Who who{*identity, wanted.value_or(own_name.value_or("")), own_name && (!wanted || *wanted == *own_name)};
    if (who.self && context.source.key.is_temporary())
        return usage_error(
            "these are temporary credentials of " + identity->arn + " itself",
            "a key is replaced by itself or by another principal; use the user's long-term key");
    return who;
}

Result<orchestrator::Wanted> what_is_wanted(const Wish& wish) {
    orchestrator::Wanted wanted{.user_name = wish.new_key.user_name,
                                .first_key = wish.first_key,
                                .replace_inactive = wish.replace_inactive,
                                .knock = !wish.new_key.dry_run};
    if (!wish.access_key_id) return wanted;
    wanted.access_key_id = AccessKeyId::parse(*wish.access_key_id);
    if (!wanted.access_key_id) return usage_error("'" + *wish.access_key_id + "' is not an access key id");
    return wanted;
}

Result<void> check_the_wish(const Wish& wish, const orchestrator::Survey& survey) {
    if (wish.new_key.dry_run) return {};  // nobody asked AWS what is allowed
    const auto refuse = [](const char* option, Guarantee guarantee) {
        return usage_error(
            fmt::format("{} needs {}, which is not allowed to these credentials", option,
                        permission_for(guarantee)->action),
            "allow it ('keytide policy print'), or leave the option away; nothing was changed");
    };
    if (wish.quiet > Duration{0} && !survey.may_see_last_use) return refuse("--quiet", Guarantee::quiet);
    if ((wish.soak > Duration{0} || wish.compromised) && !survey.may_deactivate)
        return refuse(wish.compromised ? "--compromised" : "--soak", Guarantee::soak);
    return {};
}

// All that a rotation needs to know, found out without changing anything. The survey is repeated when it
// shows that the key stands in more places, since all of them are to be looked at.
Result<Request> look_around(const Wish& wish, const Context& context, const Who& who, Session& session) {
    auto wanted = what_is_wanted(wish);
    if (!wanted) return std::unexpected(wanted.error());
    const auto mfa_serial = mfa_serial_for(wish.new_key.serial_number, context.settings, context.source);
    if (!mfa_serial) return std::unexpected(mfa_serial.error());
    wanted->mfa_serial = *mfa_serial;
    const auto numbers = numbers_for(wish, context.connection);
    if (!numbers) return std::unexpected(numbers.error());
    Request request{.self = who.self,
                    .mfa_serial = *mfa_serial,
                    .sole_writer = wish.sole_writer,
                    .compromised = wish.compromised,
                    .probes = probes_for(wish),
                    .connection = context.connection,
                    .numbers = *numbers};
    if (!who.self) request.administrator = who.identity;
    if (!who.user_name.empty()) {  // otherwise root's or a role's: the survey says what to do
        auto destinations = destinations_for(session, wish, context.source, who.self);
        if (!destinations) return std::unexpected(destinations.error());
        request.destinations = std::move(*destinations);
    }
    const auto& signer = context.source.key;
    if (who.self && !wish.first_key)
        if (const auto ok = add_other_places(wish, context, session, signer.id, request.destinations); !ok)
            return std::unexpected(ok.error());
    const auto notices = notices_for(wish, session);
    if (!notices) return std::unexpected(notices.error());
    for (;;) {
        // Whoever is told comes after all places, and finds the new key wherever it looks.
        auto all = request.destinations;
        all.insert(all.end(), notices->begin(), notices->end());
        const auto wiring = Wiring::open(session, request.connection, request.probes, all);
        if (!wiring) return std::unexpected(wiring.error());
        const auto survey = orchestrator::survey((*wiring)->patient_doors(), signer, who.identity, *wanted);
        if (!survey) return std::unexpected(survey.error());
        if (!who.self && survey->old_key) {
            const auto looked_at = request.destinations.size();
            const auto ok = add_other_places(wish, context, session, *survey->old_key, request.destinations);
            if (!ok) return std::unexpected(ok.error());
            if (request.destinations.size() != looked_at) continue;
        }
        if (const auto ok = check_the_wish(wish, *survey); !ok) return std::unexpected(ok.error());
        request.destinations = std::move(all);
        request.user = survey->user;
        request.user_name = survey->user_name;
        request.old_key = survey->old_key;
        request.give_up = survey->give_up;
        request.may_deactivate = survey->may_deactivate;
        request.consent.skipped = orchestrator::skipped_guarantees((*wiring)->doors(), *survey, *numbers);
        return request;
    }
}

Report show(const Request& request) {
    const auto steps = plan(request);
    auto text = introduction(request);
    for (const auto& step : steps.steps) text += "\n  " + step;
    for (const auto& without : steps.skipped) text += "\n  done without: " + without;
    return {.text = std::move(text), .plan = steps};
}

// Who would be at work, and on what.
struct Beginning {
    Context context;
    std::optional<Rotation> unfinished{};  // there is one already
    std::optional<Who> who{};              // nothing: it was found by the key alone
};

Result<Beginning> find_beginning(const Wish& wish, Session& session) {
    session.mfa_prompt.give(wish.new_key.token_code);
    // With --user-name an administrator may sign, also with temporary keys.
    const auto& user_name = wish.new_key.user_name;
    auto context = find_context(session, user_name ? credentials::KeyUse::sign : credentials::KeyUse::rotate);
    if (!context) return std::unexpected(context.error());
    Beginning beginning{std::move(*context)};
    const auto& signer = beginning.context.source.key;

    // Found by the key alone, since in the middle of a rotation the key may not be accepted just now.
    const auto unfinished = unfinished_rotations(session);
    if (!unfinished) return std::unexpected(unfinished.error());
    for (const auto& r : *unfinished)
        if (!user_name && r.request.self && (r.request.old_key == signer.id || r.new_key == signer.id)) {
            beginning.unfinished = r;
            return beginning;
        }
    auto who = find_out_who(wish, beginning.context, session);
    if (!who) return std::unexpected(who.error());
    if (const auto* r = unfinished_of(*unfinished, *who)) beginning.unfinished = *r;
    beginning.who = std::move(*who);
    return beginning;
}

}  // namespace

Result<Prospect> look_ahead(const Wish& wish, Session& session) {
    auto beginning = find_beginning(wish, session);
    if (!beginning) return std::unexpected(beginning.error());
    if (const auto& r = beginning->unfinished)
        return usage_error(
            fmt::format("rotation {} of {} has not ended ({})", r->id, r->request.user_name, standing(*r)),
            "'keytide resume " + r->id + "' goes on; nothing was changed");
    auto reading = wish;
    reading.new_key.dry_run = true;
    auto request = look_around(reading, beginning->context, *beginning->who, session);
    if (!request) return std::unexpected(request.error());
    return Prospect{std::move(*request), std::move(beginning->context.source)};
}

Report begin_rotation(const Wish& wish, Session& session) {
    const auto beginning = find_beginning(wish, session);
    if (!beginning) return failure(beginning.error());
    if (beginning->unfinished) return go_on_with(*beginning->unfinished, wish, session);
    const auto& [context, unfinished, who] = *beginning;
    const auto& signer = context.source.key;
    if (wish.new_key.dry_run) {
        const auto request = look_around(wish, context, *who, session);
        return request ? show(*request) : failure(request.error());
    }

    // From here on nobody else rotates this user's keys; who did so just before has changed what we saw.
    auto lock =
        lock_user(session, who->identity.account, who->user_name, who->self ? who->identity.user_id : "");
    if (!lock) return failure(lock.error());
    const auto meanwhile = unfinished_rotations(session);
    if (!meanwhile) return failure(meanwhile.error());
    if (const auto* r = unfinished_of(*meanwhile, *who)) {
        { const auto released = std::move(*lock); }
        return go_on_with(*r, wish, session);
    }
    auto request = look_around(wish, context, *who, session);
    if (!request) return failure(request.error());
    session.terminal.say("keytide: " + introduction(*request));
    const auto planned = plan(*request);
    // Whoever is asked should know what is at stake.
    if (!planned.skipped.empty() && !wish.new_key.yes && request->old_key)
        if (const auto power = key_power(session, *request, signer))
            session.terminal.say("keytide: " + *power);
    auto consent = ask_for_consent(planned, wish.new_key.yes, session.terminal);
    if (!consent) return failure(consent.error());
    request->consent.given_by = std::move(*consent);
    return start_rotation(session, *request, signer);
}

}  // namespace keytide::cli
