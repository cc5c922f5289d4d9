// The lab behind a real socket, and whatever may arrive there.
#include "lab/server.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <random>
#include <thread>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ::testing::AnyOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

std::string to_text(const Request& request) {
    std::string text = request.method + " " + request.path;
    if (!request.query.empty()) text += "?" + request.query;
    text += " HTTP/1.1\r\n";
    for (const auto& field : request.headers) text += field.name + ": " + field.value + "\r\n";
    if (!request.body.empty()) text += fmt::format("Content-Length: {}\r\n", request.body.size());
    return text + "\r\n" + request.body;
}

class Connection {
public:
    explicit Connection(std::uint16_t port) {
        socket_.connect({asio::ip::make_address("127.0.0.1"), port});
        socket_.set_option(tcp::no_delay(true));
    }
    void send(std::string_view text) {
        boost::system::error_code ignored;  // the other side may have had enough
        asio::write(socket_, asio::buffer(text), ignored);
    }
    void send_no_more() {
        boost::system::error_code ignored;
        socket_.shutdown(tcp::socket::shutdown_send, ignored);
    }
    // One reply: its head, and the body that Content-Length announces.
    std::string receive() {
        boost::system::error_code error;
        const auto head_size = asio::read_until(socket_, asio::dynamic_buffer(buffer_), "\r\n\r\n", error);
        if (error) return "closed";
        std::size_t body_size = 0;
        if (const auto at = buffer_.find("Content-Length: "); at < head_size)
            body_size = std::stoul(buffer_.substr(at + 16));
        while (buffer_.size() < head_size + body_size && !error)
            asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_at_least(1), error);
        const auto reply = buffer_.substr(0, head_size + body_size);
        buffer_.erase(0, reply.size());
        return reply;
    }
    // All until the other side closes.
    std::string receive_rest() {
        boost::system::error_code error;
        while (!error) asio::read(socket_, asio::dynamic_buffer(buffer_), asio::transfer_at_least(1), error);
        if (error == asio::error::connection_reset) return "reset";
        return std::exchange(buffer_, {});
    }

private:
    asio::io_context context_;
    tcp::socket socket_{context_};
    std::string buffer_;
};

class ServerTest : public ::testing::Test {
protected:
    void SetUp() override { start({}); }
    void start(Server::Limits limits) {
        auto listening = Server::listen(
            rehearsal_, "127.0.0.1", 0, [] { return noon; }, limits);
        ASSERT_TRUE(listening) << listening.error().message;
        server_.emplace(std::move(*listening));
        thread_ = std::thread([this] { server_->run(); });
    }
    void TearDown() override {
        server_->stop();
        thread_.join();
    }
    std::uint16_t port() const { return server_->port(); }

    std::string list_buckets() const {
        auto request = s3_request("GET", "/");
        sign(request, key_, "s3", noon);
        return to_text(request);
    }
    std::string create_user(std::string_view name) const {
        auto request = query_request("iam", "CreateUser", {{"UserName", name}});
        sign(request, key_, "iam", noon);
        return to_text(request);
    }
    static std::string tell(std::string_view method, std::string_view topic, std::string_view body) {
        return fmt::format(
            "{} /_lab/{} HTTP/1.1\r\nAuthorization: Bearer open-sesame\r\nContent-Length: {}\r\n\r\n{}",
            method, topic, body.size(), body);
    }
    void told(std::string_view method, std::string_view topic, std::string_view body = "") const {
        Connection connection(port());
        connection.send(tell(method, topic, body));
        ASSERT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 OK\r\n")) << body;
    }
    // Until faults have struck so many calls.
    void wait_until_struck(std::size_t calls) const {
        Connection connection(port());
        for (std::size_t struck = 0; struck != calls;) {
            connection.send(tell("GET", "faults", ""));
            const auto faults = connection.receive();
            struck = 0;
            for (auto at = faults.find("\"applied\":1"); at != std::string::npos; ++struck)
                at = faults.find("\"applied\":1", at + 1);
        }
    }
    std::string reply_to(std::string_view request) const {
        Connection connection(port());
        connection.send(request);
        return connection.receive();
    }
    // All that the client gets to see before the connection is closed; "reset" when it is torn down.
    std::string fate_of(std::string_view request) const {
        Connection connection(port());
        connection.send(request);
        return connection.receive_rest();
    }
    void expect_good_service() const {
        Connection connection(port());
        connection.send(list_buckets());
        EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
    }

