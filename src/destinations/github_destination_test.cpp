#include "destinations/github_destination.hpp"

#include <sodium.h>

#include "destinations/base64.hpp"
#include "destinations/fake_service.hpp"

namespace keytide::destinations {
namespace {

namespace json = boost::json;

// The secrets of a repository, of an environment and of an organisation, as GitHub's REST API has them: it
// opens the sealed boxes with its own key, and shows nobody what was in them.
class FakeGithub final : public FakeService {
public:
    FakeGithub() { crypto_box_keypair(public_, private_); }
    ~FakeGithub() override { stop(); }
    std::string folder = "/repos/shop/site/actions/secrets/";
    std::map<std::string, std::string> secrets{{"OTHER", "kept"}};
    std::string visibility = "selected";
    std::string last_ids;
    bool is_there = true;

protected:
    int writes_of_a_delivery() const override { return 2; }
    bool is_let_in(const FakeRequest& r) override {
        const auto token = r.headers.find("authorization");
        return token != r.headers.end() && token->second == "Bearer ghp_token" &&
               r.headers.contains("user-agent");
    }
    FakeReply answer(const FakeRequest& r) override {
        if (!r.path.starts_with(folder) || !is_there) return {404, R"({"message":"Not Found"})"};
        const auto name = r.path.substr(folder.size());
        const std::string_view key(reinterpret_cast<const char*>(public_), sizeof public_);
        if (name == "public-key")
            return {200, json::serialize(json::object{{"key_id", "568250167242549743"},
                                                      {"key", std::string_view(to_base64(key))}})};
        if (name.ends_with("/repositories")) return page_of_repositories(r.query);
        if (r.method == "GET") {
            if (!secrets.contains(name)) return {404, R"({"message":"Not Found"})"};
            return {200, json::serialize(json::object{{"name", name}, {"visibility", visibility}})};
        }
        return take(name, json::parse(r.body).as_object());
    }
    void another_writes() override { secrets["AWS_ACCESS_KEY_ID"] = stranger_id; }

private:
    FakeReply page_of_repositories(const std::string& query) const {
        const int first = query.ends_with("page=2") ? 100 : 0, last = first == 0 ? 100 : 103;
        json::array repositories;
        for (int i = first; i < last; ++i) repositories.push_back({{"id", 1000 + i}, {"name", "r"}});
        return {200, json::serialize(json::object{{"total_count", 103}, {"repositories", repositories}})};
    }
    FakeReply take(const std::string& name, const json::object& body) {
        if (body.at("key_id") != "568250167242549743") return {422, R"({"message":"Bad key"})"};
        if (folder.starts_with("/orgs/")) {
            if (!body.contains("visibility")) return {422, R"({"message":"visibility is missing"})"};
            visibility = body.at("visibility").as_string();
            last_ids = body.contains("selected_repository_ids")
                           ? json::serialize(body.at("selected_repository_ids"))
                           : "";
        }
        const auto box = from_base64(std::string(body.at("encrypted_value").as_string()));
        if (!box || box->size() < crypto_box_SEALBYTES) return {422};
        std::string text(box->size() - crypto_box_SEALBYTES, '\0');
        if (crypto_box_seal_open(reinterpret_cast<unsigned char*>(text.data()),
                                 reinterpret_cast<const unsigned char*>(box->data()), box->size(), public_,
                                 private_) != 0)
            return {422, R"({"message":"cannot be opened"})"};
        const bool is_new = !secrets.contains(name);
        secrets[name] = text;
        return {is_new ? 201 : 204, "{}"};
    }

    unsigned char public_[crypto_box_PUBLICKEYBYTES]{}, private_[crypto_box_SECRETKEYBYTES]{};
};

class GithubPlace final : public Place {
public:
    std::string path = "shop/site", parameters;

