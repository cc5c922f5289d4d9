#include "lab/http_session.hpp"

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <iterator>
#include <tuple>

#include "lab/control/control.hpp"
#include "lab/head.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;

using Parser = http::request_parser<http::string_body>;

constexpr std::size_t longest_head = 64 * 1024;
constexpr auto time_for_reply = std::chrono::seconds(30);
constexpr auto time_for_farewell = std::chrono::seconds(2);
constexpr std::size_t most_at_once = 16 * 1024;
constexpr std::size_t farewell_bytes = 4 * Lab::longest_form;

std::string_view view(beast::string_view text) {
    return {text.data(), text.size()};
}

Request head_of(const http::request<http::string_body>& message) {
    Request request;
    request.method = view(message.method_string());
    auto target = view(message.target());
    if (const auto scheme = target.find("://");
        !target.starts_with('/') && scheme != std::string_view::npos) {
        const auto path = target.find('/', scheme + 3);  // the absolute form, which servers must accept
        target = path == std::string_view::npos ? std::string_view("/") : target.substr(path);
    }
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    if (question != std::string_view::npos) request.query = target.substr(question + 1);
    request.headers.reserve(std::size_t(std::distance(message.begin(), message.end())));
    for (const auto& field : message)
        request.headers.push_back({std::string(view(field.name_string())), std::string(view(field.value()))});
    return request;
}

Request to_request(http::request<http::string_body>&& message) {
    auto request = head_of(message);
    request.body = std::move(message.body());
    return request;
}

// Header values hold what clients sent (a bucket's name): a line end in one must not begin another header.
void append_field(std::string& out, std::string_view name, std::string_view value) {
    out.append(name).append(": ");
    for (const char c : value) out += c == '\r' || c == '\n' ? ' ' : c;
    out += "\r\n";
}

struct Framing {
    bool keep_alive = false;
    bool http_1_0 = false;
    bool bodiless = false;  // the request was a HEAD
};

// Cut after so many bytes of the body, where something is to go wrong.
std::string to_wire(const Reply& reply, Framing framing, std::string_view date,
                    std::optional<std::size_t> cut_after) {
    std::string out;
    out.reserve(512 + reply.body.size());
    out += "HTTP/1.1 " + std::to_string(reply.status) + " ";
    out += view(http::obsolete_reason(http::int_to_status(unsigned(reply.status))));
    out += "\r\n";
    for (const auto& field : reply.headers) append_field(out, field.name, field.value);
    append_field(out, "Date", date);
    append_field(out, "Server", "keytide-lab");
    if (!reply.content_type.empty()) append_field(out, "Content-Type", reply.content_type);
    if (!framing.bodiless && reply.status != 204 &&
        reply.status != 304)  // RFC 9110, 8.6; what it says to a HEAD, a handler knows
        append_field(out, "Content-Length", std::to_string(reply.body.size()));
    if (!framing.keep_alive) append_field(out, "Connection", "close");
    if (framing.keep_alive && framing.http_1_0) append_field(out, "Connection", "keep-alive");
    out += "\r\n";
    if (!framing.bodiless)
        out += std::string_view(reply.body).substr(0, cut_after.value_or(reply.body.size()));
    return out;
}

// What to say about bytes that are no request; nothing when there is nobody to say it to.
// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
std::optional<ServiceError> objection(const beast::error_code& error) {
    if (error == http::error::header_limit || error == http::error::buffer_overflow)
        return ServiceError{
            "RequestHeaderSectionTooLarge",
            "Your request header section exceeds the maximum allowed request header section size.", 400};
    if (error == http::error::body_limit)
        return ServiceError{"MaxMessageLengthExceeded", "Your request was too big.", 400};
    if (error == http::error::end_of_stream || error == http::error::partial_message) return {};
    if (error.category() == http::make_error_code(http::error::bad_method).category())
        return ServiceError{"BadRequest", "An error occurred when parsing the HTTP request.", 400};
    return {};  // the connection broke, or took too long
}