    AccessKey key_ = example_root_key();
    Lab lab_ = example_lab();
    Rehearsal rehearsal_{lab_, {.token = Secret("open-sesame")}};
    std::optional<Server> server_;
    std::thread thread_;
};

TEST_F(ServerTest, AnswersManyRequestsOnOneConnection) {
    Connection connection(port());
    for (int i = 0; i < 3; ++i) {
        connection.send(list_buckets());
        const auto reply = connection.receive();
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
        EXPECT_THAT(reply, HasSubstr("\r\nDate: Sat, 31 Jan 2026 12:00:00 GMT\r\n"));
        EXPECT_THAT(reply, HasSubstr("\r\nServer: "));
        EXPECT_THAT(reply, HasSubstr("\r\nx-amz-request-id: "));
        EXPECT_THAT(reply, HasSubstr("\r\nx-amz-id-2: "));
        EXPECT_THAT(reply, HasSubstr("</ListAllMyBucketsResult>"));
    }
    connection.send(create_user("bob"));
    EXPECT_THAT(connection.receive(), HasSubstr("\r\nx-amzn-RequestId: "));
}

TEST_F(ServerTest, AnswersPipelinedRequestsInTheirOrder) {
    Connection connection(port());
    connection.send(create_user("first") + create_user("second") + list_buckets());
    EXPECT_THAT(connection.receive(), HasSubstr("<UserName>first</UserName>"));
    EXPECT_THAT(connection.receive(), HasSubstr("<UserName>second</UserName>"));
    EXPECT_THAT(connection.receive(), HasSubstr("</ListAllMyBucketsResult>"));
}

TEST_F(ServerTest, TakesARequestByteByByte) {
    Connection connection(port());
    for (const char c : create_user("slow")) connection.send({&c, 1});
    EXPECT_THAT(connection.receive(), HasSubstr("<UserName>slow</UserName>"));
}

TEST_F(ServerTest, OneConnectionThatStallsHoldsUpNobody) {
    Connection silent(port());
    Connection half(port());
    half.send("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nAct");
    expect_good_service();
}

TEST_F(ServerTest, HeadHasNoBodyEvenWhenItIsRefused) {
    Connection connection(port());
    auto request = s3_request("HEAD", "/no-bucket");
    sign(request, key_, "s3", noon);
    auto to_iam = query_request("iam", "GetUser");
    to_iam.method = "HEAD";
    sign(to_iam, key_, "iam", noon);
    connection.send(to_text(request) + "HEAD * HTTP/1.1\r\n\r\n" + to_text(to_iam) + list_buckets());
    EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 404 Not Found\r\n"));
    EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 400 Bad Request\r\n"));
    EXPECT_THAT(connection.receive(), StartsWith("HTTP/1.1 200 OK\r\n")) << "the next reply follows at once";
}

TEST_F(ServerTest, SaysContinueToThoseWhoExpectIt) {
    Connection connection(port());
    const auto text = create_user("bob");
    const auto head_size = text.find("\r\n\r\n");
    connection.send(text.substr(0, head_size) + "\r\nExpect: 100-continue\r\n\r\n");
    EXPECT_EQ(connection.receive(), "HTTP/1.1 100 Continue\r\n\r\n");
    connection.send(text.substr(head_size + 4));
    EXPECT_THAT(connection.receive(), HasSubstr("<UserName>bob</UserName>"));
}

TEST_F(ServerTest, TakesChunkedBodiesAndAbsoluteTargets) {
    Connection connection(port());
    auto request = query_request("iam", "CreateUser", {{"UserName", "chunked"}});
    sign(request, key_, "iam", noon);
    auto text = to_text({request.method, "http://127.0.0.1:4599/", "", request.headers, ""});
    text.insert(text.size() - 2, "Transfer-Encoding: chunked\r\n");
    connection.send(text + fmt::format("{:x}\r\n{}\r\n0\r\n\r\n", request.body.size(), request.body));
    EXPECT_THAT(connection.receive(), HasSubstr("<UserName>chunked</UserName>"));
}

