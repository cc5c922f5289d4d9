// What a signed ListBuckets costs the lab when it holds so many users, each with a key and a policy of its
// own and calls it often, and how much memory each of them takes.
//
// usage: many_users USERS      → users=… p50_ns=… p99_ns=… bytes_per_user=…
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <vector>

#include "lab/signed_call.hpp"

using namespace keytide;
using namespace keytide::lab;

namespace {

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

}  // namespace

int main(int argc, char** argv) {
    const auto users = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
    if (users == 0) return 2;
    Lab lab({.root_key = example_root_key(), .created = noon, .quotas = {.users = users}},
            seeded_randomness());
    const auto root = root_of(lab);
    root.s3("PUT", "/my-bucket");

    const auto before = resident_bytes();
    std::vector<AccessKey> keys;
    for (std::size_t i = 0; i < users; ++i) keys.push_back(make_user(root, "user-" + std::to_string(i)));

    // Each has called once today, as those of a small lab have: what is timed is a call among many of theirs.
    for (const auto& key : keys) {
        auto request = s3_request("GET", "/");
        sign(request, key, "s3", noon);
        if (lab.handle(request, noon).status != 200) return 1;
    }
    const auto for_users = resident_bytes() - before;

    std::mt19937_64 dice(1);
    std::vector<std::int64_t> took;
    std::vector<Request> requests(signed_at_once);
    while (took.size() < samples) {
        for (auto& request : requests) {
            request = s3_request("GET", "/");
            sign(request, keys[dice() % users], "s3", noon);
        }
        for (const auto& request : requests) {
            const auto begun = std::chrono::steady_clock::now();
            const auto reply = lab.handle(request, noon);
            const auto time = std::chrono::steady_clock::now() - begun;
            if (reply.status != 200) return 1;
            took.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(time).count());
        }
    }
    std::sort(took.begin(), took.end());
    std::printf("users=%lu p50_ns=%lld p99_ns=%lld bytes_per_user=%llu\n", users,
                (long long)took[samples / 2], (long long)took[samples * 99 / 100],
                (unsigned long long)(for_users / users));
}
