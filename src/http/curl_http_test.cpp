#include "http/curl_http.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>

#include <atomic>

#include "http/little_server.hpp"

namespace keytide::http {
namespace {

using namespace std::chrono_literals;

CurlOptions quick() {
    CurlOptions options;
    options.connect_timeout = 5s;
    options.total_timeout = 5s;
    options.environment = credentials::fixed_environment({});
    return options;
}

HttpRequest post(const std::string& url, bool changing = false) {
    return {"POST", url, {{"Host", "example"}, {"X-One", "1"}}, "Action=CreateAccessKey", changing};
}

// The outcome of one request to a server that does this with every connection.
std::expected<HttpReply, HttpFailure> send_to(LittleServer::Handler handler, CurlOptions options = quick(),
                                              bool changing = false) {
    LittleServer server(std::move(handler));
    return CurlHttp(std::move(options)).send(post(server.url(), changing));
}

void expect_in_doubt(const std::expected<HttpReply, HttpFailure>& outcome) {
    ASSERT_FALSE(outcome);
    EXPECT_FALSE(outcome.error().not_sent) << outcome.error().reason;
    EXPECT_NE(outcome.error().reason, "");
}

void expect_not_sent(const std::expected<HttpReply, HttpFailure>& outcome) {
    ASSERT_FALSE(outcome);
    EXPECT_TRUE(outcome.error().not_sent) << outcome.error().reason;
    EXPECT_NE(outcome.error().reason, "");
}

TEST(CurlHttp, SendsWhatWasSignedAndNothingOfItsOwn) {
    std::string seen;
    const auto outcome = send_to([&](Connection& c) {
        seen = c.read_request();
        c.reply(200, "<ok/>");
    });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 200);
    EXPECT_EQ(outcome->body, "<ok/>");
    EXPECT_EQ(outcome->date, parse_rfc3339("2026-01-31T12:00:00Z"));
    EXPECT_EQ(seen,
              "POST / HTTP/1.1\r\nHost: example\r\nX-One: 1\r\nContent-Length: 22\r\n\r\n"
              "Action=CreateAccessKey");
}

TEST(CurlHttp, LeavesThePathAsItWasSigned) {
    std::string seen;
    LittleServer server([&](Connection& c) {
        seen = c.read_request();
        c.reply(200, "");
    });
    ASSERT_TRUE(CurlHttp(quick()).send({"GET", server.url() + "a/../b//c%20d", {}, ""}));
    server.stop();
    EXPECT_TRUE(seen.starts_with("GET /a/../b//c%20d HTTP/1.1\r\n")) << seen;
}

TEST(CurlHttp, MakesANewConnectionForEveryCall) {
    int connections = 0;
    LittleServer server([&](Connection& c) {
        ++connections;
        c.read_request();
        c.reply(200, "", "Connection: keep-alive\r\n");
    });
    CurlHttp http(quick());
    EXPECT_TRUE(http.send(post(server.url())));
    EXPECT_TRUE(http.send(post(server.url())));
    server.stop();
    EXPECT_EQ(connections, 2);
}

TEST(CurlHttp, FollowsNoRedirect) {
    int requests = 0;
    LittleServer server([&](Connection& c) {
        ++requests;
        c.read_request();
        c.reply(307, "", "Location: /elsewhere\r\n");
    });
    const auto outcome = CurlHttp(quick()).send(post(server.url()));
    server.stop();
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 307);
    EXPECT_EQ(requests, 1);
}

TEST(CurlHttp, IsInDoubtWhenTheServerGoesWithoutAnAnswer) {
    expect_in_doubt(send_to([](Connection& c) {
        char first = 0;  // without it, nothing may have been sent yet
        recv(c.socket(), &first, 1, 0);
        c.reset();
    }));
    expect_in_doubt(send_to([](Connection& c) {
        c.read_request();
        c.reset();
    }));
    expect_in_doubt(send_to([](Connection& c) { c.read_request(); }));
}

TEST(CurlHttp, IsInDoubtWhenTheAnswerIsCutOffOrNoHttp) {
    expect_in_doubt(send_to([](Connection& c) {
        c.read_request();
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n<Create");
    }));
    expect_in_doubt(send_to([](Connection& c) {
        c.read_request();
        c.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<Crea");
    }));
    expect_in_doubt(send_to([](Connection& c) {
        c.read_request();
        c.send("SSH-2.0-OpenSSH_9.2\r\n");
    }));
}

TEST(CurlHttp, ReadsNoMoreThanTheContentLengthSays) {
    const auto outcome = send_to([](Connection& c) {
        c.read_request();
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/><b/>");
    });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->body, "<a/>");
}

TEST(CurlHttp, IsInDoubtWhenTheAnswerIsTooSlowOrTooLarge) {
    auto impatient = quick();
    impatient.total_timeout = 100ms;
    expect_in_doubt(send_to(
        [](Connection& c) {
            c.read_request();
            c.wait_until_peer_goes();
        },
        impatient));

    auto small = quick();
    small.largest_body = 10;
    expect_in_doubt(send_to(
        [](Connection& c) {
            c.read_request();
            c.reply(200, std::string(11, 'x'));
        },
        small));
}