TEST_F(ServerTest, ClosesWhenAskedTo) {
    Connection connection(port());
    auto text = list_buckets();
    text.insert(text.size() - 2, "Connection: close\r\n");
    connection.send(text);
    const auto all = connection.receive_rest();
    EXPECT_THAT(all, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(all, HasSubstr("\r\nConnection: close\r\n"));
}

TEST_F(ServerTest, RefusesWhatIsTooLargeInS3sShape) {
    Connection head(port());
    head.send("GET / HTTP/1.1\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n");
    head.send_no_more();
    EXPECT_THAT(head.receive_rest(), HasSubstr("<Code>RequestHeaderSectionTooLarge</Code>"));

    Connection announced(port());
    announced.send("POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n");
    EXPECT_THAT(announced.receive(), HasSubstr("<Code>MaxMessageLengthExceeded</Code>"));

    Connection chunked(port());
    chunked.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n300000\r\n" +
                 std::string(0x300000, 'x'));
    chunked.send_no_more();
    EXPECT_THAT(chunked.receive_rest(), HasSubstr("<Code>MaxMessageLengthExceeded</Code>"));
    expect_good_service();
}

TEST_F(ServerTest, RefusesWhatIsNoRequest) {
    for (const char* text :
         {"\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\x16\x03\x01\x02TLS hello\r\n\r\n",
          "GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", "GET / HTTP/1.1\r\nbad header\r\n\r\n"}) {
        Connection connection(port());
        connection.send(text);
        connection.send_no_more();
        const auto all = connection.receive_rest();
        EXPECT_THAT(all, HasSubstr("<Code>BadRequest</Code>")) << text;
        EXPECT_THAT(all, HasSubstr("x-amz-request-id: ")) << text;
    }
    for (const char* target :
         {"*", "host:80", "http://x", "http://", "/?", "//", "/%", "/%zz?%", "/a?&=&&a==b"}) {
        Connection connection(port());
        connection.send(fmt::format("GET {} HTTP/1.1\r\n\r\n", target));
        EXPECT_THAT(connection.receive(), HasSubstr("<Error><Code>")) << target;
    }
    expect_good_service();
}

TEST_F(ServerTest, SurvivesRandomBytes) {
    std::mt19937 random(4599);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random() % 300, '\0');
        for (char& c : bytes) c = char(random());
        Connection connection(port());
        connection.send(bytes);
        connection.send_no_more();
        const auto all = connection.receive_rest();
        if (!all.empty()) {
            ASSERT_THAT(all, StartsWith("HTTP/1.1 4"));
        }
    }
    expect_good_service();
}

TEST_F(ServerTest, SurvivesAlteredRequests) {
    std::mt19937 random(20260131);
    const std::string good = create_user("altered");
    const std::string bytes(
        "\0\r\n\t :;=&%,/?\xff"
        "09aZ",
        18);
    for (int i = 0; i < 3000; ++i) {
        std::string text = good;
        for (auto changes = 1 + random() % 4; changes > 0; --changes) {
            const auto at = random() % text.size();
            switch (random() % 4) {
                case 0: text[at] = bytes[random() % bytes.size()]; break;
                case 1: text.erase(at, random() % 20); break;
                case 2: text.insert(at, text.substr(random() % text.size(), random() % 50)); break;
                case 3: text.insert(at, 1, bytes[random() % bytes.size()]); break;
            }
        }
        Connection connection(port());
        connection.send(text);
        connection.send_no_more();
        const auto all = connection.receive_rest();
        if (!all.empty()) {
            ASSERT_THAT(all, StartsWith("HTTP/1.1 "));
            ASSERT_THAT(all, Not(StartsWith("HTTP/1.1 5"))) << text;
        }
    }
    expect_good_service();
}

