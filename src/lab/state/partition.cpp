#include "lab/state/partition.hpp"

namespace keytide::lab {

Partition::Partition(Quotas quotas, Randomness randomness)
    : quotas_(quotas),
      randomness_(std::move(randomness)),
      buckets_(quotas.buckets),
      session_seal_(randomness_) {}

Account& Partition::open_account(const AccountId& id, std::string region, std::optional<AccessKey> root_key,
                                 Instant now) {
    if (!root_key)
        root_key = AccessKey{draw_access_key_id(randomness_, id), draw_secret(randomness_), Secret()};
    const auto& key = access_keys_.adopt(std::move(*root_key), id, id, now);
    return accounts_
        .try_emplace(id, id, std::move(region), quotas_, randomness_,
                     Account::Shared{access_keys_, buckets_, aws_managed_policies_, aliases_,
                                     [this](std::string_view arn) { return find_principal(arn); }},
                     now, key.key.id.text())
        .first->second;
}

Account* Partition::find_account(std::string_view id) {
    const auto found = accounts_.find(id);
    return found == accounts_.end() ? nullptr : &found->second;
}

std::optional<std::string> Partition::find_principal(std::string_view text) {
    const auto arn = Arn::parse(text);
    auto* account = arn ? find_account(arn->account) : nullptr;
    if (account == nullptr || arn->service != "iam") return std::nullopt;
    const auto name = std::string_view(arn->resource).substr(arn->resource.rfind('/') + 1);
    if (const auto* user = account->users().find(name); user != nullptr && user->arn == text) return user->id;
    if (const auto* role = account->roles().find(name); role != nullptr && role->arn == text) return role->id;
    return std::nullopt;
}

}  // namespace keytide::lab
