#include "service/credential_endpoint.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>

namespace keytide::service {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr auto token = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t longest_head = 8 * 1024;
constexpr std::size_t most_connections = 256;
constexpr auto time_for_request = std::chrono::seconds(30);
constexpr auto pause_after_failed_accept = std::chrono::milliseconds(100);

using WipedBody = http::basic_string_body<char, std::char_traits<char>, WipingAllocator<char>>;
using Reply = http::response<WipedBody>;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

Reply reply(http::status status, WipedString body) {
    Reply result(status, 11);
    result.set(http::field::content_type, "application/json");
    result.set(http::field::cache_control, "no-store");
    result.body() = std::move(body);
    return result;
}

Reply refusal(http::status status, std::string_view code, std::string_view message) {
    WipedString body;
    body.append(R"({"code":")").append(code).append(R"(","message":")");
    for (const char c : message)
        body += c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ? '\'' : c;
    body += "\"}\n";
    return reply(status, std::move(body));
}

Reply answer(const std::vector<Consumer>& consumers, const http::request<http::empty_body>& request) {
    if (request.method() != http::verb::get)
        return refusal(http::status::method_not_allowed, "MethodNotAllowed",
                       "credentials are fetched by GET");
    const auto path = view(request.target());
    const auto consumer = std::ranges::find(consumers, path, &Consumer::path);
    const bool known = consumer != consumers.end();
    // Who is unknown takes as long as who is known.
    const auto asked_for = (known ? *consumer : consumers.front()).token();
    const bool right = asked_for && Secret(view(request[http::field::authorization])).same_as(*asked_for);
    if (!known || !right)
        return refusal(http::status::unauthorized, "AccessDenied",
                       "the Authorization header has no token for this path");
    auto document = consumer->fetch();
    if (!document)
        return refusal(http::status::internal_server_error, "InternalFailure", document.error().message);
    return reply(http::status::ok, std::move(*document));
}

}  // namespace

struct CredentialEndpoint::State {
    std::vector<Consumer> consumers;
    std::size_t connections = 0;
    std::uint16_t port = 0;
    asio::io_context context{1};
    tcp::acceptor acceptor{context};
    asio::steady_timer pause{context};

    asio::awaitable<void> accept() {
        for (;;) {
            auto [error, socket] = co_await acceptor.async_accept(token);
            if (error) {
                pause.expires_after(pause_after_failed_accept);
                co_await pause.async_wait(token);
                continue;
            }
            if (connections >= most_connections) continue;  // and so closed
            ++connections;
            asio::co_spawn(context, serve(std::move(socket)),
                           [this](const std::exception_ptr&) { --connections; });
        }
    }

    asio::awaitable<void> serve(tcp::socket socket) {
        beast::tcp_stream stream(std::move(socket));
        beast::flat_buffer buffer(2 * longest_head);
        for (bool open = true; open;) {
            stream.expires_after(time_for_request);
            http::request_parser<http::empty_body> parser;
            parser.header_limit(longest_head);
            const auto [failed_to_read, read] = co_await http::async_read(stream, buffer, parser, token);
            if (failed_to_read) co_return;
            auto answered = answer(consumers, parser.get());
            open = parser.get().keep_alive();
            answered.keep_alive(open);
            answered.prepare_payload();
            stream.expires_after(time_for_request);
            const auto [failed_to_write, written] = co_await http::async_write(stream, answered, token);
            if (failed_to_write) co_return;
        }
        beast::error_code ignored;
        stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
    }
};

Result<CredentialEndpoint> CredentialEndpoint::listen(std::string_view address, std::uint16_t port,
                                                      std::vector<Consumer> consumers) {
    if (consumers.empty()) return usage_error("there is nobody to serve");
    const std::string where(address);
    boost::system::error_code error;
    const auto ip = asio::ip::make_address(where, error);
    if (error || !ip.is_loopback())
        return usage_error(where + " is no address of this machine alone",
                           "credentials are served on loopback only: 127.0.0.1:PORT or [::1]:PORT");
    auto state = std::make_unique<State>();
    state->consumers = std::move(consumers);
    const tcp::endpoint endpoint(ip, port);
    auto& acceptor = state->acceptor;
    acceptor.open(endpoint.protocol(), error);
    if (!error) acceptor.set_option(asio::socket_base::reuse_address(true), error);
    if (!error) acceptor.bind(endpoint, error);
    if (!error) acceptor.listen(asio::socket_base::max_listen_connections, error);
    if (error)
        return failed("cannot listen on " + where + " port " + std::to_string(port) + ": " + error.message(),
                      "give another port to 'listen' of 'serve' in keytide.yaml");
    state->port = acceptor.local_endpoint(error).port();
    asio::co_spawn(state->context, state->accept(), asio::detached);
    return CredentialEndpoint(std::move(state));
}

CredentialEndpoint::CredentialEndpoint(std::unique_ptr<State> state) : state_(std::move(state)) {}
CredentialEndpoint::CredentialEndpoint(CredentialEndpoint&&) noexcept = default;
CredentialEndpoint& CredentialEndpoint::operator=(CredentialEndpoint&&) noexcept = default;
CredentialEndpoint::~CredentialEndpoint() = default;

std::uint16_t CredentialEndpoint::port() const {
    return state_->port;
}
void CredentialEndpoint::run() {
    state_->context.run();
}
void CredentialEndpoint::stop() {
    state_->context.stop();
}

}  // namespace keytide::service