// What two servers could read in two ways is refused, and nothing that follows it is read.
TEST_F(ServerTest, RefusesWhatCouldSmuggleARequest) {
    const auto hidden = list_buckets();
    const auto chunks = fmt::format("0\r\n\r\n{}", hidden);
    for (const std::string& head :
         {fmt::format("Content-Length: 0\r\nContent-Length: {}\r\n", hidden.size()),
          fmt::format("Content-Length: {}\r\nTransfer-Encoding: chunked\r\n", chunks.size()),
          std::string("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
          std::string("Transfer-Encoding: xchunked\r\n"), std::string("Transfer-Encoding: identity\r\n"),
          std::string("Transfer-Encoding: chunked, chunked\r\n"), std::string("Content-Length: 5, 5\r\n"),
          std::string("Content-Length: +5\r\n"), std::string("Content-Length: 0x5\r\n"),
          std::string("Content-Length: 99999999999999999999999\r\n"), std::string("Content-Length : 5\r\n"),
          std::string("Content-Length: 5\n"), std::string("X: a\rContent-Length: 5\r\n"),
          std::string("X: a\r\n Content-Length: 5\r\n"), std::string("X: a\0b\r\n", 8),
          std::string("Host: a\r\nHost: b\r\n"), std::string("X\r\n")}) {
        const auto all = fate_of("POST / HTTP/1.1\r\n" + head + "\r\n" + chunks);
        EXPECT_THAT(all, StartsWith("HTTP/1.1 400 Bad Request\r\n")) << head;
        EXPECT_THAT(all, HasSubstr("<Code>BadRequest</Code>")) << head;
        EXPECT_THAT(all, Not(HasSubstr("ListAllMyBucketsResult"))) << head;
    }
    for (const char* chunk : {"5;\n\r\nhello\r\n0\r\n\r\n", "5\nhello\n0\n\n", "-1\r\nhello\r\n0\r\n\r\n",
                              "5\r\nhelloXX0\r\n\r\n", "FFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n"}) {
        const auto all =
            fate_of("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n" + std::string(chunk) + hidden);
        EXPECT_THAT(all, Not(HasSubstr("ListAllMyBucketsResult"))) << chunk;
    }
    expect_good_service();
}

TEST_F(ServerTest, PathsLeadNowhereElse) {
    for (const char* path : {"/../../etc/passwd", "/..%2f..%2fetc%2fpasswd", "/%2e%2e/%2e%2e/etc/passwd",
                             "/a/../../../etc/passwd", "//etc/passwd", "/a%00b", "/_lab/../_lab/health",
                             "/_lab%2fhealth", "/x/../_lab/health", "/\\..\\etc"}) {
        Connection connection(port());
        connection.send(fmt::format("GET {} HTTP/1.1\r\nHost: a\r\n\r\n", path));
        const auto reply = connection.receive();
        EXPECT_THAT(reply, StartsWith("HTTP/1.1 4")) << path;
        EXPECT_THAT(reply, Not(HasSubstr("root:"))) << path;
    }
    expect_good_service();
}

class PressedServer : public ServerTest {
protected:
    void SetUp() override {}
};

TEST_F(PressedServer, ClosesOneConnectionTooMany) {
    start({.connections = 2});
    {
        Connection first(port()), second(port());
        first.send(list_buckets());
        EXPECT_THAT(first.receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
        second.send(list_buckets());
        EXPECT_THAT(second.receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
        Connection third(port());
        EXPECT_THAT(third.receive_rest(), AnyOf("", "reset"));
        first.send(list_buckets());
        EXPECT_THAT(first.receive(), StartsWith("HTTP/1.1 200 OK\r\n")) << "whoever is in is served";
        first.send_no_more();
        first.receive_rest();  // and then its place is free
    }
    for (std::string reply = "closed"; reply == "closed";) {
        Connection later(port());
        later.send(list_buckets());
        reply = later.receive();
    }
}

TEST_F(PressedServer, WaitsForNobodyForEver) {
    start({.time_for_request = std::chrono::milliseconds(50)});
    EXPECT_THAT(fate_of(""), "") << "says nothing";
    EXPECT_THAT(fate_of("POST / HTTP/1.1\r\nX"), "") << "stops in the head";
    EXPECT_THAT(fate_of("POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nAct"), "") << "stops in the body";
    Connection idle(port());
    idle.send(list_buckets());
    EXPECT_THAT(idle.receive(), StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(idle.receive_rest(), "") << "says nothing more";
}

TEST_F(ServerTest, ItsControlPlaneIsOnTheSamePort) {
    EXPECT_THAT(fate_of("GET /_lab/health HTTP/1.1\r\nConnection: close\r\n\r\n"),
                StartsWith("HTTP/1.1 401 Unauthorized\r\n"));
    Connection connection(port());
    connection.send(tell("GET", "health", ""));
    const auto reply = connection.receive();
    EXPECT_THAT(reply, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_THAT(reply, HasSubstr("\r\nContent-Type: application/json\r\n"));
    told("POST", "clock", R"({"advance":"90d"})");
    connection.send(list_buckets());
    EXPECT_THAT(connection.receive(), HasSubstr("\r\nDate: Fri, 01 May 2026 12:00:00 GMT\r\n"));
}

TEST_F(ServerTest, LosesAnswersOfWhatItDid) {
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"lose_answer"})");
    EXPECT_EQ(fate_of(create_user("bob")), "");
    EXPECT_THAT(reply_to(create_user("bob")), HasSubstr("EntityAlreadyExists"));
}

TEST_F(ServerTest, TearsConnectionsDownBeforeAndAfterActing) {
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"reset"})");
    EXPECT_EQ(fate_of(create_user("bob")), "reset");
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"reset","acts":true})");
    EXPECT_EQ(fate_of(create_user("bob")), "reset");
    EXPECT_THAT(reply_to(create_user("bob")), HasSubstr("EntityAlreadyExists"));
}

