#include "destinations/kubernetes_destination.hpp"

#include "destinations/base64.hpp"
#include "destinations/fake_service.hpp"
#include "destinations/kubernetes_access.hpp"

namespace keytide::destinations {
namespace {

namespace json = boost::json;

std::string encoded(const std::string& text) {
    return std::string(to_base64(text));
}

// One Secret of an API server: bearer tokens, resource versions, merge patches with dry runs, immutability.
class FakeKubernetes final : public FakeService {
public:
    ~FakeKubernetes() override { stop(); }
    json::object data{{"config.yaml", encoded("kept: true")}};
    int version = 100;
    bool is_there = true, is_immutable = false;

    void put(const Pair& pair) {
        data["AWS_ACCESS_KEY_ID"] = encoded(pair.id);
        data["AWS_SECRET_ACCESS_KEY"] = encoded(pair.secret);
        ++version;
        is_there = true;
        is_immutable = false;
    }

protected:
    bool is_let_in(const FakeRequest& r) override {
        const auto token = r.headers.find("authorization");
        return token != r.headers.end() && token->second == "Bearer let-me-in";
    }
    FakeReply answer(const FakeRequest& r) override {
        if (r.path != "/api/v1/namespaces/shop/secrets/aws" || !is_there)
            return {404, R"({"kind":"Status","status":"Failure","reason":"NotFound","code":404})"};
        if (r.method == "PATCH") {
            if (r.headers.at("content-type") != "application/merge-patch+json") return {415};
            const auto patch = json::parse(r.body).as_object();
            if (patch.at("metadata").at("resourceVersion").as_string() != std::to_string(version))
                return {409, R"({"kind":"Status","status":"Failure","reason":"Conflict","code":409})"};
            if (is_immutable && patch.contains("data"))
                return {422, R"({"kind":"Status","reason":"Invalid"})"};
            if (r.query.find("dryRun=All") == std::string::npos && patch.contains("data")) {
                for (const auto& [name, value] : patch.at("data").as_object()) data[name] = value;
                ++version;
            }
        }
        return {200, json::serialize(json::object{
                         {"kind", "Secret"},
                         {"metadata", {{"name", "aws"}, {"resourceVersion", std::to_string(version)}}},
                         {"data", data},
                         {"type", "Opaque"}})};
    }
    void another_writes() override { put(strangers_pair); }
};

class KubernetesPlace final : public Place {
public:
    KubernetesPlace() {
        folder_.write("config",
                      "apiVersion: v1\nkind: Config\ncurrent-context: other\ncontexts:\n- name: ours\n  "
                      "context: {cluster: c, user: u}\n"
                      "clusters:\n- name: c\n  cluster: {server: \"" +
                          kubernetes().url() + "\"}\nusers:\n- name: u\n  user: {token: let-me-in}\n");
    }
    std::unique_ptr<ports::Destination> open() override {
        auto opened = open_destination("kubernetes:shop/aws?context=ours&kubeconfig=" + folder_ / "config",
                                       kubernetes().means({}));
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string name() override { return "kubernetes:shop/aws"; }
    void put(const Pair& pair) override { kubernetes().put(pair); }
    Pair held() override { return {value("AWS_ACCESS_KEY_ID"), value("AWS_SECRET_ACCESS_KEY")}; }
    std::string rest() override {
        auto rest = kubernetes().data;
        rest.erase("AWS_ACCESS_KEY_ID");
        rest.erase("AWS_SECRET_ACCESS_KEY");
        return json::serialize(rest);
    }
    bool strike(Fault fault) override {
        if (fault == Fault::full) return false;
        if (fault == Fault::gone) kubernetes().is_there = false;
        if (fault == Fault::wrong_type) kubernetes().is_immutable = true;
        kubernetes().fail(fault);
        return true;
    }
    void heal() override { kubernetes().fail({}); }
    long writes() override { return kubernetes().writes(); }

    FakeKubernetes& kubernetes() {
        kubernetes_.settle();
        return kubernetes_;
    }

private:
    FakeKubernetes kubernetes_;
    credentials::ScratchFolder folder_;
    std::string value(std::string_view name) {
        return std::string(
            from_base64(std::string(kubernetes().data.at(name).as_string())).value_or("no base64"));
    }
};

INSTANTIATE_TEST_SUITE_P(Kubernetes, DestinationConformance,
                         testing::Values(Habitat{"Kubernetes",
                                                 [] { return std::make_unique<KubernetesPlace>(); }, 7}),
                         [](const auto& each) { return each.param.name; });

TEST(Kubernetes, FillsASecretThatHasNoDataYet) {
    KubernetesPlace place;
    place.kubernetes().data.clear();
    EXPECT_FALSE(*place.open()->read());
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*place.open())));
    EXPECT_EQ(place.held(), new_pair);
}

