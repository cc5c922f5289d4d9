#include "destinations/secretsmanager_destination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "destinations/json_secret.hpp"
#include "destinations/store_calls.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

constexpr std::string_view current = "AWSCURRENT", pending = "AWSPENDING";

// What the secret holds now.
struct Held {
    std::string version;  // empty: the secret has no value yet
    WipedString text{};
    std::optional<AccessKey> key{};
};

// What is known of the secret without its value.
struct Described {
    std::string arn, pending_version;  // the latter empty: no version is AWSPENDING
};

class SecretsManagerDestination final : public Destination {
public:
    SecretsManagerDestination(const DestinationUri& uri, aws::JsonService store)
        : uri_(uri.text()),
          name_(uri.path),
          names_{uri.value("id"), uri.value("secret")},
          calls_(std::move(store), "secretsmanager", "secretsmanager:" + uri.path) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override {
        return {.readable = true, .restorable = true, .atomic = true, .is_signed = true};
    }
    void sign_with(const AccessKey& signer, Instant at) override { calls_.sign_with(signer, at); }
    bool asks_for_patience() const override { return calls_.asks_for_patience(); }

    Result<std::optional<AccessKey>> read() override {
        auto held = look(std::string(current));
        if (!held) return std::unexpected(held.error().error);
        return std::move(held->key);
    }

    Result<void> check_writable() override {
        const auto described = describe();
        if (!described) return std::unexpected(described.error().error);
        const auto held = look(std::string(current));
        if (!held) return std::unexpected(held.error().error);
        if (auto free = check_pending(*described, *held, {}, {}); !free) return free;
        // Without a value, and without a version: nothing can come of either.
        if (auto allowed = calls_.check_allowed("PutSecretValue", {secret_id()}); !allowed) return allowed;
        return calls_.check_allowed("UpdateSecretVersionStage", {secret_id(), stage(current)});
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        const auto described = describe();
        if (!described) return DeliverRefused{described.error().error};
        const auto held = look(std::string(current));
        if (!held) return DeliverRefused{held.error().error};
        if (held->key && held->key->same_as(key) && held->key->session_token.empty()) return DeliverDone{};
        if (held->key && std::ranges::find(replaceable, held->key->id) == replaceable.end())
            return DeliverStranger{held->key->id};
        const auto text = json_with_key(held->text, names_, key, calls_.where());
        if (!text) return DeliverRefused{text.error()};

        // The version that is replaced and the key say what the new one holds, so that the same delivery,
        // made again, makes the same version.
        const auto token = aws::request_token({described->arn, held->version, key.id.text()});
        if (auto free = check_pending(*described, *held, token, replaceable); !free)
            return DeliverRefused{free.error()};
        const auto put = calls_.change("PutSecretValue", {secret_id(),
                                                          {"ClientRequestToken", json_text(token)},
                                                          {"SecretString", json_text(*text)},
                                                          {"VersionStages", stages_of(*held)}});
        if (!put) return put.error().answer();
        const auto written = look(token);
        if (!written) return DeliverUnknown{written.error().error};
        if (!written->key || !written->key->same_as(key))
            return DeliverUnknown{
                {ErrorKind::failed,
                 calls_.where() + ": the version " + token + " holds something else than what was put", ""}};
        if (held->version.empty()) return DeliverDone{};  // the first version is AWSCURRENT by itself
        return make_current(token, *held, key, replaceable);
    }

private:
    std::pair<std::string_view, WipedString> secret_id() const { return {"SecretId", json_text(name_)}; }
    static std::pair<std::string_view, WipedString> stage(std::string_view name) {
        return {"VersionStage", json_text(name)};
    }
    static WipedString stages_of(const Held& held) {
        return "[" + json_text(held.version.empty() ? current : pending) + "]";
    }

    DeliverAnswer make_current(const std::string& token, const Held& before, const AccessKey& key,
                               std::span<const AccessKeyId> replaceable) {
        const auto moved =
            calls_.change("UpdateSecretVersionStage", {secret_id(),
                                                       stage(current),
                                                       {"MoveToVersionId", json_text(token)},
                                                       {"RemoveFromVersionId", json_text(before.version)}});
        if (moved) return DeliverDone{};
        if (moved.error().code != "InvalidParameterException") return moved.error().answer();
        // It is not where we saw it: somebody was faster.
        const auto now = look(std::string(current));
        if (!now) return DeliverUnknown{now.error().error};
        if (now->key && now->key->same_as(key)) return DeliverDone{};
        if (now->key && std::ranges::find(replaceable, now->key->id) == replaceable.end())
            return DeliverStranger{now->key->id};
        return moved.error().answer();
    }

