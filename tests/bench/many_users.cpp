// What a signed ListBuckets costs a lab of so many users, each with a key and a policy of its own, beside a
// lab of ten, and how much memory each of them takes.
//
// usage: many_users USERS      → users=… p50_ns=… p99_ns=… few_p50_ns=… few_p99_ns=… bytes_per_user=…
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "lab/signed_call.hpp"

using namespace keytide;
using namespace keytide::lab;

namespace {

constexpr std::size_t few_users = 10;
constexpr std::size_t samples = 200'000;
constexpr std::size_t signed_at_once = 1'000;  // ahead of being timed

std::uint64_t resident_bytes() {
    std::ifstream statm("/proc/self/statm");
    std::uint64_t size = 0, resident = 0;
    statm >> size >> resident;
    return resident * std::uint64_t(sysconf(_SC_PAGESIZE));
}

AccessKey make_user(const Client& root, const std::string& name) {
    const auto policy =
        R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],)"
        R"("Resource":"*"},{"Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey"],)"
        R"("Resource":"arn:aws:iam::123456789012:user/)" +
        name + R"("}]})";
    root.iam("CreateUser", {{"UserName", name}});
    root.iam("PutUserPolicy", {{"UserName", name}, {"PolicyName", "own-keys"}, {"PolicyDocument", policy}});
    return created_key(root.iam("CreateAccessKey", {{"UserName", name}}));
}

// A lab of so many users, each of whom has called once today: what is timed is a call among many of theirs.
struct Crowd {
    explicit Crowd(std::size_t users)
        : lab({.root_key = example_root_key(), .created = noon, .quotas = {.users = users}},
              seeded_randomness()) {
        const auto root = root_of(lab);
        root.s3("PUT", "/my-bucket");
        for (std::size_t i = 0; i < users; ++i) keys.push_back(make_user(root, "user-" + std::to_string(i)));
        for (const auto& key : keys) time_calls({&key, 1});
        took.clear();
    }

    // By these keys' owners, signed ahead of being timed.
    void time_calls(std::span<const AccessKey> callers) {
        requests.clear();
        for (const auto& key : callers) sign(requests.emplace_back(s3_request("GET", "/")), key, "s3", noon);
        for (const auto& request : requests) {
            const auto begun = std::chrono::steady_clock::now();
            const auto reply = lab.handle(request, noon);
            const auto time = std::chrono::steady_clock::now() - begun;
            if (reply.status != 200) std::exit(1);
            took.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
        }
    }

    void time_calls_of_anybody(std::mt19937_64& dice) {
        std::vector<AccessKey> callers;
        for (std::size_t i = 0; i < signed_at_once; ++i)
            callers.push_back(keys[dice() % keys.size()].clone());
        time_calls(callers);
    }

    long long percentile(std::size_t hundredths) {
        std::ranges::sort(took);
        return took[took.size() * hundredths / 100];
    }

    Lab lab;
    std::vector<AccessKey> keys;
    std::vector<Request> requests;
    std::vector<std::int64_t> took;
};

}  // namespace

int main(int argc, char** argv) {
    const auto users = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
    if (users == 0) return 2;
    Crowd few(few_users);
    const auto before = resident_bytes();
    Crowd many(users);
    const auto for_users = resident_bytes() - before;

    // In turn, so that both meet the same machine.
    std::mt19937_64 dice(1);
    while (many.took.size() < samples) {
        few.time_calls_of_anybody(dice);
        many.time_calls_of_anybody(dice);
    }
    std::printf("users=%lu p50_ns=%lld p99_ns=%lld few_p50_ns=%lld few_p99_ns=%lld bytes_per_user=%llu\n",
                users, many.percentile(50), many.percentile(99), few.percentile(50), few.percentile(99),
                (unsigned long long)(for_users / users));
}
