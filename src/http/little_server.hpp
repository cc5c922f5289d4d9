// A server of a few lines in the test's own process, that speaks raw HTTP and misbehaves on order.
//
// Each connection is given to the handler on the server's thread, one after the other.
#pragma once

#include <arpa/inet.h>
#include <pthread.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace keytide::http {

class Connection {
public:
    explicit Connection(int socket) : socket_(socket) {}
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;
    ~Connection() {
        if (socket_ >= 0) close(socket_);
    }

    // Head and body, by Content-Length; what came when the peer goes earlier.
    std::string read_request() {
        std::string text;
        while (text.find("\r\n\r\n") == std::string::npos && read_more(text)) {
        }
        const auto head = text.find("\r\n\r\n");
        const auto field = text.find("Content-Length: ");
        if (head == std::string::npos || field > head) return text;
        const auto size = std::stoul(text.substr(field + 16));
        while (text.size() < head + 4 + size && read_more(text)) {
        }
        return text;
    }

    void send(std::string_view text) {
        while (!text.empty()) {
            const auto sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
            if (sent <= 0) return;
            text.remove_prefix(std::size_t(sent));
        }
    }

    void reply(int status, std::string_view body, std::string_view more_headers = "") {
        send("HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: " + std::to_string(body.size()) +
             "\r\nDate: Sat, 31 Jan 2026 12:00:00 GMT\r\n" + std::string(more_headers) + "\r\n" +
             std::string(body));
    }

    // The peer learns of it as a reset, not as an end.
    void reset() {
        const linger now{1, 0};
        setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
        close(std::exchange(socket_, -1));
    }

    enum class Goodbye { ended, was_reset };
    Goodbye wait_until_peer_goes() {
        char byte = 0;
        while (true) {
            const auto got = recv(socket_, &byte, 1, 0);
            if (got == 0) return Goodbye::ended;
            if (got < 0 && errno != EINTR) return Goodbye::was_reset;
        }
    }

    int socket() const { return socket_; }

    int peer_port() const {
        sockaddr_in peer{};
        socklen_t size = sizeof peer;
        getpeername(socket_, reinterpret_cast<sockaddr*>(&peer), &size);
        return ntohs(peer.sin_port);
    }

private:
    bool read_more(std::string& text) {
        char bytes[4096];
        const auto got = recv(socket_, bytes, sizeof bytes, 0);
        if (got > 0) text.append(bytes, std::size_t(got));
        return got > 0;
    }

    int socket_;
};

class LittleServer {
public:
    using Handler = std::function<void(Connection&)>;

    explicit LittleServer(Handler handler) : handler_(std::move(handler)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{
            .sin_family = AF_INET, .sin_port = 0, .sin_addr = {htonl(INADDR_LOOPBACK)}, .sin_zero = {}};
        socklen_t size = sizeof address;
        auto* place = reinterpret_cast<sockaddr*>(&address);
        if (listener_ < 0 || bind(listener_, place, size) != 0 || listen(listener_, 16) != 0 ||
            getsockname(listener_, place, &size) != 0)
            throw std::runtime_error("no listening socket");
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    LittleServer(const LittleServer&) = delete;
    LittleServer& operator=(const LittleServer&) = delete;
    ~LittleServer() {
        stop();
        close(listener_);
    }

    // Waits for the handler at work; everything that it wrote can be read afterwards.
    void stop() {
        shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
    }

    int port() const { return port_; }
    std::string url(std::string_view scheme = "http") const {
        return std::string(scheme) + "://127.0.0.1:" + std::to_string(port_) + "/";
    }

private:
    void serve() {
        // A handler may write (OpenSSL does, with write()) when the client has gone already.
        sigset_t pipe;
        sigemptyset(&pipe);
        sigaddset(&pipe, SIGPIPE);
        pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
        while (true) {
            const int accepted = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
            if (accepted < 0) return;
            Connection connection(accepted);
            handler_(connection);
        }
    }

    Handler handler_;
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace keytide::http
