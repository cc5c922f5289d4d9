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

}  // namespace
}  // namespace keytide::lab
