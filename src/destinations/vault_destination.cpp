#include "destinations/vault_destination.hpp"

#include <fmt/format.h>

#include "credentials/regular_file.hpp"
#include "destinations/held_pair.hpp"
#include "destinations/json_service.hpp"
#include "destinations/json_values.hpp"
#include "destinations/pointer.hpp"
#include "destinations/versioned_place.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

// Up to the first slash, where no longer one is named.
std::string mount_of(const DestinationUri& uri) {
    const auto named = uri.value("mount");
    return named.empty() ? uri.path.substr(0, uri.path.find('/')) : named;
}

class VaultSecret final : public VersionedStore {
public:
    VaultSecret(const DestinationUri& uri, Means means)
        : place_(uri.text()), uri_(uri), means_(std::move(means)) {
        const auto mount = mount_of(uri);
        const auto path = uri.value("mount").empty() ? uri.path.substr(mount.size() + 1) : uri.path;
        path_ = "/v1/" + path_segment(mount, true) + "/data/" + path_segment(path, true);
    }

    Told<Versioned> read() override {
        auto service = log_in();
        if (!service) return std::unexpected(service.error());
        const auto reply = service->call({"GET", path_});
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 404) {
            const auto data = token_in_json(reply->body, "/data/metadata", place_);
            if (data && *data)
                return service->refuse("its latest version was deleted", "undelete it, or write it anew");
            return service->refuse("there is no such secret, or no KV engine of version 2",
                                   "make it with empty values first: Keytide changes secrets and makes none");
        }
        if (reply->status != 200)
            return service->refuse(fmt::format("the status {} was not expected", reply->status));
        const auto data = token_in_json(reply->body, "/data/data", place_);
        const auto version = token_in_json(reply->body, "/data/metadata/version", place_);
        if (!data || !*data || !(*data)->starts_with('{') || !version || !*version)
            return service->refuse("the answer is not that of a KV engine of version 2");
        const auto id = value(**data, "id");
        if (!id) return std::unexpected(Trouble{id.error()});
        const auto secret = value(**data, "secret");
        if (!secret) return std::unexpected(Trouble{secret.error()});
        auto key = held_pair({uri_.value("id"), *id}, {uri_.value("secret"), *secret}, place_);
        if (!key) return std::unexpected(Trouble{key.error()});
        return Versioned{std::move(*key), std::string(**version), WipedString(**data)};
    }

    // All of the data goes back, since a write of this engine replaces it; the version keeps it from
    // overwriting what somebody else wrote meanwhile.
    Told<void> write(const Versioned& seen, const AccessKey& key) override {
        auto service = log_in();
        if (!service) return std::unexpected(service.error());
        auto data = json_with_member(seen.rest, uri_.value("id"), key.id.text(), place_);
        if (data) data = json_with_member(*data, uri_.value("secret"), key.secret.reveal(), place_);
        if (!data) return std::unexpected(Trouble{data.error()});
        JsonCall call{"POST", path_};
        call.body.append(R"({"options":{"cas":)").append(seen.version).append(R"(},"data":)");
        call.body.append(*data).append("}");
        const auto reply = service->call(call);
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 200) return {};
        if (reply->status == 400 && reply->body.find("check-and-set") != WipedString::npos)
            return service->refuse("somebody else wrote it in the same moment");
        return service->refuse(fmt::format("the write was refused with status {}", reply->status));
    }

    // Vault tells what a token may do.
    // https://developer.hashicorp.com/vault/api-docs/system/capabilities-self
    Told<void> check_writable() override {
        if (const auto seen = read(); !seen) return std::unexpected(seen.error());
        auto service = log_in();
        if (!service) return std::unexpected(service.error());
        JsonCall call{"POST", "/v1/sys/capabilities-self"};
        call.body.append(R"({"paths":[)").append(json_text(path_.substr(4))).append("]}");
        const auto reply = service->call(call);
        if (!reply && reply.error().may_have_happened) return std::unexpected(reply.error());
        if (!reply || reply->status != 200) return {};  // a token need not be allowed to ask
        const auto list = token_in_json(reply->body, "/data/capabilities", place_);
        if (!list || !*list) return {};
        for (const auto* enough : {"\"update\"", "\"root\""})
            if ((*list)->find(enough) != std::string_view::npos) return {};
        return service->refuse("the token may not update it",
                               "its policy needs 'update' on " + path_.substr(4));
    }

private:
    Result<WipedString> value(std::string_view data, std::string_view parameter) const {
        const auto held = optional_in_json(data, pointer_to(uri_.value(parameter)), place_);
        if (!held) return std::unexpected(held.error());
        return held->value_or(WipedString());
    }

    // The token is looked for anew at every call: an agent renews it. Where the vault command keeps it:
    // https://developer.hashicorp.com/vault/docs/commands/token-helper
    Told<JsonService> log_in() const {
        std::vector<signature::HeaderField> headers{{"X-Vault-Request", "true"}};
        if (const auto space = uri_.value("namespace"); !space.empty())
            headers.push_back({"X-Vault-Namespace", space});
        std::string token;
        if (const auto given = credentials::non_empty(means_.origin.environment, "VAULT_TOKEN")) {
            token = *given;
        } else if (const auto kept = credentials::read_regular_file(means_.origin.home + "/.vault-token");
                   kept && *kept) {
            token = (*kept)->bytes;
            token.erase(token.find_last_not_of(" \t\r\n") + 1);
        }
        const bool has_token = !token.empty();
        headers.push_back({"X-Vault-Token", std::move(token)});
        JsonService service(place_, uri_.value("address"), means_.connect({}), std::move(headers));
        if (!has_token)
            return service.refuse("there is no token for it",
                                  "set VAULT_TOKEN, or log in with the vault command");
        return service;
    }

    std::string place_;
    DestinationUri uri_;
    Means means_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<ports::Destination>> vault_destination(const DestinationUri& uri, const Means& means) {
    const bool has_mount = uri.parameters.contains("mount") || uri.path.find('/') != std::string::npos;
    if (!has_mount || uri.path.starts_with('/') || uri.path.find("//") != std::string::npos)
        return usage_error(fmt::format("'{}' names no secret of Vault", uri.text()),
                           "write it as vault:MOUNT/PATH");
    return versioned_place(uri.text(), std::make_unique<VaultSecret>(uri, means));
}

}  // namespace keytide::destinations
