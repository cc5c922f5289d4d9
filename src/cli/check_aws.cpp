#include "cli/check_aws.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cli/check_files.hpp"
#include "cli/check_records.hpp"
#include "cli/context.hpp"
#include "cli/mfa_serial.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "orchestrator/permission_questions.hpp"
#include "orchestrator/survey.hpp"
#include "rotation/permission.hpp"

namespace keytide::cli {
namespace {

using namespace rotation;
using aws::Service;
using credentials::KeySource;
using credentials::KeyUse;
using std::chrono::seconds;

// Which of its parts failed is told by libcurl in words alone; they choose no more than the advice.
std::string advice(const std::string& reason, bool through_proxy) {
    const auto says = [&](std::string_view word) { return reason.find(word) != std::string::npos; };
    if (through_proxy) return "check HTTPS_PROXY, HTTP_PROXY and NO_PROXY";
    if (says("resolve")) return "check the name, the region and this machine's DNS";
    if (says("SSL") || says("certificate") || says("CAfile"))
        return "if its certificate is your organisation's own, name the bundle with --ca-bundle";
    return "check the network, the firewall and the endpoint (--endpoint-url, AWS_ENDPOINT_URL)";
}

// What is known once the AWS configuration has been read.
struct Found {
    credentials::ProfileFiles files;
    credentials::Settings settings;
    std::optional<KeySource> source;
    Connection connection;
};

struct Way {
    bool to_iam = false, to_sts = false;
    std::optional<Duration> skew;  // AWS's time minus ours
};

Check check_endpoint(Session& session, const Connection& connection, Service service, Way& way) {
    const std::string name(aws::signing_name(service));
    const auto knocked = knock(session, connection, service);
    if (!knocked) return problem(name, knocked.error());
    const auto through = knocked->proxy.empty() ? "" : " through the proxy " + knocked->proxy;
    if (!knocked->answer) {
        const auto& reason = knocked->answer.error().reason;
        auto message = fmt::format("{} cannot be reached{}: {}", knocked->url, through, reason);
        const auto hint = advice(reason, !knocked->proxy.empty());
        if (service == Service::s3)
            return warning(name, std::move(message), "only the probe s3:list-buckets needs it; " + hint);
        return problem(name, std::move(message), hint);
    }
    if (knocked->answer->date && !way.skew) way.skew = *knocked->answer->date - session.clock.now();
    (service == Service::iam ? way.to_iam : way.to_sts) |= service != Service::s3;
    return ok(name, fmt::format("{} answers{}", knocked->url, through));
}

// Date has a resolution of one second, and is cut off.
Check check_clock(const Way& way) {
    if (!way.skew) return unchecked("clock", "no endpoint told its time");
    const auto off = std::chrono::duration_cast<seconds>(*way.skew < Duration{0} ? -*way.skew : *way.skew);
    const auto message =
        fmt::format("{} s {} AWS's", off.count(), *way.skew < Duration{0} ? "ahead of" : "behind");
    const auto hint =
        "set this machine's clock (NTP); Keytide corrects itself by AWS's, other programs do not";
    if (off >=
        std::chrono::minutes{15})  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
        return problem("clock", message + ": AWS refuses requests that are 15 minutes off", hint);
    if (off >= std::chrono::minutes{1}) return warning("clock", message, hint);
    return ok("clock", off <= seconds{2} ? "it agrees with AWS's to within 2 s" : message);
}

Checks check_way(Session& session, const Connection& connection, Way& way) {
    Checks checks;
    for (const auto service : {Service::iam, Service::sts, Service::s3})
        checks.push_back(check_endpoint(session, connection, service, way));
    checks.push_back(check_clock(way));
    return checks;
}

std::string kind_of(const CallerIdentity& identity) {
    if (identity.is_root()) return "the account's root user";
    if (identity.user_name()) return "an IAM user";
    const auto arn = Arn::parse(identity.arn);
    if (arn && arn->resource.starts_with("assumed-role/")) return "a role's session";
    if (arn && arn->resource.starts_with("federated-user/")) return "a federated user";
    return "no IAM user";
}

Check check_permission(orchestrator::Doors& doors, const AccessKey& signer, const orchestrator::Survey& who,
                       const Permission& p) {
    const auto role = who.self ? Role::user : Role::administrator;
    const std::string name(p.action);
    const auto allowed = orchestrator::is_allowed(doors, signer, who.user_name, who.old_key, p.action);
    if (!allowed && p.action == "iam:GetAccessKeyLastUsed" && !who.old_key)
        return unchecked(name, "it can only be asked about a key, and which one is not known");
    if (!allowed) return unchecked(name, "AWS gave no answer that tells it");
    if (*allowed) {
        const auto remark = p.action == "iam:DeleteAccessKey"
                                ? " (iam:CreateAccessKey cannot be tried without making a key)"
                                : "";
        return ok(name, fmt::format("allowed: {}{}", p.with, remark));
    }
    constexpr auto print = "'keytide policy print{}' prints a policy that allows it";
    auto hint = fmt::format(print, who.self ? "" : " --administrator");
    if (p.needed_by(role) == Need::required)
        return problem(name, "not allowed: no rotation begins without it", std::move(hint));
    auto message = fmt::format("not allowed: {}", p.without);
    if (p.buys_administrators_too && role == Role::administrator)
        message += "; " + in_words(*p.buys_administrators_too);
    if (!p.options.empty()) message += fmt::format(" ({} cannot be used)", p.options);
    return warning(name, std::move(message), std::move(hint));
}

Checks unchecked_all(std::initializer_list<const char*> names, const std::string& why) {
    Checks checks;
    for (const auto* name : names) checks.push_back(unchecked(name, why));
    return checks;
}

// `rotate` goes on with it, whatever the survey of a new one would say: one slot is its own.
std::optional<RotationId> unfinished_rotation(Session& session, const AccountId& account,
                                              const std::string& user_name) {
    const auto recorded = recorded_rotations(session);
    if (!recorded) return std::nullopt;  // said already
    for (const auto& r : *recorded)
        if (r.phase != Phase::ended && r.request.user.account == account && r.request.user_name == user_name)
            return r.id;
    return std::nullopt;
}

Check check_key(const orchestrator::Survey& who, const Result<orchestrator::Survey>& survey,
                const AccessKey& signer) {
    if (who.self && signer.is_temporary())
        return problem("key", "these are temporary credentials of " + who.user_name + " itself",
                       "a key is replaced by itself or by another principal; use the user's long-term key");
    if (!survey) return problem("key", survey.error());
    return ok("key", fmt::format("{} of {} can be replaced; {}", who.old_key->text(), who.user_name,
                                 who.keys ? "there is room for a second one"
                                          : "whether there is room for a second one cannot be seen"));
}

Checks check_permissions(const orchestrator::Survey& who, const AccessKey& signer, Wiring& wiring) {
    Checks checks;
    const auto role = who.self ? Role::user : Role::administrator;
    for (const auto& p : permissions())
        if (p.needed_by(role) != Need::unused && p.action != "iam:CreateAccessKey")
            checks.push_back(check_permission(wiring.patient_doors(), signer, who, p));
    return checks;
}

// In the survey's own words where it would stop; and what it learns at its end, whether it came there or not.
Checks check_user(const Doctor& asked, Session& session, const Found& found, const CallerIdentity& identity,
                  Wiring& wiring) {
    const auto& key = found.source->key;
    const auto serial = mfa_serial_for(asked.serial_number, found.settings, *found.source);
    if (!serial) {
        Checks checks{problem("mfa", serial.error())};
        append(checks,
               unchecked_all({"key", "lock", "permissions"}, "which MFA device is meant is not known"));
        return checks;
    }
    session.mfa_prompt.give(asked.token_code);
    const auto named = asked.access_key_id ? AccessKeyId::parse(*asked.access_key_id) : std::nullopt;
    const auto survey = orchestrator::survey(
        wiring.patient_doors(), key, identity,
        {.user_name = asked.user_name, .access_key_id = named, .mfa_serial = *serial, .knock = false});

    const auto own_name = identity.user_name();
    orchestrator::Survey who{.signer = identity};
    who.self = own_name && (!asked.user_name || *asked.user_name == *own_name);
    who.user_name = asked.user_name.value_or(own_name.value_or(""));
    who.old_key = who.self ? std::optional(key.id) : named;
    if (survey) {
        who.old_key = survey->old_key;
        who.keys = survey->keys;
    }
    if (who.user_name.empty()) {
        Checks checks{check_key(who, survey, key)};
        append(checks, unchecked_all({"lock", "permissions"}, "whose key is to be rotated is not known"));
        return checks;
    }

    Checks checks{check_lock(session, identity.account, who.user_name)};
    const bool by_session = orchestrator::signs_by_session(key, *serial);
    const auto* signer = by_session ? session.mfa_sessions.of(key.id) : &key;
    if (signer == nullptr) {
        checks.push_back(problem("mfa", survey.error()));
        append(checks, unchecked_all({"key", "permissions"}, "there is no session with MFA"));
        return checks;
    }
    if (by_session) checks.push_back(ok("mfa", "the device " + *serial + " gives sessions"));
    const auto begun = unfinished_rotation(session, identity.account, who.user_name);
    checks.push_back(begun ? ok("key", fmt::format("rotation {} is replacing it", *begun))
                           : check_key(who, survey, key));
    append(checks, check_permissions(who, *signer, wiring));
    if (!asked.user_name) return checks;  // then its other places were looked for already
    const auto* home = who.self ? &*found.source : nullptr;
    checks.push_back(who.old_key ? check_other_places(*who.old_key, home, found.files, session.environment)
                                 : unchecked("same-key", "which key is to be rotated is not known"));
    return checks;
}

Checks check_identity(const Doctor& asked, Session& session, const Found& found, const Way& way) {
    const auto none_of = [](const std::string& why) {
        return unchecked_all({"identity", "key", "lock", "permissions"}, why);
    };
    if (!found.source) return none_of("there are no credentials to sign with");
    if (!way.to_sts) return none_of("sts cannot be reached");
    const std::array<std::string, 1> probes{"sts"};
    const auto wiring = Wiring::open(session, found.connection, probes, {});
    if (!wiring) return none_of(wiring.error().message);
    const auto& signer = found.source->key;
    const auto identity = orchestrator::identify((*wiring)->patient_doors(), signer);
    if (!identity) {
        auto checks = none_of("whose credentials these are is not known");
        checks.front() = problem("identity", identity.error());
        return checks;
    }
    Checks checks{ok("identity", fmt::format("{} is {}{}", identity->arn, kind_of(*identity),
                                             signer.is_temporary() ? ", by temporary credentials" : ""))};
    append(checks, way.to_iam ? check_user(asked, session, found, *identity, **wiring)
                              : unchecked_all({"key", "lock", "permissions"}, "iam cannot be reached"));
    return checks;
}

// A key that cannot be rotated may still sign, and so tell the rest.
Check find_source(Session& session, Found& found, const std::optional<std::string>& user_name) {
    const auto find = [&](KeyUse use) {
        return credentials::find_key(found.settings, session.environment, found.files, use);
    };
    auto source = find(user_name ? KeyUse::sign : KeyUse::rotate);
    const auto error = source ? std::nullopt : std::optional(source.error());
    if (!source) source = find(KeyUse::sign);
    if (source) found.source = std::move(*source);
    if (error) return problem("credentials", *error);
    auto message = fmt::format("{} from {}", found.source->key.id.text(), found.source->describe());
    if (found.source->origin == KeySource::Origin::environment || user_name)
        message += "; 'keytide rotate' is to be told with --deliver where the new key goes";
    return ok("credentials", std::move(message));
}

}  // namespace

Checks check_aws(const Doctor& asked, Session& session) {
    const auto nothing_known = [](const Error& error) {
        Checks checks{problem("configuration", error)};
        append(checks, unchecked_all({"credentials", "same-key", "iam", "sts", "s3", "clock", "identity",
                                      "key", "lock", "permissions"},
                                     "the AWS configuration cannot be read"));
        return checks;
    };
    auto files = credentials::load_profile_files(session.environment);
    if (!files) return nothing_known(files.error());
    const auto& e = session.everywhere;
    auto settings = credentials::resolve_settings({e.profile, e.region, e.endpoint_url, e.ca_bundle},
                                                  session.environment, *files);
    if (!settings) return nothing_known(settings.error());
    auto connection = connection_of(*settings);
    if (!connection) return nothing_known(connection.error());
    Found found{std::move(*files), std::move(*settings), std::nullopt, std::move(*connection)};

    Checks checks{find_source(session, found, asked.user_name)};
    if (!found.source)
        checks.push_back(unchecked("same-key", "there is no key to look for"));
    else if (!asked.user_name)
        checks.push_back(
            check_other_places(found.source->key.id, &*found.source, found.files, session.environment));
    Way way;
    append(checks, check_way(session, found.connection, way));
    append(checks, check_identity(asked, session, found, way));
    return checks;
}

}  // namespace keytide::cli
