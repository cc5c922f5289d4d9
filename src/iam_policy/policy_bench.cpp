// Policy decisions. The sample user is the one whom the tests deploy
// (lab/cloudformation/sample_template.hpp): two statements, four actions.
#include <benchmark/benchmark.h>

#include "iam_policy/decision.hpp"

namespace keytide::iam_policy {
namespace {

constexpr const char* sample = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],"Resource":"*"},
    {"Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey"],
     "Resource":"arn:aws:iam::123456789012:user/accesskey-rotate-sample-user"}]})";

constexpr const char* own_keys = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["iam:*AccessKey*","iam:GetUser"],"Resource":"arn:aws:iam::*:user/${aws:username}"},
    {"Effect":"Deny","NotAction":"iam:GetUser","Resource":"*",
     "Condition":{"NotIpAddress":{"aws:SourceIp":["192.0.2.0/24","203.0.113.0/24"]},
                  "Bool":{"aws:ViaAWSService":"false"}}}]})";

constexpr const char* user = "arn:aws:iam::123456789012:user/accesskey-rotate-sample-user";

void decisions(benchmark::State& state, const char* json,
               std::initializer_list<std::pair<const char*, const char*>> asked) {
    const auto policy = Policy::parse(json);
    const NamedPolicy named{"sample", &*policy};
    const MapContext context{{"aws:username", "accesskey-rotate-sample-user"},
                             {"aws:SourceIp", "203.0.113.9"},
                             {"aws:ViaAWSService", "false"}};
    std::int64_t count = 0;
    for (auto _ : state)
        for (const auto& [action, resource] : asked) {
            const Decision decision = decide(
                {.identity = {&named, 1}},
                {.action = action,
                 .resource = resource,
                 .context = context,
                 .principal = {.kind = Principal::Kind::user, .account = "123456789012", .arn = user}});
            benchmark::DoNotOptimize(decision.verdict);
            ++count;
        }
    state.SetItemsProcessed(count);
}

// What the walk asks: two that are allowed, two that are not.
void sample_user(benchmark::State& state) {
    decisions(state, sample,
              {{"s3:ListAllMyBuckets", "*"},
               {"iam:CreateAccessKey", user},
               {"iam:ListAccessKeys", user},
               {"iam:DeleteAccessKey", "arn:aws:iam::123456789012:user/somebody-else"}});
}
BENCHMARK(sample_user);

void wildcards_variables_and_conditions(benchmark::State& state) {
    decisions(state, own_keys,
              {{"iam:CreateAccessKey", user}, {"iam:ListAccessKeys", user}, {"iam:GetUser", user}});
}
BENCHMARK(wildcards_variables_and_conditions);

void compiling(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(Policy::parse(sample));
}
BENCHMARK(compiling);

}  // namespace
}  // namespace keytide::iam_policy
