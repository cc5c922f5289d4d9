// A C++ program that gets its key from `keytide serve`, keeps it until shortly before it expires, and lists
// buckets all the while. An example of the container credentials protocol, and one of the clients of `make
// live`.
//
// usage: list_buckets FILE    FILE is told the figures, over and over; ends when standard input does.
// The environment says the rest: AWS_CONTAINER_CREDENTIALS_FULL_URI, AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE,
// AWS_ENDPOINT_URL, AWS_REGION. Plain HTTP on loopback, by sockets.
#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>

#include "signature/sigv4.hpp"

using namespace keytide;

namespace {

struct Url {
    std::string host, path;  // 127.0.0.1:4600, /app/web
};

Url url_of(const std::string& text) {
    const std::string scheme = "http://";
    if (!text.starts_with(scheme)) throw std::runtime_error("not http://: " + text);
    const auto slash = std::min(text.find('/', scheme.size()), text.size());
    return {text.substr(scheme.size(), slash - scheme.size()),
            slash < text.size() ? text.substr(slash) : "/"};
}

struct Reply {
    int status;
    std::string body;
};

Reply get(const Url& url, const std::vector<signature::HeaderField>& headers) {
    const auto colon = url.host.rfind(':');
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(std::stoi(url.host.substr(colon + 1))));
    inet_pton(AF_INET, url.host.substr(0, colon).c_str(), &address.sin_addr);
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    std::string request = "GET " + url.path + " HTTP/1.1\r\nConnection: close\r\n", reply;
    for (const auto& field : headers) request += field.name + ": " + field.value + "\r\n";
    request += "\r\n";
    if (connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0 &&
        write(fd, request.data(), request.size()) == ssize_t(request.size())) {
        char bytes[4096];
        for (ssize_t got = 0; (got = read(fd, bytes, sizeof bytes)) > 0;)
            reply.append(bytes, std::size_t(got));
    }
    close(fd);
    const auto end = reply.find("\r\n\r\n");
    if (!reply.starts_with("HTTP/1.1 ") || end == std::string::npos) return {0, "no answer"};
    return {std::stoi(reply.substr(9, 3)), reply.substr(end + 4)};
}

std::string variable(const char* name) {
    const char* value = std::getenv(name);
    if (value == nullptr) throw std::runtime_error(std::string(name) + " is not set");
    return value;
}

Instant now() {
    return std::chrono::floor<Duration>(std::chrono::system_clock::now());
}

// The key as it was fetched, until five minutes before it expires.
class CachedKey {
public:
    long fetched = 0;

    const AccessKey& get() {
        if (!key_ || now() + std::chrono::minutes{5} >= until_) fetch();
        return *key_;
    }

private:
    void fetch() {
        const auto url = url_of(variable("AWS_CONTAINER_CREDENTIALS_FULL_URI"));
        std::ifstream file(variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
        std::string token((std::istreambuf_iterator<char>(file)), {});
        const auto reply = ::get(url, {{"Host", url.host}, {"Authorization", token}});
        if (reply.status != 200) throw std::runtime_error("no credentials: " + reply.body);
        const auto told = boost::json::parse(reply.body).as_object();
        const auto text = [&](const char* name) { return std::string(told.at(name).as_string()); };
        key_ = AccessKey{*AccessKeyId::parse(text("AccessKeyId")), Secret(text("SecretAccessKey")),
                         Secret(text("Token"))};
        until_ = *parse_rfc3339(text("Expiration"));
        ++fetched;
    }
    std::optional<AccessKey> key_;
    Instant until_{};
};

Reply list_buckets(const AccessKey& key) {
    auto url = url_of(variable("AWS_ENDPOINT_URL"));
    url.path = "/";
    signature::WireRequest request{"GET", "/", "", {{"Host", url.host}}, signature::sha256_hex("")};
    signature::sign(request, key, variable("AWS_REGION"), "s3", now());
    return get(url, request.headers);
}

// How long to pause; false once standard input has ended.
bool pause(int milliseconds) {
    pollfd input{STDIN_FILENO, POLLIN | POLLHUP, 0};
    return poll(&input, 1, milliseconds) == 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    CachedKey key;
    long calls = 0, failures = 0;
    do {
        std::string trouble;
        try {
            const auto reply = list_buckets(key.get());
            if (reply.status != 200) trouble = reply.body.substr(0, 200);
        } catch (const std::exception& e) {
            trouble = e.what();
        }
        ++calls;
        if (!trouble.empty()) {
            ++failures;
            std::fprintf(stderr, "list_buckets: %s\n", trouble.c_str());
        }
        std::ofstream(std::string(argv[1])) << calls << ' ' << failures << ' ' << key.fetched << '\n';
    } while (pause(2000));
    return 0;
}