// A call that lands when its client is long gone. Its operands live in the coroutine's frame.
Awaitable<void> land_late(Request request, Rehearsal::Arrival arrival, Surroundings here) {
    const auto due = arrival.lands_at();
    co_await here.waiting.until(due, arrival.life);
    here.rehearsal.act(std::move(request), arrival, here.clock());
}

// g++ 12 destroys some temporaries of a co_await expression twice: every operand has a name here, and no
// co_await stands in a condition. https://gcc.gnu.org/bugzilla/show_bug.cgi?id=99576
class Session {
public:
    Session(Socket socket, Surroundings surroundings)
        : peer_(address_of(socket)), socket_(std::move(socket)), here_(surroundings) {
        beast::error_code ignored;
        socket_.non_blocking(true, ignored);
    }

    Awaitable<void> run() {
        bool more = true;
        while (more) {
            more = co_await serve_one();
            co_await others_go_first();
        }
        if (socket_.is_open()) co_await say_farewell();
    }

private:
    static std::string address_of(const Socket& socket) {
        beast::error_code error;
        const auto peer = socket.remote_endpoint(error);
        return error ? std::string() : peer.address().to_string();
    }

    // False when the connection is to be closed.
    Awaitable<bool> serve_one() {
        Parser parser;
        parser.header_limit(std::uint32_t(longest_head));
        parser.body_limit(boost::none);  // until the head has told for whom it is
        deadline_.set(here_.limits.time_for_request);
        auto error = co_await read_head();
        if (!error) {
            const auto consumed = parser.put(buffer_.data(), error);
            buffer_.consume(consumed);
        }
        if (!error) error = limit_body(parser);
        if (!error && !parser.is_done()) {
            if (beast::iequals(parser.get()[http::field::expect], "100-continue")) {
                constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";
                co_await asio::async_write(socket_, asio::buffer(go_on), token);
            }
            auto [body_error, body_size] = co_await http::async_read(socket_, buffer_, parser, token);
            error = body_error;
        }
        if (error) {
            const auto reason = objection(error);
            if (!reason) co_return false;
            const Rehearsal::Ending refusal{here_.rehearsal.lab().refuse(*reason)};
            const Framing last;
            co_await write(refusal, last);
            co_return false;
        }
        deadline_.lift();
        auto message = parser.release();
        const Framing framing{message.keep_alive(), message.version() == 10,
                              message.method() == http::verb::head};
        auto request = to_request(std::move(message));
        request.source_ip = peer_;
        const bool goes_on = co_await treat(request, framing);
        co_return goes_on&& framing.keep_alive;
    }

    // Nobody is asked about a form of the usual size.
    beast::error_code limit_body(Parser& parser) {
        std::uint64_t limit = Lab::longest_form;
        const auto length = parser.content_length();
        if (parser.chunked() || length.value_or(0) > limit)
            limit = here_.rehearsal.lab().longest_body(head_of(parser.get()));
        parser.body_limit(limit);
        if (length.value_or(0) > limit) return http::make_error_code(http::error::body_limit);
        return {};
    }

    // All of a head is in the buffer, and can be read in one way only.
    Awaitable<beast::error_code> read_head() {
        constexpr std::string_view end = "\r\n\r\n";
        std::size_t searched = 0;
        for (;;) {
            const auto data = buffer_.data();
            const std::string_view text(static_cast<const char*>(data.data()), data.size());
            const auto found = text.find(end, searched);
            if (found != std::string_view::npos && found + end.size() <= longest_head) {
                if (is_unambiguous(text.substr(0, found + end.size()))) co_return beast::error_code{};
                co_return http::make_error_code(http::error::bad_field);
            }
            if (text.size() >= longest_head) co_return http::make_error_code(http::error::header_limit);
            searched = text.size() < end.size() ? 0 : text.size() - end.size() + 1;
            const auto room = buffer_.prepare(std::min(most_at_once, longest_head - text.size()));
            auto [error, size] = co_await socket_.async_read_some(room, token);
            if (error) co_return error;
            buffer_.commit(size);
        }
    }

