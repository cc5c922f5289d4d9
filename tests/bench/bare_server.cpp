// What Beast alone can do: the same bytes to whoever asks, with nothing verified, decided or written. The
// lab's speed is told beside it.
//
// usage: bare_server FILE      FILE: the reply, head and body, as the lab sent it
// Says the port on standard output, and serves until it is ended.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

constexpr auto token = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> serve(tcp::socket socket, const std::string& reply) {
    beast::tcp_stream stream(std::move(socket));
    beast::flat_buffer buffer;
    for (;;) {
        beast::http::request_parser<beast::http::string_body> parser;
        auto [error, size] = co_await beast::http::async_read(stream, buffer, parser, token);
        if (error) co_return;
        auto [unsent, written] = co_await asio::async_write(stream, asio::buffer(reply), token);
        if (unsent) co_return;
    }
}

asio::awaitable<void> accept(tcp::acceptor& acceptor, const std::string& reply) {
    for (;;) {
        auto [error, socket] = co_await acceptor.async_accept(token);
        if (error) co_return;
        socket.set_option(tcp::no_delay(true));
        asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), reply), asio::detached);
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    std::ifstream file(argv[1], std::ios::binary);
    const std::string reply{std::istreambuf_iterator<char>(file), {}};
    asio::io_context context{1};
    tcp::acceptor acceptor(context, {asio::ip::make_address("127.0.0.1"), 0});
    std::printf("%d\n", acceptor.local_endpoint().port());
    std::fflush(stdout);
    asio::co_spawn(context, accept(acceptor, reply), asio::detached);
    context.run();
}
