#include "cli/plan.hpp"

#include <fmt/format.h>

#include "cli/words.hpp"
#include "rotation/explain.hpp"

namespace keytide::cli {
namespace {

using namespace rotation;

std::string call_of(const std::string& probe) {
    if (probe == "sts") return "sts:GetCallerIdentity";
    if (probe == "s3:list-buckets") return "s3:ListBuckets";
    return probe.substr(probe.find(':') + 1);
}

}  // namespace

Plan plan(const Request& r) {
    Plan p;
    const bool lists = !skips(r, Guarantee::list);
    const auto old_key = r.old_key ? r.old_key->text() : "";
    const auto first_signer = r.self ? old_key : r.administrator.arn;
    const auto last_signer = r.self ? "the new key" : r.administrator.arn;
    const auto times =
        fmt::format("{} times in a row over at least {}", r.numbers.steady, to_text(r.numbers.spread));
    const auto step = [&](std::string text) { p.steps.push_back(std::move(text)); };

    const std::string denied = lists ? "" : " (which is not allowed)";
    const auto list_keys = [&](const std::string& why) {
        step(fmt::format("call iam:ListAccessKeys for {}, signed by {}{}{}", r.user_name, first_signer, why,
                         denied));
    };
    step(fmt::format("call sts:GetCallerIdentity, signed by {}, to learn whose key signs", first_signer));
    const auto mint = [&](const std::string& signer) {
        if (!r.mfa_serial.empty())
            step(fmt::format(
                "call sts:GetSessionToken, signed by {}, with a code of {}: the session signs what "
                "{} is said to sign below, but for the probes",
                signer, r.mfa_serial, signer));
    };
    mint(first_signer);
    if (!r.self) step(fmt::format("call iam:GetUser for {}, signed by {}", r.user_name, first_signer));
    list_keys(", to see both slots");
    step(
        fmt::format("call iam:DeleteAccessKey for AKIA0000000000000000 of {}, signed by {}: no key has this "
                    "id, and the answer tells whether deleting is allowed",
                    r.user_name, first_signer));
    step(fmt::format(
        "call iam:UpdateAccessKey for the same id, signed by {}, to learn whether deactivating is allowed",
        first_signer));
    if (r.old_key)
        step(fmt::format(
            "call iam:GetAccessKeyLastUsed for {}, signed by {}, to learn whether that is allowed", old_key,
            first_signer));
    list_keys(", once more under the lock");
    step(fmt::format("call iam:CreateAccessKey for {}, signed by {}, and seal the secret", r.user_name,
                     first_signer));
    for (const auto& probe : r.probes)
        step(fmt::format("call {} with the new key until it is accepted {}", call_of(probe), times));
    for (const auto& uri : r.destinations) {
        if (is_notice(uri)) {
            step(fmt::format("tell {}, which is given no secret", uri));
            continue;
        }
        step(fmt::format("write the new key to {}{}, and read it back{}", uri,
                         r.old_key ? " in place of " + old_key : "",
                         skips(r, Guarantee::compare) ? " where it can be read" : ""));
    }
    if (!r.old_key) return p;
    if (r.numbers.grace > Duration{0})
        step(fmt::format("keep both keys Active for {}", to_text(r.numbers.grace)));
    if (r.numbers.quiet > Duration{0})
        step(fmt::format("wait until last-used data shows {} unused for {}", old_key,
                         to_text(r.numbers.quiet)));
    if (!r.compromised)
        step(
            "wait until credentials that Keytide handed out with the old key have expired, if there are any");
    if (r.self) mint(last_signer);
    const auto evidence =
        fmt::format("call sts:GetCallerIdentity with the new key{}, and read the destinations",
                    lists ? fmt::format(" and iam:ListAccessKeys for {}", r.user_name) : "");
    step(evidence);
    step(fmt::format("call iam:UpdateAccessKey to make {} Inactive, signed by {}, where that is allowed",
                     old_key, last_signer));
    if (r.numbers.soak > Duration{0}) step(fmt::format("keep it Inactive for {}", to_text(r.numbers.soak)));
    step(evidence + " once more, where that is allowed");
    step(fmt::format("call iam:DeleteAccessKey for {} of {}, signed by {}", old_key, r.user_name,
                     last_signer));
    for (const auto& probe : r.probes)
        if (r.self && !probe.starts_with("exec:"))
            step(fmt::format("call {} with {} until it is refused {}", call_of(probe), old_key, times));
    if (lists)
        step(
            fmt::format("call iam:ListAccessKeys for {} until {} is absent {}", r.user_name, old_key, times));
    for (const auto guarantee : r.consent.skipped) p.skipped.push_back(in_words(guarantee));
    return p;
}

}  // namespace keytide::cli
