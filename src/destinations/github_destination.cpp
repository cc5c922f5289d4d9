#include "destinations/github_destination.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>

#include "destinations/base64.hpp"
#include "destinations/json_service.hpp"
#include "destinations/json_values.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

struct PublicKey {
    WipedString id, bytes;
};

// https://libsodium.gitbook.io/doc/public-key_cryptography/sealed_boxes
WipedString sealed(std::string_view secret, const PublicKey& key) {
    WipedString box(crypto_box_SEALBYTES + secret.size(), '\0');
    crypto_box_seal(reinterpret_cast<unsigned char*>(box.data()),
                    reinterpret_cast<const unsigned char*>(secret.data()), secret.size(),
                    reinterpret_cast<const unsigned char*>(key.bytes.data()));
    return box;
}

class GithubSecrets final : public Destination {
public:
    GithubSecrets(const DestinationUri& uri, Means means) : uri_(uri), means_(std::move(means)) {
        const auto slash = uri.path.find('/');
        is_organisation_ = slash == std::string::npos;
        if (is_organisation_)
            folder_ = "/orgs/" + path_segment(uri.path) + "/actions/secrets/";
        else if (const auto environment = uri.value("environment"); !environment.empty())
            folder_ = "/repos/" + path_segment(uri.path, true) + "/environments/" +
                      path_segment(environment) + "/secrets/";
        else
            folder_ = "/repos/" + path_segment(uri.path, true) + "/actions/secrets/";
    }

    std::string uri() const override { return uri_.text(); }
    Capabilities capabilities() const override { return {}; }
    Result<std::optional<AccessKey>> read() override { return std::nullopt; }

    Result<void> check_writable() override {
        auto service = log_in();
        if (!service) return std::unexpected(service.error().error);
        if (const auto key = public_key(*service); !key) return std::unexpected(key.error().error);
        for (const auto* name : {"id", "secret"})
            if (const auto who = who_sees(*service, uri_.value(name)); !who)
                return std::unexpected(who.error().error);
        return {};
    }

    // Everything that can fail without a change comes before the first write, and nothing between the two.
    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId>) override {
        auto service = log_in();
        if (!service) return DeliverRefused{service.error().error};
        const auto lock = public_key(*service);
        if (!lock) return DeliverRefused{lock.error().error};
        const auto id = write_of(*service, "id", key.id.text(), *lock);
        if (!id) return DeliverRefused{id.error().error};
        const auto secret = write_of(*service, "secret", key.secret.reveal(), *lock);
        if (!secret) return DeliverRefused{secret.error().error};

        if (const auto first = put(*service, *id); !first) {
            if (first.error().may_have_happened) return DeliverUnknown{first.error().error};
            return DeliverRefused{first.error().error};
        }
        if (const auto second = put(*service, *secret); !second) {
            auto error = second.error().error;
            error.message += fmt::format("; {} is written already, and {} is not known to be",
                                         uri_.value("id"), uri_.value("secret"));
            return DeliverUnknown{error};
        }
        return DeliverDone{};
    }

