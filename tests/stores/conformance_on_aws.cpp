// secretsmanager: and ssm: must do what every destination does (src/destinations/conformance_test.cpp), over
// real HTTP, on the lab or on moto.
#include <chrono>

#include "destinations/conformance.hpp"
#include "destinations/secretsmanager_destination.hpp"
#include "destinations/ssm_destination.hpp"
#include "stores/aws_account.hpp"

namespace keytide::destinations {
namespace {

using aws::Service;
using stores::AwsAccount;

// Other members stay as they are, to the digit.
constexpr std::string_view others = R"("user": "bob", "port": 5432.10)";

std::string object_of(const Pair& pair) {
    if (pair == nothing) return "{ " + std::string(others) + " }";
    return "{\"AWS_ACCESS_KEY_ID\":\"" + pair.id + "\", " + std::string(others) +
           ", \"AWS_SECRET_ACCESS_KEY\":\"" + pair.secret + "\" }";
}

Pair pair_in(std::string_view object) {
    const auto document = aws::JsonDocument::parse(object);
    if (!document) return nothing;
    return {std::string(document->text("/AWS_ACCESS_KEY_ID").value_or("")),
            std::string(document->text("/AWS_SECRET_ACCESS_KEY").value_or(""))};
}

// What the stores have in common.
class StorePlace : public Place {
public:
    StorePlace(Service service, std::string name)
        : service_(service), name_(std::move(name)), interposed_(AwsAccount::get().http()) {}
    ~StorePlace() override {
        if (AwsAccount::get().is_lab()) AwsAccount::get().end_faults();
    }

    std::unique_ptr<ports::Destination> open() override {
        auto opened = make(AwsAccount::service(service_, interposed_, endpoint_));
        opened->sign_with(AwsAccount::get().owner(),
                          std::chrono::floor<Duration>(std::chrono::system_clock::now()));
        return opened;
    }
    std::string name() override { return name_; }
    long writes() override { return interposed_.changes(); }

    bool strike(Fault fault) override {
        switch (fault) {
            case Fault::gone: remove(); return true;
            case Fault::wrong_type: return put_nonsense();
            case Fault::beaten_by_another:
                interposed_.before(decisive_call(), [this] { put(strangers_pair); });
                return true;
            default: return AwsAccount::get().is_lab() && strike_lab(fault);
        }
    }
    void heal() override {
        if (AwsAccount::get().is_lab()) AwsAccount::get().end_faults();
        restore_place();
    }

protected:
    virtual std::unique_ptr<ports::Destination> make(aws::JsonService store) = 0;
    virtual void remove() = 0;
    virtual bool put_nonsense() = 0;
    virtual void restore_place() = 0;
    virtual std::string first_call() const = 0;     // that changes something
    virtual std::string decisive_call() const = 0;  // after which the new key is there

    aws::JsonDocument call(std::string_view action, const aws::JsonMembers& members) const {
        return AwsAccount::get().call(service_, action, members);
    }

    Service service_;
    std::string name_;

private:
    bool strike_lab(Fault fault) {
        const auto tell = [&](const std::string& action, const std::string& more) {
            AwsAccount::get().tell_fault(R"({"service":")" + std::string(aws::signing_name(service_)) + "\"" +
                                         (action.empty() ? "" : R"(,"action":")" + action + "\"") + "," +
                                         more + "}");
            return true;
        };
        switch (fault) {
            case Fault::unreachable: return tell("", R"("fault":"close")");
            case Fault::not_let_in:
                return tell(
                    "", R"("fault":"refuse","code":"ExpiredTokenException","message":"The security token )"
                        R"(included in the request is expired")");
            case Fault::full:
                return tell(first_call(), R"("fault":"refuse","code":"LimitExceededException")");
            case Fault::cut_short:
                return tell(decisive_call(), skip_for_cut() + R"("fault":"html","status":503)");
            case Fault::answer_lost:
                return tell(decisive_call(), skip_for_cut() + R"("fault":"lose_answer")");
            default: return false;
        }
    }
    virtual std::string skip_for_cut() const { return ""; }

    stores::Interposed interposed_;
    std::string endpoint_ = AwsAccount::get().endpoint();
};

std::string fresh_name(const char* prefix) {
    static int count = 0;
    return prefix + std::to_string(++count);
}

class SecretPlace final : public StorePlace {
public:
    SecretPlace() : StorePlace(Service::secretsmanager, fresh_name("app/aws-")) { create(); }

    void put(const Pair& pair) override { put_text(object_of(pair)); }
    Pair held() override { return pair_in(text()); }
    std::string rest() override {
        auto all = text();
        const auto at = all.find(others);
        return at == std::string::npos ? all : all.substr(at, others.size());
    }

private:
    std::unique_ptr<ports::Destination> make(aws::JsonService store) override {
        return secretsmanager_destination(*parse_destination_uri("secretsmanager:" + name_, {"/", ""}),
                                          std::move(store));
    }
    aws::JsonMembers id() const { return {{"SecretId", json_text(name_)}}; }
    // By its label, since moto takes the version that was put last for the usual one.
    aws::JsonMembers current() const {
        return {{"SecretId", json_text(name_)}, {"VersionStage", json_text("AWSCURRENT")}};
    }
    void create() {
        call("CreateSecret", {{"Name", json_text(name_)}, {"ClientRequestToken", json_text(token())}});
        is_there_ = true;
    }
    void put_text(const std::string& text) {
        auto members = id();
        members.emplace_back("ClientRequestToken", json_text(token()));
        members.emplace_back("SecretString", json_text(text));
        call("PutSecretValue", members);
    }
    static std::string token() { return aws::request_token({fresh_name("token")}); }
    std::string text() { return std::string(*call("GetSecretValue", current()).text("/SecretString")); }
    void remove() override {
        auto members = id();
        members.emplace_back("ForceDeleteWithoutRecovery", "true");
        call("DeleteSecret", members);
        is_there_ = false;
    }
    bool put_nonsense() override {
        put_text("no JSON");
        return true;
    }
    void restore_place() override {
        if (!is_there_) create();
    }
    std::string first_call() const override { return "PutSecretValue"; }
    std::string decisive_call() const override { return "UpdateSecretVersionStage"; }

