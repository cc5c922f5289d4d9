// What a signed ListBuckets costs a client of a lab of so many users, each with a key and a policy of its
// own, beside one of a lab of ten; what of it is the lab's own work, without the network; and how much memory
// a user takes.
//
// usage: many_users USERS
// Says, for many users and for few, p50_ns=… p99_ns=… few_p50_ns=… few_p99_ns=… as a client sees them, and
// lab_p50_ns=… lab_few_p50_ns=… of the lab's own work. Of that there is no 99th percentile: once in a hundred
// times, the tick of the system's timer takes longer than all of it.
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <random>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "lab/rehearsal.hpp"
#include "lab/server.hpp"
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

using Times = std::vector<std::int64_t>;  // nanoseconds

std::int64_t percentile(Times& times, std::size_t hundredths) {
    std::ranges::sort(times);
    return times[times.size() * hundredths / 100];
}

template <class Work>
void time(Times& times, Work work) {
    const auto begun = std::chrono::steady_clock::now();
    work();
    const auto took = std::chrono::steady_clock::now() - begun;
    times.push_back(std::chrono::duration_cast<std::chrono::nanoseconds>(took).count());
}

std::string on_the_wire(const Request& request) {
    std::string text = request.method + " " + request.path + " HTTP/1.1\r\n";
    for (const auto& [name, value] : request.headers) text += name + ": " + value + "\r\n";
    return text + "\r\n";
}

// One client's connection, on which one request waits for the answer to the one before.
class Connection {
public:
    explicit Connection(std::uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
        const int on = 1;
        setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        sockaddr_in address{.sin_family = AF_INET, .sin_port = htons(port)};
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) std::exit(1);
    }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() { close(socket_); }

    void list_buckets(std::string_view request) {
        if (send(socket_, request.data(), request.size(), 0) != ssize_t(request.size())) std::exit(1);
        std::size_t size = 0;
        const auto answer = [&] { return std::string_view(answer_.data(), size); };
        while (!answer().ends_with("</ListAllMyBucketsResult>")) {
            const auto more = recv(socket_, answer_.data() + size, answer_.size() - size, 0);
            if (more <= 0) std::exit(1);  // refused, too: then there is nothing more to come
            size += std::size_t(more);
        }
    }

private:
    int socket_;
    std::array<char, 4096> answer_;
};

// A lab of so many users, each of whom has called once today: what is timed is a call among many of theirs.
struct Crowd {
    explicit Crowd(std::size_t users)
        : lab({.root_key = example_root_key(), .created = noon, .quotas = {.users = users}},
              seeded_randomness()) {
        const auto root = root_of(lab);
        root.s3("PUT", "/my-bucket");
        for (std::size_t i = 0; i < users; ++i) keys.push_back(make_user(root, "user-" + std::to_string(i)));
        for (const auto& key : keys) (void)lab.handle(signed_by(key), noon);
    }

    static Request signed_by(const AccessKey& key) {
        auto request = s3_request("GET", "/");
        sign(request, key, "s3", noon);
        return request;
    }

    // By anybody, signed ahead of being timed.
    std::vector<Request> requests(std::mt19937_64& dice) const {
        std::vector<Request> requests;
        for (std::size_t i = 0; i < signed_at_once; ++i)
            requests.push_back(signed_by(keys[dice() % keys.size()]));
        return requests;
    }

    void time_calls(std::mt19937_64& dice) {
        for (const auto& request : requests(dice))
            time(in_lab, [&] {
                if (lab.handle(request, noon).status != 200) std::exit(1);
            });
    }

    void time_calls(std::mt19937_64& dice, Connection& connection) {
        std::vector<std::string> texts;
        for (const auto& request : requests(dice)) texts.push_back(on_the_wire(request));
        for (const auto& text : texts) time(seen_by_client, [&] { connection.list_buckets(text); });
    }

    Lab lab;
    std::vector<AccessKey> keys;
    Times in_lab, seen_by_client;
};

// A crowd's lab on a port, as long as this lives.
struct Port {
    explicit Port(Crowd& crowd) : rehearsal(crowd.lab, {.token = Secret(std::string("bench")), .seed = 1}) {}
    ~Port() { server.stop(); }

    Rehearsal rehearsal;
    Server server = Server::listen(rehearsal, "127.0.0.1", 0, [] { return noon; }).value();
    std::jthread serving{[this] { server.run(); }};
    Connection connection{server.port()};
};

}  // namespace

int main(int argc, char** argv) {
    const auto users = argc == 2 ? std::strtoul(argv[1], nullptr, 10) : 0;
    if (users == 0) return 2;
    Crowd few(few_users);
    const auto before = resident_bytes();
    Crowd many(users);
    const auto for_users = resident_bytes() - before;

    // In turn, so that all meet the same machine.
    std::mt19937_64 dice(1);
    {
        Port few_port(few), many_port(many);
        while (many.seen_by_client.size() < samples) {
            few.time_calls(dice, few_port.connection);
            many.time_calls(dice, many_port.connection);
        }
    }
    while (many.in_lab.size() < samples) {
        few.time_calls(dice);
        many.time_calls(dice);
    }
    const auto say = [](const char* name, Times& times, std::size_t hundredths) {
        std::printf("%sp%zu_ns=%lld ", name, hundredths, (long long)percentile(times, hundredths));
    };
    for (const std::size_t hundredths : {50, 99}) {
        say("", many.seen_by_client, hundredths);
        say("few_", few.seen_by_client, hundredths);
    }
    say("lab_", many.in_lab, 50);
    say("lab_few_", few.in_lab, 50);
    std::printf("users=%lu bytes_per_user=%llu\n", users, (unsigned long long)(for_users / users));
}
