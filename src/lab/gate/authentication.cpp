#include "lab/gate/authentication.hpp"

#include <algorithm>

#include "lab/gate/payload.hpp"
#include "lab/gate/refusals.hpp"

namespace keytide::lab::gate {
namespace {

using signature::Carrier;
using signature::Presented;

constexpr std::size_t most_refused = 4096;

bool in_time(const Presented& presented, Instant now, Duration validity, Duration window) {
    return presented.signed_at <= now + window && now <= presented.signed_at + validity;
}

// By the real clock no signature is good for longer than the window, so that a presigned URL's end can be met
// by advancing the lab's.
bool in_time(const Presented& presented, Moment moment, Duration window) {
    const auto validity = presented.expires_after.value_or(window);
    return in_time(presented, moment.now, validity, window) ||
           in_time(presented, moment.real, std::min(validity, window), window);
}

std::string key_at_service(Service service, const std::string& access_key_id) {
    return std::string(name_of(service)) + " " + access_key_id;
}

// A long-term key, or the session that a token stands for.
struct Signer {
    const StoredKey* key = nullptr;
    std::shared_ptr<const Session> session{};

    const Secret& secret() const { return session ? session->secret : key->key.secret; }
    signature::SigningKeys& signing_keys() const {
        return session ? session->signing_keys : key->signing_keys;
    }
};

// The key that the signature is good by; null: it is not. One is kept only once it has proved itself, so that
// no stranger can fill memory.
const signature::SigningKey* verifying_key(const Presented& presented, const Request& request,
                                           std::string_view payload_hash, const Signer& signer) {
    auto& kept = signer.signing_keys();
    if (const auto* known = kept.find(presented.scope))
        return signature::verifies(presented, request, payload_hash, *known) ? known : nullptr;
    signature::SigningKey derived(signer.secret(), presented.scope);
    if (!signature::verifies(presented, request, payload_hash, derived)) return nullptr;
    kept.keep(std::move(derived));
    return kept.find(presented.scope);
}

Outcome<Signer> find_signer(Service service, const Presented& presented, Partition& partition, Instant now,
                            const misbehaviour::Delays& replica) {
    if (presented.session_token.empty()) {
        const auto seen = partition.access_keys().seen(presented.access_key_id, replica, now);
        if (!seen || seen->status != KeyStatus::active)
            return std::unexpected(unknown_key(service, presented));
        return Signer{seen->key};
    }
    auto session = partition.session_seal().open(presented.session_token);
    if (!session || session->access_key_id != presented.access_key_id)
        return std::unexpected(unknown_key(service, presented));
    if (now >= session->expires) return std::unexpected(expired_token(service, presented));
    return Signer{nullptr, std::move(session)};
}

Circumstances circumstances_of(const Request& request, Instant now) {
    const auto* agent = request.header("user-agent");
    return {now, request.source_ip, agent != nullptr ? *agent : ""};
}

// Nothing: the user or role of a session is gone.
std::optional<Caller> caller_of(const Signer& signer, const Presented& presented, Partition& partition) {
    const auto& account =
        *partition.find_account(signer.session ? signer.session->account : signer.key->account);
    Caller caller{.principal_id = signer.session ? signer.session->principal_id : signer.key->owner,
                  .account = account.id(),
                  .access_key_id = presented.access_key_id,
                  .region = presented.scope.region,
                  .session = signer.session};
    if (caller.principal_id == account.id()) {
        caller.arn = "arn:aws:iam::" + account.id() + ":root";
        caller.user_id = account.id();
        return caller;
    }
    if (const auto* user = account.users().find_by_id(caller.principal_id)) {
        caller.kind = Caller::Kind::user;
        caller.arn = user->arn;
        caller.user_id = user->id;
        caller.user_name = user->name;
        return caller;
    }
    const auto* role = account.roles().find_by_id(caller.principal_id);
    if (role == nullptr) return std::nullopt;
    caller.kind = Caller::Kind::role_session;
    caller.arn = "arn:aws:sts::" + account.id() + ":assumed-role/" + role->name + "/" + signer.session->name;
    caller.user_id = role->id + ":" + signer.session->name;
    return caller;
}

}  // namespace

bool Authenticator::is_still_refused(Service service, const std::string& access_key_id, Instant now) const {
    if (refused_until_.empty()) return false;
    const auto found = refused_until_.find(key_at_service(service, access_key_id));
    return found != refused_until_.end() && now < found->second;
}

void Authenticator::refuse_until(Service service, const std::string& access_key_id, Instant end) {
    if (refused_until_.size() >= most_refused) refused_until_.clear();
    refused_until_.insert_or_assign(key_at_service(service, access_key_id), end);
}

Outcome<Caller> Authenticator::authenticate(const Claim& claim, Request& request, Service service,
                                            Partition& partition, Moment moment,
                                            const misbehaviour::Delays& replica) {
    if (!claim) {
        const auto carrier = request.header("authorization") != nullptr ? Carrier::header : Carrier::query;
        return std::unexpected(not_presented(service, claim.error(), carrier));
    }
    const Presented& presented = *claim;

    auto signer = find_signer(service, presented, partition, moment.now, replica);
    if (!signer) return std::unexpected(signer.error());
    if (!in_time(presented, moment, window_))
        return std::unexpected(out_of_time(service, presented, moment.now, window_));
    if (presented.scope.service != name_of(service))
        return std::unexpected(wrong_scope_service(service, presented));
    if (!presented.date.starts_with(presented.scope.date))
        return std::unexpected(wrong_scope_date(service, presented));
    auto unsigned_headers = signature::headers_not_signed(presented, request);
    if (service != Service::s3)
        std::erase_if(unsigned_headers, [](const auto& name) { return name != "host"; });
    if (!unsigned_headers.empty()) return std::unexpected(headers_unsigned(service, unsigned_headers));

    const auto payload_hash = promised_payload(request, service, presented.carrier);
    if (!payload_hash) return std::unexpected(payload_hash.error());
    if (is_still_refused(service, presented.access_key_id, moment.now))
        return std::unexpected(wrong_signature(service, presented, request, *payload_hash));
    const auto* signing_key = verifying_key(presented, request, *payload_hash, *signer);
    if (signing_key == nullptr) {
        if (replica.wrong_secret > Duration{0})
            refuse_until(service, presented.access_key_id, moment.now + replica.wrong_secret);
        return std::unexpected(wrong_signature(service, presented, request, *payload_hash));
    }
    if (service == Service::s3)
        if (auto settled = settle_payload(request, *payload_hash, presented, *signing_key); !settled)
            return std::unexpected(settled.error());

    auto caller = caller_of(*signer, presented, partition);
    if (!caller) return std::unexpected(unknown_key(service, presented));
    caller->circumstances = circumstances_of(request, moment.now);
    if (signer->key != nullptr)
        partition.access_keys().record_use(presented.access_key_id, moment.now, name_of(service),
                                           presented.scope.region);
    return std::move(*caller);
}

}  // namespace keytide::lab::gate
