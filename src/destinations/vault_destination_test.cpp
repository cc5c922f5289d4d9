#include "destinations/vault_destination.hpp"

#include "destinations/fake_service.hpp"

namespace keytide::destinations {
namespace {

namespace json = boost::json;

// The KV engine, version 2, as its API documentation has it: versions, check-and-set, deleted versions,
// tokens, namespaces.
class FakeVault final : public FakeService {
public:
    ~FakeVault() override { stop(); }
    json::object data{{"other", "kept"}, {"count", 3}};
    int version = 4;
    bool is_deleted = false, is_there = true, may_update = true;
    std::string space = "team";

    void put(const Pair& pair) {
        data["AWS_ACCESS_KEY_ID"] = pair.id;
        data["AWS_SECRET_ACCESS_KEY"] = pair.secret;
        ++version;
        is_deleted = false;
        is_there = true;
    }

protected:
    bool is_let_in(const FakeRequest& r) override {
        const auto token = r.headers.find("x-vault-token");
        const auto given = r.headers.find("x-vault-namespace");
        return token != r.headers.end() && token->second == "hvs.token" && given != r.headers.end() &&
               given->second == space;
    }
    FakeReply answer(const FakeRequest& r) override {
        if (r.path == "/v1/sys/capabilities-self")
            return {200, may_update ? R"({"data":{"capabilities":["read","update"]}})"
                                    : R"({"data":{"capabilities":["read"]}})"};
        if (r.path != "/v1/kv/data/app/aws" || !is_there) return {404, R"({"errors":[]})"};
        json::object metadata{{"version", version},
                              {"deletion_time", is_deleted ? "2026-01-31T12:00:00Z" : ""},
                              {"destroyed", false}};
        if (r.method == "GET") {
            json::object answer{
                {"data",
                 {{"data", is_deleted ? json::value(nullptr) : json::value(data)}, {"metadata", metadata}}}};
            return {is_deleted ? 404 : 200, json::serialize(answer)};
        }
        const auto body = json::parse(r.body).as_object();
        if (body.at("options").at("cas") != version)
            return {400, R"({"errors":["check-and-set parameter did not match the current version"]})"};
        data = body.at("data").as_object();
        ++version;
        return {200, json::serialize(json::object{{"data", {{"version", version}}}})};
    }
    void another_writes() override { put(strangers_pair); }
};

class VaultPlace final : public Place {
public:
    std::unique_ptr<ports::Destination> open() override {
        auto opened = open_destination(uri(), vault().means({{"VAULT_TOKEN", "hvs.token"}}));
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string uri() { return "vault:kv/app/aws?namespace=team&address=" + vault().url(); }
    std::string name() override { return "vault:kv/app/aws"; }
    void put(const Pair& pair) override { vault().put(pair); }
    Pair held() override {
        return {std::string(vault().data.at("AWS_ACCESS_KEY_ID").as_string()),
                std::string(vault().data.at("AWS_SECRET_ACCESS_KEY").as_string())};
    }
    std::string rest() override {
        auto rest = vault().data;
        rest.erase("AWS_ACCESS_KEY_ID");
        rest.erase("AWS_SECRET_ACCESS_KEY");
        return json::serialize(rest);
    }
    bool strike(Fault fault) override {
        if (fault == Fault::full) return false;
        if (fault == Fault::gone) vault().is_deleted = true;
        if (fault == Fault::wrong_type) vault().is_there = false;
        vault().fail(fault);
        return true;
    }
    void heal() override { vault().fail({}); }
    long writes() override { return vault().writes(); }

    FakeVault& vault() {
        vault_.settle();
        return vault_;
    }

private:
    FakeVault vault_;
};

INSTANTIATE_TEST_SUITE_P(Vault, DestinationConformance,
                         testing::Values(Habitat{"Vault", [] { return std::make_unique<VaultPlace>(); }, 7}),
                         [](const auto& each) { return each.param.name; });

TEST(Vault, AsksBeforehandWhetherTheTokenMayUpdate) {
    VaultPlace place;
    place.put(old_pair);
    place.vault().may_update = false;
    const auto ok = place.open()->check_writable();
    ASSERT_FALSE(ok);
    EXPECT_NE(ok.error().message.find("may not update"), std::string::npos);
    EXPECT_EQ(place.writes(), 0);
}

TEST(Vault, AddsNamesThatAreNotThereYet) {
    VaultPlace place;
    EXPECT_FALSE(*place.open()->read());
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*place.open())));
    EXPECT_EQ(place.held(), new_pair);
    EXPECT_EQ(place.rest(), R"({"other":"kept","count":3})");
}

TEST(Vault, NeedsATokenAndAPath) {
    VaultPlace place;
    const auto without = open_destination(place.uri(), place.vault().means({}));
    EXPECT_NE((*without)->read().error().hint.find("VAULT_TOKEN"), std::string::npos);
    for (const auto* bad :
         {"vault:kv?address=https://v", "vault:/kv/x?address=https://v", "vault:kv//x?address=https://v"})
        EXPECT_FALSE(open_destination(bad, place.vault().means({}))) << bad;
    EXPECT_TRUE(open_destination("vault:x?mount=team/kv&address=https://v", place.vault().means({})));
}

}  // namespace
}  // namespace keytide::destinations
