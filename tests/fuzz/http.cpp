// Bytes on a connection, as the lab's server reads them: heads, lengths, chunks, several requests in a row.
// Whatever comes, the connection is closed in the end, and the next one is served.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <memory>
#include <random>
#include <string>
#include <thread>

#include "lab/lab.hpp"
#include "lab/rehearsal.hpp"
#include "lab/server.hpp"
#include "target.hpp"

using namespace keytide;

namespace {

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");

class Running {
public:
    Running() {
        std::thread([this] { server_.run(); }).detach();
    }
    std::uint16_t port() const { return server_.port(); }

private:
    lab::Lab lab_{{.created = noon},
                  [engine = std::make_shared<std::mt19937_64>(1)](std::span<std::byte> bytes) {
                      for (auto& byte : bytes) byte = std::byte((*engine)() & 0xff);
                  }};
    lab::Rehearsal rehearsal_{lab_, {}};
    lab::Server server_ = *lab::Server::listen(rehearsal_, "127.0.0.1", 0, [] { return noon; });
};

// All that is answered to these bytes, up to the end of the connection.
std::string exchange(std::uint16_t port, std::string_view bytes) {
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    fuzz::require(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
    while (!bytes.empty()) {
        const auto sent = ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) break;  // it had enough
        bytes.remove_prefix(std::size_t(sent));
    }
    ::shutdown(socket, SHUT_WR);
    std::string answer;
    char buffer[4096];
    for (ssize_t size = 0; (size = ::recv(socket, buffer, sizeof buffer, 0)) > 0;)
        answer.append(buffer, size);
    ::close(socket);
    return answer;
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static auto& running = *new Running;  // for as long as the program runs
    const auto answer = exchange(running.port(), fuzz::text_of(data, size));
    fuzz::require(answer.empty() || answer.starts_with("HTTP/1.1 "));
    static int count = 0;
    if (++count % 64 == 0)
        fuzz::require(exchange(running.port(), "GET / HTTP/1.1\r\nHost: h\r\n\r\n").find("403") !=
                      std::string::npos);
    return 0;
}
