#include "destinations/kubernetes_destination.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "destinations/base64.hpp"
#include "destinations/held_pair.hpp"
#include "destinations/json_service.hpp"
#include "destinations/json_values.hpp"
#include "destinations/kubernetes_access.hpp"
#include "destinations/pointer.hpp"
#include "destinations/versioned_place.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

class KubernetesSecret final : public VersionedStore {
public:
    KubernetesSecret(const DestinationUri& uri, Means means)
        : place_(uri.text()), uri_(uri), means_(std::move(means)) {
        const auto slash = uri.path.find('/');
        path_ = "/api/v1/namespaces/" + path_segment(uri.path.substr(0, slash)) + "/secrets/" +
                path_segment(uri.path.substr(slash + 1));
    }

    Told<Versioned> read() override {
        auto service = log_in();
        if (!service) return std::unexpected(service.error());
        const auto reply = service->call({"GET", path_});
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 404)
            return service->refuse("there is no such Secret",
                                   "make it first: Keytide changes Secrets and makes none");
        if (reply->status != 200)
            return service->refuse(fmt::format("the status {} was not expected", reply->status));
        const auto version = optional_in_json(reply->body, "/metadata/resourceVersion", place_);
        if (!version || !*version) return service->refuse("the answer is not that of a Secret");
        const auto id = value(reply->body, "id");
        if (!id) return std::unexpected(Trouble{id.error()});
        const auto secret = value(reply->body, "secret");
        if (!secret) return std::unexpected(Trouble{secret.error()});
        auto key = held_pair({uri_.value("id"), *id}, {uri_.value("secret"), *secret}, place_);
        if (!key) return std::unexpected(Trouble{key.error()});
        return Versioned{std::move(*key), std::string(**version), {}};
    }

    Told<void> write(const Versioned& seen, const AccessKey& key) override {
        WipedString data(R"("data":{)");
        data.append(json_text(uri_.value("id"))).append(":").append(json_text(to_base64(key.id.text())));
        data.append(",").append(json_text(uri_.value("secret"))).append(":");
        data.append(json_text(to_base64(key.secret.reveal()))).append("}");
        return patch("?fieldManager=keytide", seen.version, data);
    }

    // A patch that changes nothing and is not kept tells whether one would be let in.
    // https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
    Told<void> check_writable() override {
        const auto seen = read();
        if (!seen) return std::unexpected(seen.error());
        return patch("?fieldManager=keytide&dryRun=All", seen->version, "");
    }

private:
    // A merge patch (RFC 7396) touches what it names; with the version it is refused when that is not the
    // present one.
    Told<void> patch(std::string_view query, const std::string& version, std::string_view data) {
        auto service = log_in();
        if (!service) return std::unexpected(service.error());
        JsonCall call{"PATCH", path_ + std::string(query), {}, "application/merge-patch+json"};
        call.body.append(R"({"metadata":{"resourceVersion":)").append(json_text(version)).append("}");
        if (!data.empty()) call.body.append(",").append(data);
        call.body.append("}");
        const auto reply = service->call(call);
        if (!reply) return std::unexpected(reply.error());
        switch (reply->status) {
            case 200: return {};
            case 404: return service->refuse("there is no such Secret any more");
            case 409: return service->refuse("somebody else changed it in the same moment");
            case 422:
                return service->refuse("the cluster refuses the change (422)",
                                       "an immutable Secret cannot be changed");
            default:
                return service->refuse(fmt::format("the change was refused with status {}", reply->status));
        }
    }

    Result<WipedString> value(std::string_view secret, std::string_view parameter) const {
        const auto pointer = "/data" + pointer_to(uri_.value(parameter));
        const auto data = token_in_json(secret, "/data", place_);
        if (!data) return std::unexpected(data.error());
        if (!*data || **data == "null") return WipedString();
        const auto held = optional_in_json(secret, pointer, place_);
        if (!held) return std::unexpected(held.error());
        auto bytes = from_base64(held->value_or(WipedString()));
        if (!bytes) return failed(fmt::format("{}: {} is not base64", place_, uri_.value(parameter)));
        return std::move(*bytes);
    }

    // Anew at every call: tokens are renewed, and plugins remember theirs.
    Told<JsonService> log_in() const {
        const auto& origin = means_.origin;
        const auto context = uri_.value("context");
        const auto named = uri_.value("kubeconfig");
        auto access =
            context.empty()
                ? access_in_cluster(origin.environment, "/var/run/secrets/kubernetes.io/serviceaccount")
                : access_by_kubeconfig(named.empty() ? origin.home + "/.kube/config" : named, context,
                                       means_.interrupted);
        if (!access) {
            auto error = access.error();
            error.message = place_ + ": " + error.message;
            return std::unexpected(Trouble{error});
        }
        std::vector<signature::HeaderField> headers;
        if (!access->token.empty())
            headers.push_back({"Authorization", "Bearer " + std::string(access->token)});
        return JsonService(place_, access->server, means_.connect(std::move(access->tls)),
                           std::move(headers));
    }

    std::string place_;
    DestinationUri uri_;
    Means means_;
    std::string path_;
};

}  // namespace

Result<std::unique_ptr<ports::Destination>> kubernetes_destination(const DestinationUri& uri,
                                                                   const Means& means) {
    if (std::ranges::count(uri.path, '/') != 1 || uri.path.starts_with('/'))
        return usage_error(fmt::format("'{}' names no Secret", uri.text()),
                           "write it as kubernetes:NAMESPACE/NAME");
    return versioned_place(uri.text(), std::make_unique<KubernetesSecret>(uri, means));
}

}  // namespace keytide::destinations
