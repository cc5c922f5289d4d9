#include "destinations/kubernetes_access.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <filesystem>

#include "credentials/regular_file.hpp"
#include "destinations/base64.hpp"
#include "destinations/json_values.hpp"
#include "http/url.hpp"
#include "subprocess/command.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

Result<WipedString> file_text(const std::string& path) {
    auto content = credentials::read_regular_file(path);
    if (!content) return std::unexpected(content.error());
    if (!*content) return usage_error(fmt::format("the file {} does not exist", path));
    return std::move((*content)->bytes);
}

void cut_line_end(WipedString& text) {
    text.erase(text.find_last_not_of(" \t\r\n") + 1);
}

std::string quoted(const std::string& word) {
    std::string text = "'";
    for (const char c : word) text += c == '\'' ? std::string(R"('\'')") : std::string(1, c);
    return text + "'";
}

class Kubeconfig {
public:
    Kubeconfig(std::string path, YAML::Node root) : path_(std::move(path)), root_(std::move(root)) {}

    Result<KubernetesAccess> access(const std::string& context,
                                    const std::function<bool()>& interrupted) const {
        const auto chosen = named("contexts", "context", context);
        if (!chosen) return std::unexpected(chosen.error());
        const auto cluster = named("clusters", "cluster", text(*chosen, "cluster"));
        if (!cluster) return std::unexpected(cluster.error());
        const auto user = named("users", "user", text(*chosen, "user"));
        if (!user) return std::unexpected(user.error());
        for (const auto& [node, unknown] : {std::pair{*cluster, "insecure-skip-tls-verify"},
                                            {*cluster, "proxy-url"},
                                            {*cluster, "tls-server-name"},
                                            {*user, "auth-provider"},
                                            {*user, "username"},
                                            {*user, "as"},
                                            {*user, "as-groups"}})
            if (const auto held = node[unknown]; held && !(held.IsScalar() && held.Scalar() == "false"))
                return refuse(
                    fmt::format("the context {} uses {}, which is not supported here", context, unknown));

        KubernetesAccess access{.server = text(*cluster, "server")};
        auto authorities = pem(*cluster, "certificate-authority");
        if (!authorities) return std::unexpected(authorities.error());
        access.tls.authorities = *authorities;
        auto certificate = pem(*user, "client-certificate");
        if (!certificate) return std::unexpected(certificate.error());
        access.tls.client_certificate = *certificate;
        auto key = pem(*user, "client-key");
        if (!key) return std::unexpected(key.error());
        access.tls.client_key = std::move(*key);
        access.token = text(*user, "token");
        if (const auto file = text(*user, "tokenFile"); !file.empty()) {
            auto token = file_text(beside(file));
            if (!token) return std::unexpected(token.error());
            cut_line_end(*token);
            access.token = std::move(*token);
        }
        if (const auto exec = (*user)["exec"]; exec)
            if (auto ok = ask_plugin(exec, access, interrupted); !ok) return std::unexpected(ok.error());
        if (access.token.empty() && access.tls.client_key.empty())
            return refuse(
                fmt::format("the context {} has neither a token nor a client certificate", context));
        return access;
    }

private:
    std::unexpected<Error> refuse(const std::string& why) const { return usage_error(path_ + ": " + why); }

    static std::string text(const YAML::Node& node, const char* name) {
        const auto held = node[name];
        return held && held.IsScalar() ? held.Scalar() : "";
    }

    Result<YAML::Node> named(const char* list, const char* kind, const std::string& name) const {
        for (const auto& item : root_[list])
            if (item.IsMap() && text(item, "name") == name && item[kind] && item[kind].IsMap())
                return item[kind];
        return refuse(fmt::format("there is no {} '{}'", kind, name));
    }

    // Paths are relative to the kubeconfig.
    std::string beside(const std::string& file) const {
        return (std::filesystem::path(path_).parent_path() / file).string();
    }

    Result<WipedString> pem(const YAML::Node& node, const std::string& name) const {
        if (const auto data = text(node, (name + "-data").c_str()); !data.empty()) {
            auto bytes = from_base64(data);
            if (!bytes) return refuse(name + "-data is not base64");
            return std::move(*bytes);
        }
        if (const auto file = text(node, name.c_str()); !file.empty()) return file_text(beside(file));
        return WipedString();
    }