TEST_F(ServerTest, CutsAnswersShort) {
    told("POST", "faults", R"({"fault":"truncate","after":20,"times":1})");
    const auto cut = fate_of(list_buckets());
    EXPECT_THAT(cut, StartsWith("HTTP/1.1 200 OK\r\n"));
    EXPECT_EQ(cut.size() - (cut.find("\r\n\r\n") + 4), 20u);
    EXPECT_THAT(cut, Not(HasSubstr("Content-Length: 20\r\n")));
}

TEST_F(ServerTest, AnswersWithAPageOfHtml) {
    told("POST", "faults", R"({"fault":"html","status":502,"times":1})");
    const auto page = reply_to(list_buckets());
    EXPECT_THAT(page, StartsWith("HTTP/1.1 502 Bad Gateway\r\n"));
    EXPECT_THAT(page, HasSubstr("\r\nContent-Type: text/html\r\n"));
    EXPECT_THAT(page, HasSubstr("<html>"));
}

TEST_F(ServerTest, ACallLandsLateAlthoughItsClientHasGone) {
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"hold","for":"10m","hang_up":true})");
    EXPECT_EQ(fate_of(create_user("bob")), "");
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"hold","for":"10m"})");
    {
        Connection impatient(port());
        impatient.send(create_user("eve"));
    }
    wait_until_struck(2);
    Connection connection(port());
    const auto names = [&] {
        auto request = query_request("iam", "ListUsers");
        sign(request, key_, "iam", noon);
        connection.send(to_text(request));
        return connection.receive();
    };
    EXPECT_THAT(names(), Not(HasSubstr("<UserName>")));
    told("POST", "clock", R"({"advance":"10m"})");
    // What became due is done next, and so at the latest before somebody asks often enough.
    std::string landed;
    while (landed.find("bob") == std::string::npos || landed.find("eve") == std::string::npos)
        landed = names();
}

TEST_F(ServerTest, DelaysFollowTheLabsClock) {
    told("POST", "faults", R"({"action":"CreateUser","times":1,"fault":"delay","before":"5m","after":"5m"})");
    Connection slow(port());
    slow.send(create_user("bob"));
    wait_until_struck(1);
    expect_good_service();
    told("POST", "clock", R"({"advance":"10m"})");
    EXPECT_THAT(slow.receive(), HasSubstr("<UserName>bob</UserName>"));
}

TEST(ServerListen, SaysWhyItCannot) {
    auto lab = example_lab();
    Rehearsal rehearsal(lab, {});
    const auto first = Server::listen(rehearsal, "127.0.0.1", 0, [] { return noon; });
    ASSERT_TRUE(first);
    const auto second = Server::listen(rehearsal, "127.0.0.1", first->port(), [] { return noon; });
    ASSERT_FALSE(second);
    EXPECT_THAT(second.error().message, HasSubstr("Address already in use"));
    const auto nowhere = Server::listen(rehearsal, "localhost:80", 0, [] { return noon; });
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().kind, ErrorKind::usage);
}

}  // namespace
}  // namespace keytide::lab
