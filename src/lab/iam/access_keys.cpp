#include "lab/iam/access_keys.hpp"

#include <algorithm>
#include <vector>

#include "lab/constraints.hpp"
#include "lab/iam/paging.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::iam {
namespace {

ServiceError no_such_key(std::string_view id) {
    return {"NoSuchEntity", "The Access Key with id " + std::string(id) + " cannot be found.", 404};
}

// Authorised on the user, the two names are what names can be, and the replica has heard of the key.
Outcome<void> admit(const Call& call, std::string_view action) {
    if (auto allowed = call.authorise_on_user(action); !allowed) return allowed;
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid) return valid;
    auto id = call.required("AccessKeyId", "accessKeyId");
    if (!id) return std::unexpected(id.error());
    if (auto valid = check_access_key_id(*id); !valid) return valid;
    if (call.replica.writes > Duration{0} &&
        !call.account.has_heard_of_key(*id, call.replica.writes, call.now))
        return std::unexpected(no_such_key(*id));
    return {};
}

}  // namespace

ActionResult create_access_key(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:CreateAccessKey"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid)
        return std::unexpected(valid.error());
    if (auto heard = call.check_heard_of_user(call.replica.writes); !heard)
        return std::unexpected(heard.error());
    auto created = call.account.create_access_key(call.user_name(), call.now);
    if (!created) return std::unexpected(created.error());
    const auto& stored = **created;
    XmlWriter xml;
    xml.open("AccessKey").leaf("UserName", call.user_name()).leaf("AccessKeyId", stored.key.id.text());
    xml.leaf("Status", to_text(stored.status)).leaf("SecretAccessKey", stored.key.secret.reveal());
    return xml.leaf("CreateDate", to_rfc3339(stored.created)).close("AccessKey").take();
}

ActionResult list_access_keys(const Call& call) {
    if (auto allowed = call.authorise_on_user("iam:ListAccessKeys"); !allowed)
        return std::unexpected(allowed.error());
    if (auto valid = call.check_user_name(Call::Absent::means_caller); !valid)
        return std::unexpected(valid.error());
    auto keys = call.account.access_keys_as_of(call.user_name(), call.replica.reads, call.now);
    if (!keys) return std::unexpected(keys.error());
    const auto id_of = [](const AccessKeys::Seen& seen) -> const std::string& {
        return seen.key->key.id.text();
    };
    std::sort(keys->begin(), keys->end(), [&](const auto& a, const auto& b) { return id_of(a) < id_of(b); });
    std::vector<std::string> ids;
    for (const auto& key : *keys) ids.push_back(id_of(key));
    auto page = page_of(call.parameters, ids);
    if (!page) return std::unexpected(page.error());
    XmlWriter xml;
    xml.open("AccessKeyMetadata");
    for (std::size_t i = page->begin; i < page->end; ++i) {
        const auto& [key, status] = (*keys)[i];
        xml.open("member");
        if (!call.user_name().empty()) xml.leaf("UserName", call.user_name());
        xml.leaf("AccessKeyId", ids[i]).leaf("Status", to_text(status));
        xml.leaf("CreateDate", to_rfc3339(key->created)).close("member");
    }
    xml.close("AccessKeyMetadata");
    page->append_to(xml);
    return xml.take();
}

ActionResult update_access_key(const Call& call) {
    if (auto admitted = admit(call, "iam:UpdateAccessKey"); !admitted)
        return std::unexpected(admitted.error());
    auto status = call.required("Status", "status");
    if (!status) return std::unexpected(status.error());
    if (*status != "Active" && *status != "Inactive")
        return std::unexpected(
            constraint_violated("status", "Member must satisfy enum value set: [Active, Inactive]"));
    auto updated = call.account.update_access_key(
        call.user_name(), call.parameters.get("AccessKeyId"),
        *status == "Active" ? KeyStatus::active : KeyStatus::inactive, call.now);
    if (!updated) return std::unexpected(updated.error());
    return no_result();
}

ActionResult delete_access_key(const Call& call) {
    if (auto admitted = admit(call, "iam:DeleteAccessKey"); !admitted)
        return std::unexpected(admitted.error());
    auto deleted =
        call.account.delete_access_key(call.user_name(), call.parameters.get("AccessKeyId"), call.now);
    if (!deleted) return std::unexpected(deleted.error());
    return no_result();
}

// Authorised on the key's owner, although the refusal names the key. A key that is nobody's is refused to all
// but those who may ask about every user.
ActionResult get_access_key_last_used(const Call& call) {
    const auto id = call.parameters.get("AccessKeyId");
    const auto* stored = call.account.find_access_key(id);
    const auto owner = stored != nullptr ? call.account.owner_name(*stored) : std::string_view{};
    auto allowed = gate::authorise(call.account, call.caller, "iam:GetAccessKeyLastUsed",
                                   {call.account.users().arn_of(owner), "access key " + std::string(id)});
    if (!allowed) return std::unexpected(allowed.error());
    if (auto given = call.required("AccessKeyId", "accessKeyId"); !given)
        return std::unexpected(given.error());
    if (auto valid = check_access_key_id(id); !valid) return std::unexpected(valid.error());
    if (stored == nullptr || !call.account.has_heard_of_key(id, call.replica.reads, call.now))
        return std::unexpected(no_such_key(id));
    XmlWriter xml;
    if (!owner.empty()) xml.leaf("UserName", owner);
    xml.open("AccessKeyLastUsed");
    if (const auto use = call.account.key_use_as_of(*stored, call.replica.last_used, call.now)) {
        xml.leaf("LastUsedDate", to_rfc3339(use->at))
            .leaf("ServiceName", use->service)
            .leaf("Region", use->region);
    } else {
        xml.leaf("ServiceName", "N/A").leaf("Region", "N/A");
    }
    return xml.close("AccessKeyLastUsed").take();
}

}  // namespace keytide::lab::iam