TEST(Kubernetes, ALookAtWhetherAPatchIsLetInWritesNothing) {
    KubernetesPlace place;
    place.put(old_pair);
    EXPECT_TRUE(place.open()->check_writable());
    EXPECT_EQ(place.writes(), 0);
}

class Kubeconfig : public testing::Test {
protected:
    Result<KubernetesAccess> access(const std::string& cluster, const std::string& user) {
        const auto path = folder.write(
            "config",
            "contexts:\n- name: x\n  context: {cluster: c, user: u}\nclusters:\n- name: c\n  cluster: {" +
                cluster + "}\nusers:\n- name: u\n  user: {" + user + "}\n");
        return access_by_kubeconfig(path, "x", {});
    }
    credentials::ScratchFolder folder;
};

TEST_F(Kubeconfig, TakesCertificatesAndTokensInlineAndFromFilesBesideIt) {
    folder.write("ca.pem", "CA");
    folder.write("token", "from-a-file\n");
    const auto by_files =
        access("server: https://k:6443/, certificate-authority: ca.pem", "tokenFile: token");
    ASSERT_TRUE(by_files) << by_files.error().message;
    EXPECT_EQ(by_files->server, "https://k:6443");
    EXPECT_EQ(by_files->tls.authorities, "CA");
    EXPECT_EQ(by_files->token, "from-a-file");
    const auto inlined =
        access("server: https://k, certificate-authority-data: " + encoded("CA"),
               "client-certificate-data: " + encoded("CERT") + ", client-key-data: " + encoded("KEY"));
    ASSERT_TRUE(inlined) << inlined.error().message;
    EXPECT_EQ(inlined->tls.client_certificate, "CERT");
    EXPECT_EQ(inlined->tls.client_key, "KEY");
}

TEST_F(Kubeconfig, AsksACredentialPlugin) {
    folder.write("plugin",
                 "test \"$2\" = \"it's\" && test \"$WHO\" = me && case \"$KUBERNETES_EXEC_INFO\" in "
                 "*client.authentication.k8s.io/v1*) ;; *) exit 1 ;; esac\n"
                 "echo '{\"kind\":\"ExecCredential\",\"status\":{\"token\":\"plugged\"}}'\n");
    const auto plugged = access("server: https://k",
                                "exec: {apiVersion: client.authentication.k8s.io/v1, command: sh, args: [" +
                                    folder / "plugin" + ", a, \"it's\"], env: [{name: WHO, value: me}]}");
    ASSERT_TRUE(plugged) << plugged.error().message;
    EXPECT_EQ(plugged->token, "plugged");
    EXPECT_FALSE(access("server: https://k", "exec: {command: \"false\"}"));
}

TEST_F(Kubeconfig, RefusesWhatWouldConnectOtherwise) {
    EXPECT_TRUE(access("server: https://k, insecure-skip-tls-verify: false", "token: t"));
    EXPECT_FALSE(access("server: https://k, insecure-skip-tls-verify: true", "token: t"));
    EXPECT_FALSE(access("server: https://k, proxy-url: http://p", "token: t"));
    EXPECT_FALSE(access("server: http://k", "token: t")) << "the key would travel unencrypted";
    EXPECT_FALSE(access("server: https://k", "username: u, password: p"));
    EXPECT_FALSE(access("server: https://k", "")) << "nobody would be let in";
    EXPECT_FALSE(access_by_kubeconfig("/no/such/file", "x", {}));
    EXPECT_FALSE(access_by_kubeconfig(folder.write("odd", "[1"), "x", {}));
}

TEST(Kubernetes, APodUsesWhatItIsGiven) {
    const credentials::ScratchFolder folder;
    folder.write("token", "of-the-pod");
    folder.write("ca.crt", "CA");
    const auto environment = credentials::fixed_environment(
        {{"KUBERNETES_SERVICE_HOST", "10.0.0.1"}, {"KUBERNETES_SERVICE_PORT", "443"}});
    const auto access = access_in_cluster(environment, folder.path());
    ASSERT_TRUE(access);
    EXPECT_EQ(access->server, "https://10.0.0.1:443");
    EXPECT_EQ(access->token, "of-the-pod");
    EXPECT_FALSE(access_in_cluster(credentials::fixed_environment({}), folder.path()));
}

}  // namespace
}  // namespace keytide::destinations