    Awaitable<bool> treat(Request& request, const Framing& framing) {
        if (control::is_addressed(request)) {
            const Rehearsal::Ending said{control::answer(here_.rehearsal, request, here_.clock())};
            here_.waiting.look_again();
            const bool written = co_await write(said, framing);
            co_return written;
        }
        const auto arrival = here_.rehearsal.receive(request, here_.clock());
        if (arrival.hangs_up()) {
            const auto executor = co_await asio::this_coro::executor;
            asio::co_spawn(executor, land_late(std::move(request), arrival, here_), asio::detached);
            co_return false;
        }
        const auto due = arrival.lands_at();
        if (due > arrival.received) co_await here_.waiting.until(due, arrival.life);
        const auto ending = act(std::move(request), arrival);
        const auto answered_at = due + arrival.course.after;
        if (answered_at > due) co_await here_.waiting.until(answered_at, arrival.life);
        if (!ending.reply) {
            if (ending.reset) tear_down();
            co_return false;
        }
        const bool written = co_await write(ending, framing);
        co_return written && !ending.cut_after;
    }

    Rehearsal::Ending act(Request request, const Rehearsal::Arrival& arrival) {
        try {
            return here_.rehearsal.act(std::move(request), arrival, here_.clock());
        } catch (const std::exception&) {  // out of memory, above all
            return {here_.rehearsal.lab().refuse(
                {"InternalError", "We encountered an internal error. Please try again.", 500})};
        }
    }

    // Whatever else is ready is done before this goes on: what came meanwhile is answered in one go, so that
    // the clients are woken together, and have sent the next by the time that it is looked for.
    Awaitable<std::tuple<>> others_go_first() { return asio::post(socket_.get_executor(), token); }

    Awaitable<bool> write(const Rehearsal::Ending& ending, const Framing& framing) {
        const auto now = here_.rehearsal.now(here_.clock());
        const auto text = to_wire(*ending.reply, framing, here_.date.text(now), ending.cut_after);
        co_await others_go_first();
        // As a rule the kernel takes all of it at once, and nothing is waited for.
        beast::error_code refused;
        const auto taken = socket_.write_some(asio::buffer(text), refused);
        if (refused && refused != asio::error::would_block) co_return false;
        if (taken == text.size()) co_return true;
        deadline_.set(time_for_reply);
        const auto rest = asio::buffer(text) + taken;
        auto [error, size] = co_await asio::async_write(socket_, rest, token);
        co_return !error;
    }

    // RST instead of FIN: with nothing to linger for, what was not sent yet is thrown away.
    void tear_down() {
        beast::error_code ignored;
        socket_.set_option(asio::socket_base::linger(true, 0), ignored);
        socket_.close(ignored);
    }

    // Closing while bytes still arrive would reset the connection, and the last reply could be lost on its
    // way.
    Awaitable<void> say_farewell() {
        beast::error_code ignored;
        socket_.shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
        deadline_.set(time_for_farewell);
        std::array<char, 4096> rest;
        for (std::size_t total = 0; total < farewell_bytes;) {
            auto [error, size] = co_await socket_.async_read_some(asio::buffer(rest), token);
            if (error) break;
            total += size;
        }
    }

    std::string peer_;  // the address of who is at the other end
    Socket socket_;
    beast::flat_buffer buffer_{longest_head + Lab::longest_form};
    Surroundings here_;
    Deadline deadline_{here_.deadlines, socket_};
};

}  // namespace

Awaitable<void> serve_connection(Socket socket, Surroundings surroundings) {
    Session session(std::move(socket), surroundings);
    co_await session.run();
}

}  // namespace keytide::lab