private:
    Told<JsonService> log_in() const {
        const auto& environment = means_.origin.environment;
        auto token = credentials::non_empty(environment, "GITHUB_TOKEN");
        if (!token) token = credentials::non_empty(environment, "GH_TOKEN");
        std::vector<signature::HeaderField> headers{{"User-Agent", "keytide"},
                                                    {"X-GitHub-Api-Version", "2022-11-28"}};
        headers.push_back({"Authorization", "Bearer " + std::string(token.value_or(""))});
        JsonService service(uri_.text(), uri_.value("api"), means_.connect({}), std::move(headers));
        if (!token)
            return service.refuse("there is no token for it",
                                  "set GITHUB_TOKEN to one that may write secrets");
        return service;
    }

    Told<PublicKey> public_key(JsonService& service) const {
        const auto reply = service.call({"GET", folder_ + "public-key"});
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 404)
            return service.refuse(
                "there is no such place, or the token may not see its secrets",
                "the token needs 'secrets: write' (of an environment: 'environments: write')");
        const auto id = optional_in_json(reply->body, "/key_id", uri_.text());
        const auto text = optional_in_json(reply->body, "/key", uri_.text());
        if (reply->status != 200 || !id || !*id || !text || !*text)
            return service.refuse("the answer holds no public key");
        auto bytes = from_base64(**text);
        if (!bytes || bytes->size() != crypto_box_PUBLICKEYBYTES)
            return service.refuse("the answer holds no public key");
        return PublicKey{**id, std::move(*bytes)};
    }

    // An organisation's secret is seen by some of its repositories. A write must say by which, and says what
    // was so: who may see it is not ours to decide. Empty for the secrets of a repository.
    Told<WipedString> who_sees(JsonService& service, const std::string& name) const {
        if (!is_organisation_) return WipedString();
        const auto reply = service.call({"GET", folder_ + path_segment(name)});
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 404)
            return service.refuse(fmt::format("the organisation has no secret {}", name),
                                  "make it first, so that it is said which repositories see it");
        const auto visibility = optional_in_json(reply->body, "/visibility", uri_.text());
        if (reply->status != 200 || !visibility || !*visibility)
            return service.refuse("the answer does not tell who sees " + name);
        WipedString members(R"(,"visibility":)");
        members.append(json_text(**visibility));
        if (**visibility != "selected") return members;
        const auto ids = selected_repositories(service, name);
        if (!ids) return ids;
        return members.append(R"(,"selected_repository_ids":[)").append(*ids).append("]");
    }

    Told<WipedString> selected_repositories(JsonService& service, const std::string& name) const {
        WipedString ids;
        for (int page = 1, seen = 0;; ++page) {
            const auto reply = service.call({"GET", fmt::format("{}{}/repositories?per_page=100&page={}",
                                                                folder_, path_segment(name), page)});
            if (!reply) return std::unexpected(reply.error());
            const auto total = token_in_json(reply->body, "/total_count", uri_.text());
            if (reply->status != 200 || !total || !*total)
                return service.refuse("the answer does not tell who sees " + name);
            const int before = seen;
            for (int i = 0; i < 100; ++i) {
                const auto id =
                    token_in_json(reply->body, fmt::format("/repositories/{}/id", i), uri_.text());
                if (!id || !*id) break;
                if (!ids.empty()) ids += ',';
                ids.append(**id);
                ++seen;
            }
            if (fmt::format("{}", seen) == **total) return ids;
            if (seen == before)
                return service.refuse("the list of the repositories that see " + name + " has no end");
        }
    }

    Told<JsonCall> write_of(JsonService& service, std::string_view parameter, std::string_view value,
                            const PublicKey& key) const {
        const auto name = uri_.value(parameter);
        const auto who = who_sees(service, name);
        if (!who) return std::unexpected(who.error());
        JsonCall call{"PUT", folder_ + path_segment(name)};
        call.body.append(R"({"encrypted_value":)").append(json_text(to_base64(sealed(value, key))));
        call.body.append(R"(,"key_id":)").append(json_text(key.id)).append(*who).append("}");
        return call;
    }

    static Told<void> put(JsonService& service, const JsonCall& call) {
        const auto reply = service.call(call);
        if (!reply) return std::unexpected(reply.error());
        if (reply->status == 201 || reply->status == 204) return {};
        return service.refuse(fmt::format("the write was refused with status {}", reply->status));
    }

    DestinationUri uri_;
    Means means_;
    bool is_organisation_ = false;
    std::string folder_;
};

bool is_secret_name(const std::string& name) {
    return !name.empty() && std::isdigit(static_cast<unsigned char>(name.front())) == 0 &&
           std::ranges::all_of(name, [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

}  // namespace

Result<std::unique_ptr<Destination>> github_destination(const DestinationUri& uri, const Means& means) {
    const auto slashes = std::ranges::count(uri.path, '/');
    if (slashes > 1 || uri.path.starts_with('/') || (slashes == 0 && uri.parameters.contains("environment")))
        return usage_error(
            fmt::format("'{}' names no place for secrets", uri.text()),
            "write it as github:OWNER/REPO, github:OWNER/REPO?environment=NAME or github:ORGANISATION");
    for (const auto* name : {"id", "secret"})
        if (!is_secret_name(uri.value(name)))
            return usage_error(fmt::format("'{}' cannot be the name of a secret", uri.value(name)),
                               "it may hold letters, digits and _, and begins with no digit");
    if (sodium_init() < 0) return failed("libsodium does not start");
    return std::make_unique<GithubSecrets>(uri, means);
}

}  // namespace keytide::destinations
