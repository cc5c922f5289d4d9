#include "lab/sts/sts.hpp"

#include <fmt/format.h>

#include <array>

#include "lab/constraints.hpp"
#include "lab/gate/authorisation.hpp"
#include "lab/gate/service.hpp"
#include "lab/state/stored_time.hpp"
#include "lab/sts/assume_role.hpp"
#include "lab/sts/call.hpp"

namespace keytide::lab::sts {
namespace {

// No policy can deny it. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
ActionResult get_caller_identity(const Call& call) {
    XmlWriter xml;
    xml.leaf("Arn", call.caller.arn).leaf("UserId", call.caller.user_id);
    return xml.leaf("Account", call.caller.account).take();
}

// Needs no permission. https://docs.aws.amazon.com/STS/latest/APIReference/API_GetSessionToken.html
ActionResult get_session_token(const Call& call) {
    constexpr std::int64_t otherwise = 43'200, longest = 129'600, roots = 3600;  // seconds
    auto duration = call.duration(otherwise, longest);
    if (!duration) return std::unexpected(duration.error());
    auto with_mfa = call.mfa();
    if (!with_mfa) return std::unexpected(with_mfa.error());
    if (call.caller.is_root()) duration = std::min(*duration, std::chrono::seconds(roots));
    const auto now = stored_time(call.now);
    XmlWriter xml;
    call.append_credentials(xml, {.access_key_id = {},
                                  .secret = {},
                                  .account = call.caller.account,
                                  .principal_id = call.caller.principal_id,
                                  .issued = now,
                                  .expires = now + *duration,
                                  .with_mfa = *with_mfa});
    return xml.take();
}

// https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
ActionResult get_access_key_info(const Call& call) {
    if (auto allowed =
            gate::authorise(call.account(), call.caller, "sts:GetAccessKeyInfo", gate::by_arn("*"));
        !allowed)
        return std::unexpected(allowed.error());
    auto id = call.required("AccessKeyId", "accessKeyId", 16, 128);
    if (!id) return std::unexpected(id.error());
    if (auto valid = check_access_key_id(*id); !valid) return std::unexpected(valid.error());
    XmlWriter xml;
    if (const auto* stored = call.partition.access_keys().find(*id))
        return xml.leaf("Account", stored->account).take();
    const auto read = AccessKeyId::parse(*id);
    const auto account = read ? read->account() : std::nullopt;
    if (!account)
        return refuse("ValidationError", fmt::format("The access key ID {} is not valid.", *id), 400);
    return xml.leaf("Account", *account).take();
}

struct Action {
    std::string_view name;
    ActionResult (*serve)(const Call&);
    bool serves_user_sessions;  // those of GetSessionToken
};

constexpr std::array<Action, 4> actions{{
    {"GetCallerIdentity", get_caller_identity, true},
    {"AssumeRole", assume_role, true},
    {"GetSessionToken", get_session_token, false},
    {"GetAccessKeyInfo", get_access_key_info, false},
}};

}  // namespace

ActionResult serve(Partition& partition, const Caller& caller, const Parameters& parameters, Instant now,
                   const EarlierOfRole& earlier) {
    const auto name = parameters.get("Action");
    for (const auto& action : actions) {
        if (action.name != name) continue;
        const bool refuses_sessions = caller.session && !action.serves_user_sessions &&
                                      (!caller.session->is_roles() || name == "GetSessionToken");
        if (refuses_sessions)
            return refuse("AccessDenied", fmt::format("Cannot call {} with session credentials", name), 403);
        return action.serve({partition, caller, parameters, now, earlier});
    }
    return std::unexpected(unknown_action(name, gate::version_of(gate::Service::sts)));
}

}  // namespace keytide::lab::sts
