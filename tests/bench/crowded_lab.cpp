// A lab whose one account has so many users, each with a key, some of which are older than 90 days. AWS has
// at most 5,000 users in an account.
//
// usage: crowded_lab USERS OLD      → ENDPOINT ACCESS_KEY_ID SECRET TOKEN; serves until its standard input
// ends
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "lab/rehearsal.hpp"
#include "lab/server.hpp"
#include "lab/signed_call.hpp"

using namespace keytide;
using namespace keytide::lab;

namespace {

constexpr Duration day = std::chrono::hours{24};
constexpr auto policy =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]})";

Instant real_now() {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

}  // namespace

int main(int argc, char** argv) {
    const auto users = argc == 3 ? std::strtoul(argv[1], nullptr, 10) : 0;
    const auto old = argc == 3 ? std::strtoul(argv[2], nullptr, 10) : 0;
    if (users == 0 || old > users) return 2;
    const auto now = real_now();
    Lab lab({.root_key = example_root_key(), .created = now - 120 * day, .quotas = {.users = users}},
            seeded_randomness());
    auto root = root_of(lab);
    const auto make = [&](unsigned long n) {
        const auto name = "user-" + std::to_string(n);
        root.iam("CreateUser", {{"UserName", name}});
        root.iam("PutUserPolicy", {{"UserName", name}, {"PolicyName", "reads"}, {"PolicyDocument", policy}});
        root.iam("CreateAccessKey", {{"UserName", name}});
    };
    root.now = now - 100 * day;
    for (unsigned long n = 0; n < old; ++n) make(n);
    for (unsigned long n = old; n < users; ++n) {
        root.now = now - 80 * day + 79 * day * Duration::rep(n - old) / Duration::rep(users);
        make(n);
    }
    Rehearsal rehearsal(lab, {.token = Secret(std::string("bench")), .seed = 1});
    auto server = Server::listen(rehearsal, "127.0.0.1", 0, real_now);
    if (!server) return 1;
    const std::jthread serving([&] { server->run(); });
    std::printf("http://127.0.0.1:%u %s %s bench\n", unsigned(server->port()), root.key.id.text().c_str(),
                std::string(root.key.secret.reveal()).c_str());
    std::fflush(stdout);
    while (std::getchar() != EOF) continue;
    server->stop();
}