    // https://kubernetes.io/docs/reference/access-authn-authz/authentication/#client-go-credential-plugins
    Result<void> ask_plugin(const YAML::Node& exec, KubernetesAccess& access,
                            const std::function<bool()>& interrupted) const {
        const auto version = text(exec, "apiVersion");
        subprocess::Command command{.text = "exec " + quoted(text(exec, "command")),
                                    .keeps_output = true,
                                    .interrupted = interrupted};
        for (const auto& argument : exec["args"]) command.text += " " + quoted(argument.as<std::string>(""));
        for (const auto& variable : exec["env"])
            command.with.push_back(WipedString(text(variable, "name") + "=" + text(variable, "value")));
        command.with.push_back(WipedString("KUBERNETES_EXEC_INFO={\"apiVersion\":")
                                   .append(json_text(version))
                                   .append(R"(,"kind":"ExecCredential","spec":{"interactive":false}})"));
        const auto ended = subprocess::run(command);
        const auto name = fmt::format("the credential plugin {}", text(exec, "command"));
        if (!ended) return failed(fmt::format("{}: {}: {}", path_, name, ended.error().reason));
        if (ended->status != 0) return failed(fmt::format("{}: {}: {}", path_, name, ended->in_words()));
        const auto take = [&](const char* pointer, auto& into) -> Result<void> {
            const auto held = optional_in_json(ended->output, pointer, path_ + ": the answer of " + name);
            if (!held) return std::unexpected(held.error());
            if (*held) into = **held;
            return {};
        };
        if (auto ok = take("/status/token", access.token); !ok) return ok;
        if (auto ok = take("/status/clientCertificateData", access.tls.client_certificate); !ok) return ok;
        return take("/status/clientKeyData", access.tls.client_key);
    }

    std::string path_;
    YAML::Node root_;
};

Result<KubernetesAccess> checked(KubernetesAccess access, const std::string& where) {
    const auto url = http::parse_url(access.server);
    if (!url || url->has_user_info || url->has_query_or_fragment ||
        (url->scheme != "https" && !(url->scheme == "http" && http::is_loopback(*url))))
        return usage_error(where + ": the server's URL is not https://HOST[:PORT]");
    access.server.erase(access.server.find_last_not_of('/') + 1);
    return access;
}

}  // namespace

Result<KubernetesAccess> access_by_kubeconfig(const std::string& path, const std::string& context,
                                              const std::function<bool()>& interrupted) {
    const auto content = file_text(path);
    if (!content) return std::unexpected(content.error());
    try {
        auto root = YAML::Load(std::string(*content));
        if (!root.IsMap()) return usage_error(path + " is not a kubeconfig file");
        auto access = Kubeconfig(path, std::move(root)).access(context, interrupted);
        if (!access) return access;
        return checked(std::move(*access), path);
    } catch (const YAML::Exception&) {
        return usage_error(path + " is not a kubeconfig file");
    }
}

Result<KubernetesAccess> access_in_cluster(const credentials::Environment& environment,
                                           const std::string& folder) {
    const auto host = credentials::non_empty(environment, "KUBERNETES_SERVICE_HOST");
    const auto port = credentials::non_empty(environment, "KUBERNETES_SERVICE_PORT");
    if (!host || !port)
        return usage_error("which cluster is meant is not known: this is no pod of one",
                           "add context=NAME ('kubectl config current-context' tells it)");
    auto token = file_text(folder + "/token");
    if (!token) return std::unexpected(token.error());
    cut_line_end(*token);
    const auto authorities = file_text(folder + "/ca.crt");
    if (!authorities) return std::unexpected(authorities.error());
    const bool is_ipv6 = host->find(':') != std::string_view::npos;
    return checked(
        {.server = fmt::format(fmt::runtime(is_ipv6 ? "https://[{}]:{}" : "https://{}:{}"), *host, *port),
         .tls = {.authorities = std::string(*authorities)},
         .token = std::move(*token)},
        "KUBERNETES_SERVICE_HOST");
}

}  // namespace keytide::destinations