TEST(CurlHttp, TimeOfAnInterimAnswerIsNotTheAnswers) {
    const auto outcome = send_to([](Connection& c) {
        c.read_request();
        c.send("HTTP/1.1 103 Early Hints\r\nDate: Sun, 01 Feb 2026 12:00:00 GMT\r\n\r\n");
        c.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    });
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->status, 200);
    EXPECT_FALSE(outcome->date);
}

TEST(CurlHttp, KnowsThatNothingWasSentWithoutAConnection) {
    std::string url;
    {
        LittleServer gone([](Connection&) {});
        url = gone.url();
    }
    expect_not_sent(CurlHttp(quick()).send(post(url)));
    expect_not_sent(CurlHttp(quick()).send(post("http://no-such-host.invalid/")));
}

TEST(CurlHttp, KnowsThatNothingWasSentWithoutTls) {
    LittleServer plain([](Connection& c) { c.send("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    expect_not_sent(CurlHttp(quick()).send(post(plain.url("https"))));

    auto impatient = quick();
    impatient.connect_timeout = 100ms;
    LittleServer silent([](Connection& c) { c.wait_until_peer_goes(); });
    expect_not_sent(CurlHttp(impatient).send(post(silent.url("https"))));

    auto no_bundle = quick();
    no_bundle.ca_bundle = "/nonexistent/bundle.pem";
    expect_not_sent(CurlHttp(no_bundle).send(post(plain.url("https"))));
}

TEST(CurlHttp, KnowsThatNothingWasSentWhenTheProxyRefuses) {
    std::string seen;
    LittleServer proxy([&](Connection& c) {
        seen = c.read_request();
        c.reply(403, "<html>no</html>");
    });
    auto options = quick();
    options.environment = credentials::fixed_environment({{"HTTPS_PROXY", proxy.url()}});
    expect_not_sent(CurlHttp(options).send(post("https://iam.amazonaws.com/")));
    proxy.stop();
    EXPECT_TRUE(seen.starts_with("CONNECT iam.amazonaws.com:443 HTTP/1.1\r\n")) << seen;
    EXPECT_EQ(seen.find("CreateAccessKey"), std::string::npos);
}

TEST(CurlHttp, AnInterruptionBeforeSendingSendsNothingAndLaterLeavesDoubt) {
    auto options = quick();
    options.interrupted = [] { return true; };
    std::string seen;
    expect_not_sent(send_to([&](Connection& c) { seen = c.read_request(); }, options));
    EXPECT_EQ(seen, "");

    std::atomic<bool> received = false;
    options.interrupted = [&] { return received.load(); };
    options.total_timeout = 60s;
    expect_in_doubt(send_to(
        [&](Connection& c) {
            c.read_request();
            received = true;
            c.wait_until_peer_goes();
        },
        options));
}

TEST(CurlHttp, AChangingCallThatHasLeftIsNotAbandoned) {
    std::atomic<bool> received = false;
    auto options = quick();
    options.total_timeout = 60s;
    options.interrupted = [&] { return received.load(); };
    const auto outcome = send_to(
        [&](Connection& c) {
            c.read_request();
            received = true;
            const timeval more_than_once{.tv_sec = 1, .tv_usec = 500'000};  // that libcurl asks
            setsockopt(c.socket(), SOL_SOCKET, SO_RCVTIMEO, &more_than_once, sizeof more_than_once);
            c.wait_until_peer_goes();
            c.reply(200, "<made/>");
        },
        options, true);
    ASSERT_TRUE(outcome) << outcome.error().reason;
    EXPECT_EQ(outcome->body, "<made/>");
}

// What the kernel holds of a changing call must not leave after we are gone.
TEST(CurlHttp, AbandonsAChangingCallWithAReset) {
    auto impatient = quick();
    impatient.total_timeout = 100ms;
    for (const bool changing : {false, true}) {
        auto goodbye = Connection::Goodbye::ended;
        expect_in_doubt(send_to(
            [&](Connection& c) {
                c.read_request();
                goodbye = c.wait_until_peer_goes();
            },
            impatient, changing));
        EXPECT_EQ(goodbye == Connection::Goodbye::was_reset, changing);
    }
}

// Server and client are one process here, so that the client's socket can be looked at.
TEST(CurlHttp, LetsNoChildInheritItsSocket) {
    int client_sockets = 0, inheritable = 0;
    const auto outcome = send_to([&](Connection& c) {
        c.read_request();
        for (int number = 0; number < 1024; ++number) {
            sockaddr_in own{};
            socklen_t size = sizeof own;
            if (getsockname(number, reinterpret_cast<sockaddr*>(&own), &size) != 0) continue;
            if (own.sin_family != AF_INET || ntohs(own.sin_port) != c.peer_port()) continue;
            ++client_sockets;
            if ((fcntl(number, F_GETFD) & FD_CLOEXEC) == 0) ++inheritable;
        }
        c.reply(200, "");
    });
    EXPECT_TRUE(outcome);
    EXPECT_EQ(client_sockets, 1);
    EXPECT_EQ(inheritable, 0);
}

}  // namespace
}  // namespace keytide::http
