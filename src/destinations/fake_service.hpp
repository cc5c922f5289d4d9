// A living fake of a service, in the test's own process: it keeps state, checks who asks, and fails on
// demand. Each kind writes its answers from the service's public API.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <mutex>

#include "destinations/conformance.hpp"
#include "http/little_server.hpp"

namespace keytide::destinations {

struct FakeRequest {
    std::string method, path, query, body;
    std::map<std::string, std::string> headers;  // names in lower case
};
struct FakeReply {
    int status = 200;
    std::string body = "{}";
};

class FakeService {
public:
    virtual ~FakeService() { server_.stop(); }

    // Before and after its state is touched by anybody but the server's thread: what was asked until now is
    // answered, and what is changed now is seen by what is asked later.
    void settle() { const std::scoped_lock lock(mutex_); }

    std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
    void fail(std::optional<Fault> fault) {
        const std::scoped_lock lock(mutex_);
        fault_ = fault;
    }
    long writes() const { return writes_; }

    Means means(std::map<std::string, std::string, std::less<>> variables) const {
        return {.origin = {"/", "/nonexistent", credentials::fixed_environment(std::move(variables))},
                .connect = [](http::Tls tls) {
                    http::CurlOptions options;
                    options.environment = credentials::fixed_environment({});
                    options.tls = std::move(tls);
                    return std::make_unique<http::CurlHttp>(std::move(options));
                }};
    }

protected:
    virtual bool is_let_in(const FakeRequest&) = 0;
    virtual FakeReply answer(const FakeRequest&) = 0;
    virtual void another_writes() {}  // a stranger's key
    // Which of the writes of one delivery is the last one.
    virtual int writes_of_a_delivery() const { return 1; }

    void stop() { server_.stop(); }

private:
    void serve(http::Connection& connection) {
        const auto request = parse(connection.read_request());
        const std::scoped_lock lock(mutex_);
        if (fault_ == Fault::unreachable) return connection.reset();
        if (fault_ == Fault::not_let_in || !is_let_in(request))
            return connection.reply(is_let_in(request) ? 403 : 401,
                                    R"({"errors":["permission denied"],"message":"no"})");
        const bool is_write = request.method != "GET" && request.query.find("dryRun") == std::string::npos &&
                              request.path.find("capabilities-self") == std::string::npos;
        if (is_write) {
            ++writes_;
            if (fault_ == Fault::beaten_by_another) another_writes();
            if (fault_ == Fault::cut_short && ++begun_ == writes_of_a_delivery())
                return connection.reply(502, "<html>Bad Gateway</html>");
        }
        const auto reply = answer(request);
        if (is_write && fault_ == Fault::answer_lost && ++begun_ == writes_of_a_delivery())
            return connection.reset();
        connection.reply(reply.status, reply.status == 204 ? "" : reply.body);
    }

    static FakeRequest parse(const std::string& text) {
        FakeRequest request;
        const auto first = text.substr(0, text.find("\r\n"));
        const auto space = first.find(' ');
        request.method = first.substr(0, space);
        const auto target = first.substr(space + 1, first.rfind(' ') - space - 1);
        request.path = target.substr(0, target.find('?'));
        if (target.size() > request.path.size()) request.query = target.substr(request.path.size() + 1);
        const auto end = text.find("\r\n\r\n");
        for (auto at = first.size() + 2; at < end; at = text.find("\r\n", at) + 2) {
            const auto line = text.substr(at, text.find("\r\n", at) - at);
            auto name = line.substr(0, line.find(':'));
            for (auto& c : name) c = char(std::tolower(c));
            request.headers[name] = line.substr(std::min(line.size(), name.size() + 2));
        }
        if (end != std::string::npos) request.body = text.substr(end + 4);
        return request;
    }

    std::mutex mutex_;
    long writes_ = 0;
    int begun_ = 0;
    std::optional<Fault> fault_;
    http::LittleServer server_{[this](http::Connection& connection) { serve(connection); }};
};

}  // namespace keytide::destinations
