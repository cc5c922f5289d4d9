// What one signed request costs the lab: verify, authorise, render. Signing is the client's work and not
// counted.
#include <benchmark/benchmark.h>

#include "lab/lab.hpp"
#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* policy = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],"Resource":"*"},
    {"Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey"],
     "Resource":"arn:aws:iam::123456789012:user/bob"}]})";

// A user with the permissions of the README's template.
Client make_bob(Lab& lab) {
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", "bob"}});
    root.iam("PutUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
    root.s3("PUT", "/my-bucket");
    return {lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
}

void list_buckets(benchmark::State& state) {
    auto lab = example_lab();
    const auto bob = make_bob(lab);
    auto request = s3_request("GET", "/");
    sign(request, bob.key, "s3", noon);
    for (auto _ : state) {
        const auto reply = lab.handle(request, noon);
        if (reply.status != 200) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(list_buckets);

void get_caller_identity(benchmark::State& state) {
    auto lab = example_lab();
    const auto bob = make_bob(lab);
    auto request = query_request("sts", "GetCallerIdentity");
    sign(request, bob.key, "sts", noon);
    for (auto _ : state) {
        const auto reply = lab.handle(request, noon);
        if (reply.status != 200) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(get_caller_identity);

// Ten thousand users, each with a key, an inline policy and an attached one.
Lab crowded_lab() {
    Lab lab({.root_key = example_root_key(), .created = noon, .quotas = {.users = 10'000}},
            seeded_randomness());
    const auto root = root_of(lab);
    for (int i = 0; i < 10'000; ++i) {
        const auto name = "user" + std::to_string(i);
        root.iam("CreateUser", {{"UserName", name}});
        root.iam("CreateAccessKey", {{"UserName", name}});
        root.iam("PutUserPolicy", {{"UserName", name}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
        root.iam("AttachUserPolicy",
                 {{"UserName", name}, {"PolicyArn", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}});
    }
    return lab;
}

// Made anew each time: four hours later by the lab's clock.
void credential_report_of_10000_users(benchmark::State& state) {
    auto lab = crowded_lab();
    auto root = root_of(lab);
    for (auto _ : state) {
        root.now += std::chrono::hours(4);
        if (root.iam("GenerateCredentialReport").reply.body.find("STARTED") == std::string::npos)
            state.SkipWithError("there was one");
        root.now += std::chrono::seconds(2);
        if (root.iam("GetCredentialReport").reply.body.size() < 1'000'000) state.SkipWithError("too short");
    }
}
BENCHMARK(credential_report_of_10000_users)->Unit(benchmark::kMillisecond);

void authorization_details_of_10000_users(benchmark::State& state) {
    auto lab = crowded_lab();
    const auto root = root_of(lab);
    for (auto _ : state) {
        std::string marker;
        std::size_t pages = 0;
        do {
            const auto page =
                marker.empty()
                    ? root.iam("GetAccountAuthorizationDetails", {{"MaxItems", "1000"}})
                    : root.iam("GetAccountAuthorizationDetails", {{"MaxItems", "1000"}, {"Marker", marker}});
            const auto& body = page.reply.body;
            const auto at = body.find("<Marker>");
            marker = at == std::string::npos ? std::string{}
                                             : body.substr(at + 8, body.find("</Marker>") - at - 8);
            ++pages;
        } while (!marker.empty());
        if (pages != 11) state.SkipWithError("pages are missing");
    }
}
BENCHMARK(authorization_details_of_10000_users)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace keytide::lab
