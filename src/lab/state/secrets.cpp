#include "lab/state/secrets.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::lab {
namespace {

constexpr std::string_view current = "AWSCURRENT", previous = "AWSPREVIOUS", pending = "AWSPENDING";
constexpr std::size_t most_versions = 100;
constexpr std::size_t most_stages = 20;  // of one version

// AWSCURRENT leaves its holder, which becomes AWSPREVIOUS.
void step_back(StoredSecret& secret, SecretVersion& holder) {
    for (auto& version : secret.versions) version.stages.erase(std::string(previous));
    holder.stages.erase(std::string(current));
    holder.stages.insert(std::string(previous));
}

void give(StoredSecret& secret, std::string_view stage, SecretVersion& to) {
    auto* holder = secret.version_at(stage);
    if (holder == &to) return;
    if (holder != nullptr) {
        if (stage == current)
            step_back(secret, *holder);
        else
            holder->stages.erase(std::string(stage));
    }
    to.stages.insert(std::string(stage));
    if (stage == current) to.stages.erase(std::string(previous));
}

void forget_deprecated(StoredSecret& secret) {
    while (secret.versions.size() > most_versions) {
        const auto oldest = std::find_if(secret.versions.begin(), secret.versions.end(),
                                         [](const SecretVersion& version) { return version.stages.empty(); });
        if (oldest == secret.versions.end()) return;
        secret.versions.erase(oldest);
    }
}

std::unexpected<ServiceError> no_such_version(std::string_view id) {
    return refuse("ResourceNotFoundException",
                  fmt::format("Secrets Manager can't find the specified secret value for VersionId: {}", id),
                  400);
}

}  // namespace

SecretVersion* StoredSecret::version(std::string_view id) {
    const auto found = std::ranges::find(versions, id, &SecretVersion::id);
    return found == versions.end() ? nullptr : &*found;
}

SecretVersion* StoredSecret::version_at(std::string_view stage) {
    const auto found = std::ranges::find_if(
        versions, [&](const SecretVersion& one) { return one.stages.contains(std::string(stage)); });
    return found == versions.end() ? nullptr : &*found;
}

StoredSecret* Secrets::find(std::string_view id, Instant now) {
    std::erase_if(secrets_, [&](const auto& one) { return one->ends && *one->ends <= now; });
    const auto found = std::ranges::find_if(secrets_, [&](const auto& one) {
        return one->name == id || one->arn == id ||
               (id.starts_with("arn:") && one->arn.size() == id.size() + 7 && one->arn.starts_with(id) &&
                one->arn[id.size()] == '-');
    });
    return found == secrets_.end() ? nullptr : found->get();
}

Outcome<StoredSecret*> Secrets::named(std::string_view id, Instant now) {
    if (auto* found = find(id, now)) return found;
    return refuse("ResourceNotFoundException", "Secrets Manager can't find the specified secret.", 400);
}

Outcome<StoredSecret*> Secrets::usable(std::string_view id, Instant now) {
    auto found = named(id, now);
    if (found && (*found)->deleted)
        return refuse("InvalidRequestException",
                      "You can't perform this operation on the secret because it was marked for deletion.",
                      400);
    return found;
}

std::string Secrets::arn_of(std::string_view name, std::string_view suffix) const {
    return fmt::format("arn:aws:secretsmanager:{}:{}:secret:{}-{}", region_, account_, name, suffix);
}

std::string Secrets::arn_like(std::string_view id) const {
    if (id.starts_with("arn:")) return std::string(id);
    return fmt::format("arn:aws:secretsmanager:{}:{}:secret:{}", region_, account_, id);
}

Outcome<void> Secrets::check_free(std::string_view name, Instant now) {
    const auto* found = find(name, now);
    if (found == nullptr) return {};
    if (found->deleted)
        return refuse("InvalidRequestException",
                      "You can't create this secret because a secret with this name is already scheduled for "
                      "deletion.",
                      400);
    return refuse("ResourceExistsException",
                  fmt::format("The operation failed because the secret {} already exists.", name), 400);
}

StoredSecret& Secrets::insert(StoredSecret secret) {
    return *secrets_.emplace_back(std::make_unique<StoredSecret>(std::move(secret)));
}

void Secrets::erase(const StoredSecret& secret) {
    std::erase_if(secrets_, [&](const auto& one) { return one.get() == &secret; });
}

std::vector<StoredSecret*> Secrets::all(Instant now) {
    find("", now);
    std::vector<StoredSecret*> result;
    for (const auto& one : secrets_) result.push_back(one.get());
    return result;
}

Outcome<SecretVersion*> put_version(StoredSecret& secret, std::string_view token, SecretValue value,
                                    std::set<std::string> stages, Instant now) {
    if (auto* existing = secret.version(token)) {
        if (existing->value == value) return existing;
        return refuse("ResourceExistsException",
                      fmt::format("You can't use ClientRequestToken {} because that value is already in use "
                                  "for a version of secret {}.",
                                  token, secret.arn),
                      400);
    }
    if (stages.empty() || secret.versions.empty()) stages.insert(std::string(current));
    if (stages.size() > most_stages)
        return refuse("LimitExceededException",
                      fmt::format("A version of a secret can have at most {} staging labels.", most_stages),
                      400);
    auto* holder = secret.version_at(current);
    const bool replaces = holder != nullptr && stages.contains(std::string(current));
    // As observed of PutSecretValue on AWS: who loses AWSCURRENT to it is not AWSPENDING either.
    if (replaces) holder->stages.erase(std::string(pending));
    secret.versions.push_back({std::string(token), std::move(value), now});
    for (const auto& stage : stages) give(secret, stage, secret.versions.back());
    secret.changed = now;
    forget_deprecated(secret);
    return &secret.versions.back();
}

Outcome<void> move_stage(StoredSecret& secret, std::string_view stage, std::string_view from,
                         std::string_view to, Instant now) {
    auto* holder = secret.version_at(stage);
    auto* target = to.empty() ? nullptr : secret.version(to);
    if (!to.empty() && target == nullptr) return no_such_version(to);
    if (!from.empty() && secret.version(from) == nullptr) return no_such_version(from);
    if (to.empty() && from.empty())
        return refuse("InvalidParameterException",
                      "You must specify MoveToVersionId, RemoveFromVersionId, or both.", 400);
    if (to.empty() && stage == current)
        return refuse("InvalidParameterException",
                      "You can only move staging label AWSCURRENT to a different secret version. It can’t be "
                      "completely removed.",
                      400);
    if (holder != nullptr && holder != target && from.empty())
        return refuse("InvalidParameterException",
                      fmt::format("The parameter RemoveFromVersionId can't be empty. Staging label {} is "
                                  "currently attached to version {}, so you must explicitly reference that "
                                  "version in RemoveFromVersionId.",
                                  stage, holder->id),
                      400);
    if (!from.empty() && (holder == nullptr || holder->id != from))
        return refuse("InvalidParameterException",
                      fmt::format("Staging label {} is not attached to version {}, which RemoveFromVersionId "
                                  "names.",
                                  stage, from),
                      400);
    if (target == nullptr) {
        holder->stages.erase(std::string(stage));
    } else {
        if (target->stages.size() >= most_stages && !target->stages.contains(std::string(stage)))
            return refuse(
                "LimitExceededException",
                fmt::format("A version of a secret can have at most {} staging labels.", most_stages), 400);
        give(secret, stage, *target);
    }
    secret.changed = now;
    return {};
}

}  // namespace keytide::lab