    // `which` is a label or the id of a version.
    std::expected<Held, StoreTrouble> look(const std::string& which) {
        const bool is_label = which == current;
        aws::JsonMembers asked{secret_id()};
        asked.emplace_back(is_label ? "VersionStage" : "VersionId", json_text(which));
        const auto answer = calls_.read("GetSecretValue", asked);
        if (!answer) {
            const auto& trouble = answer.error();
            const bool has_no_value = trouble.code == "ResourceNotFoundException" &&
                                      trouble.error.message.find("staging label") != std::string::npos;
            if (is_label && has_no_value) return Held{};
            return std::unexpected(with_hint(trouble));
        }
        const auto text = answer->text("/SecretString");
        if (!text)
            return std::unexpected(StoreTrouble{"",
                                                true,
                                                {ErrorKind::usage, calls_.where() + " holds a binary value",
                                                 "a key is put into a JSON object: choose another secret"}});
        Held held{std::string(answer->text("/VersionId").value_or("")), WipedString(*text)};
        auto key = key_in_json(held.text, names_, calls_.where());
        if (!key) return std::unexpected(StoreTrouble{"", true, key.error()});
        held.key = std::move(*key);
        return held;
    }

    std::expected<Described, StoreTrouble> describe() {
        const auto answer = calls_.read("DescribeSecret", {secret_id()});
        if (!answer) return std::unexpected(with_hint(answer.error()));
        const auto refused = [&](std::string what, std::string hint) {
            return std::unexpected(StoreTrouble{
                "", true, {ErrorKind::usage, calls_.where() + " " + std::move(what), std::move(hint)}});
        };
        if (answer->has("/DeletedDate")) return refused("is marked for deletion", how_to_restore());
        if (answer->is_true("/RotationEnabled"))
            return refused("is rotated by Secrets Manager itself",
                           "two that rotate one secret would undo each other: cancel one");
        Described result{std::string(answer->text("/ARN").value_or("")), ""};
        for (const auto& version : answer->names("/VersionIdsToStages"))
            if (answer->lists("/VersionIdsToStages/" + version, pending)) result.pending_version = version;
        return result;
    }

    // AWSPENDING on a version that is neither current nor ours is somebody's rotation that is under way.
    Result<void> check_pending(const Described& described, const Held& held, const std::string& token,
                               std::span<const AccessKeyId> ours) {
        const auto& version = described.pending_version;
        if (version.empty() || version == held.version || version == token) return {};
        const auto put_before = look(version);
        if (put_before && put_before->key && std::ranges::find(ours, put_before->key->id) != ours.end())
            return {};
        return failed(
            calls_.where() + ": its version " + version + " is AWSPENDING, and is not of this rotation",
            "let whoever rotates it finish, or take the label away: aws secretsmanager "
            "update-secret-version-stage --secret-id " +
                name_ + " --version-stage AWSPENDING --remove-from-version-id " + version);
    }

    std::string how_to_restore() const {
        return "bring it back: aws secretsmanager restore-secret --secret-id " + name_;
    }

    StoreTrouble with_hint(StoreTrouble trouble) const {
        auto& hint = trouble.error.hint;
        if (trouble.code == "ResourceNotFoundException" && hint.empty())
            hint =
                "make it first: aws secretsmanager create-secret --name " + name_ + " --secret-string '{}'";
        if (trouble.code == "InvalidRequestException" && hint.empty()) hint = how_to_restore();
        return trouble;
    }

    std::string uri_, name_;
    JsonNames names_;
    StoreCalls calls_;
};

}  // namespace

std::unique_ptr<Destination> secretsmanager_destination(const DestinationUri& uri, aws::JsonService store) {
    return std::make_unique<SecretsManagerDestination>(uri, std::move(store));
}

}  // namespace keytide::destinations
