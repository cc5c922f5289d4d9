#include "cli/told_http.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>

#include "vocabulary/printable.hpp"

namespace keytide::cli {
namespace {

// The action of a form is no secret, nor is that of a call in JSON; the rest of a body may be.
std::string action_of(const http::HttpRequest& request) {
    for (const auto& header : request.headers)
        if (header.name == "X-Amz-Target") return " " + header.value;
    constexpr std::string_view before = "Action=";
    const std::string_view body(request.body.data(), request.body.size());
    if (!body.starts_with(before)) return "";
    return " " + std::string(body.substr(before.size(), body.find('&') - before.size()));
}

// One for the process: spdlog keeps loggers by name.
spdlog::logger& debug_log() {
    static const auto log = [] {
        auto made = spdlog::stderr_logger_mt("keytide");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z keytide: %l: %v");
        made->set_level(spdlog::level::debug);
        return made;
    }();
    return *log;
}

}  // namespace

std::expected<http::HttpReply, http::HttpFailure> ToldHttp::send(const http::HttpRequest& request) {
    if (!tell_) return http_.send(request);
    const auto begun = std::chrono::steady_clock::now();
    auto reply = http_.send(request);
    const auto took = std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - begun);
    const auto end =
        reply ? std::to_string(reply->status)
              : (reply.error().not_sent ? "not sent: " : "no answer: ") + printable(reply.error().reason);
    debug_log().debug("{} {}{}: {} ({} ms)", request.method, request.url, action_of(request), end,
                      took.count());
    return reply;
}

}  // namespace keytide::cli