    std::unique_ptr<ports::Destination> open() override {
        auto opened = open_destination("github:" + path + "?api=" + github().url() + parameters,
                                       github().means({{"GITHUB_TOKEN", "ghp_token"}}));
        if (!opened) throw std::runtime_error(opened.error().message);
        return std::move(*opened);
    }
    std::string name() override { return "github:shop"; }
    void put(const Pair& pair) override {
        github().is_there = true;
        github().secrets["AWS_ACCESS_KEY_ID"] = pair.id;
        github().secrets["AWS_SECRET_ACCESS_KEY"] = pair.secret;
    }
    Pair held() override {
        return {github().secrets["AWS_ACCESS_KEY_ID"], github().secrets["AWS_SECRET_ACCESS_KEY"]};
    }
    std::string rest() override {
        return github().secrets["OTHER"] + std::to_string(github().secrets.size());
    }
    bool strike(Fault fault) override {
        if (fault == Fault::full || fault == Fault::wrong_type) return false;
        if (fault == Fault::gone) github().is_there = false;
        github().fail(fault);
        return true;
    }
    void heal() override { github().fail({}); }
    long writes() override { return github().writes(); }

    FakeGithub& github() {
        github_.settle();
        return github_;
    }

private:
    FakeGithub github_;
};

INSTANTIATE_TEST_SUITE_P(Github, DestinationConformance,
                         testing::Values(Habitat{"Github", [] { return std::make_unique<GithubPlace>(); },
                                                 6}),
                         [](const auto& each) { return each.param.name; });

TEST(Github, SaysThatItCanNeitherCompareNorBeReadBack) {
    const auto can = GithubPlace().open()->capabilities();
    EXPECT_FALSE(can.readable || can.restorable || can.atomic);
}

TEST(Github, TellsWhichHalfIsWrittenWhenItIsCutShort) {
    GithubPlace place;
    place.put(old_pair);
    place.strike(Fault::cut_short);
    const auto answer = deliver_new(*place.open());
    ASSERT_TRUE(std::holds_alternative<ports::DeliverUnknown>(answer));
    EXPECT_NE(
        std::get<ports::DeliverUnknown>(answer).error.message.find("AWS_ACCESS_KEY_ID is written already"),
        std::string::npos);
    EXPECT_EQ(place.held(), (Pair{new_id, old_secret}));
}

TEST(Github, WritesToAnEnvironment) {
    GithubPlace place;
    place.github().folder = "/repos/shop/site/environments/blue%2Fgreen/secrets/";
    place.parameters = "&environment=blue/green&id=ID&secret=SECRET";
    EXPECT_TRUE(place.open()->check_writable());
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*place.open())));
    EXPECT_EQ(place.github().secrets["ID"], new_id);
    EXPECT_EQ(place.github().secrets["SECRET"], new_secret);
}

TEST(Github, LeavesAnOrganisationsSecretToThoseWhoSeeItNow) {
    GithubPlace place;
    place.path = "shop";
    place.github().folder = "/orgs/shop/actions/secrets/";
    const auto none_yet = place.open()->check_writable();
    ASSERT_FALSE(none_yet);
    EXPECT_NE(none_yet.error().message.find("has no secret AWS_ACCESS_KEY_ID"), std::string::npos);
    place.put(old_pair);
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*place.open())));
    EXPECT_EQ(place.held(), new_pair);
    EXPECT_EQ(place.github().visibility, "selected");
    EXPECT_TRUE(place.github().last_ids.starts_with("[1000,1001,") &&
                place.github().last_ids.ends_with(",1102]"));
    place.github().visibility = "private";
    deliver_new(*place.open());
    EXPECT_EQ(place.github().visibility + place.github().last_ids, "private");
}

TEST(Github, NeedsATokenAndNamesThatGithubTakes) {
    GithubPlace place;
    const auto without =
        open_destination("github:shop/site?api=" + place.github().url(), place.github().means({}));
    EXPECT_NE((*without)->check_writable().error().hint.find("GITHUB_TOKEN"), std::string::npos);
    for (const auto* bad :
         {"github:a/b/c", "github:/a", "github:a?environment=e", "github:a/b?id=A-B", "github:a/b?secret=1A"})
        EXPECT_FALSE(open_destination(bad, place.github().means({}))) << bad;
}

}  // namespace
}  // namespace keytide::destinations