    bool is_there_ = false;
};

class OneParameterPlace final : public StorePlace {
public:
    OneParameterPlace() : StorePlace(Service::ssm, fresh_name("/app/aws-")) { put(nothing); }

    void put(const Pair& pair) override { put_text(object_of(pair)); }
    Pair held() override { return pair_in(text()); }
    std::string rest() override {
        auto all = text();
        const auto at = all.find(others);
        const auto history = call("GetParameterHistory", {{"Name", json_text(name_)}});
        const auto latest = "/Parameters/" + std::to_string(history.size("/Parameters") - 1);
        return (at == std::string::npos ? all : all.substr(at, others.size())) +
               std::string(history.text(latest + "/KeyId").value_or("")) +
               std::string(history.text(latest + "/Description").value_or(""));
    }

private:
    std::unique_ptr<ports::Destination> make(aws::JsonService store) override {
        return *ssm_destination(*parse_destination_uri("ssm:" + name_, {"/", ""}), std::move(store));
    }
    void put_text(const std::string& text) {
        call("PutParameter", {{"Name", json_text(name_)},
                              {"Value", json_text(text)},
                              {"Type", json_text("SecureString")},
                              {"KeyId", json_text("alias/mine")},
                              {"Description", json_text("of bob")},
                              {"Overwrite", "true"}});
        is_there_ = true;
    }
    std::string text() {
        return std::string(*call("GetParameter", {{"Name", json_text(name_)}, {"WithDecryption", "true"}})
                                .text("/Parameter/Value"));
    }
    void remove() override {
        call("DeleteParameter", {{"Name", json_text(name_)}});
        is_there_ = false;
    }
    bool put_nonsense() override {
        put_text("no JSON");
        return true;
    }
    void restore_place() override {
        if (!is_there_) put(nothing);
    }
    std::string first_call() const override { return "PutParameter"; }
    std::string decisive_call() const override { return "PutParameter"; }

    bool is_there_ = false;
};

class TwoParametersPlace final : public StorePlace {
public:
    TwoParametersPlace() : StorePlace(Service::ssm, fresh_name("/app/pair-")) { put(nothing); }

    void put(const Pair& pair) override {
        put_text("/secret", pair.secret.empty() ? "-" : pair.secret);
        put_text("/id", pair.id.empty() ? "-" : pair.id);
        is_there_ = true;
    }
    Pair held() override {
        const auto id = text("/id"), secret = text("/secret");
        return {id == "-" ? "" : id, secret == "-" ? "" : secret};
    }
    std::string rest() override { return ""; }

private:
    std::unique_ptr<ports::Destination> make(aws::JsonService store) override {
        return *ssm_destination(*parse_destination_uri("ssm:" + name_ + "?id=/id&secret=/secret", {"/", ""}),
                                std::move(store));
    }
    void put_text(const std::string& which, const std::string& text) {
        call("PutParameter", {{"Name", json_text(name_ + which)},
                              {"Value", json_text(text)},
                              {"Type", json_text("SecureString")},
                              {"Overwrite", "true"}});
    }
    std::string text(const std::string& which) {
        return std::string(
            *call("GetParameter", {{"Name", json_text(name_ + which)}, {"WithDecryption", "true"}})
                 .text("/Parameter/Value"));
    }
    void remove() override {
        for (const auto* which : {"/id", "/secret"})
            call("DeleteParameter", {{"Name", json_text(name_ + which)}});
        is_there_ = false;
    }
    bool put_nonsense() override {
        put_text("/id", "this is no key id");
        return true;
    }
    void restore_place() override {
        if (!is_there_) put(nothing);
    }
    std::string first_call() const override { return "PutParameter"; }
    std::string decisive_call() const override { return "PutParameter"; }
    std::string skip_for_cut() const override {
        return R"("skip":1,)";
    }  // the secret is written, the id is not

    bool is_there_ = false;
};

template <class Kind>
std::unique_ptr<Place> place() {
    return std::make_unique<Kind>();
}

INSTANTIATE_TEST_SUITE_P(SecretsManager, DestinationConformance,
                         testing::Values(Habitat{"SecretsManager", place<SecretPlace>, 3}));
INSTANTIATE_TEST_SUITE_P(OneParameter, DestinationConformance,
                         testing::Values(Habitat{"OneParameter", place<OneParameterPlace>, 3}));
INSTANTIATE_TEST_SUITE_P(TwoParameters, DestinationConformance,
                         testing::Values(Habitat{"TwoParameters", place<TwoParametersPlace>, 3}));
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(FileDestinationConformance);
GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(KeyFileConformance);

}  // namespace
}  // namespace keytide::destinations
