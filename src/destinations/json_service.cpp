#include "destinations/json_service.hpp"

#include <fmt/format.h>

#include <cctype>

namespace keytide::destinations {

JsonService::JsonService(std::string place, std::string url, std::unique_ptr<http::Http> http,
                         std::vector<signature::HeaderField> headers)
    : place_(std::move(place)), url_(std::move(url)), http_(std::move(http)), headers_(std::move(headers)) {}

std::unexpected<Trouble> JsonService::refuse(std::string_view why, std::string hint) const {
    if (hint.empty()) hint = "nothing was changed there; try again later";
    return std::unexpected(
        Trouble{{ErrorKind::failed, fmt::format("{}: {}", place_, why), std::move(hint)}, false});
}
std::unexpected<Trouble> JsonService::in_doubt(std::string_view why, std::string hint) const {
    return std::unexpected(
        Trouble{{ErrorKind::failed, fmt::format("{}: {}", place_, why), std::move(hint)}, true});
}

Told<http::HttpReply> JsonService::call(const JsonCall& call) {
    const bool is_change = call.method != "GET";
    http::HttpRequest request{call.method, url_ + call.path, headers_, call.body, is_change};
    request.headers.push_back({"Accept", "application/json"});
    if (!call.body.empty()) request.headers.push_back({"Content-Type", call.content_type});
    auto reply = http_->send(request);
    if (!reply && is_change && !reply.error().not_sent) return in_doubt(reply.error().reason);
    if (!reply) return refuse(reply.error().reason);
    const auto status = fmt::format("the service answered with status {}", reply->status);
    if (reply->status == 401)
        return refuse("the token is not accepted (401)", "give one that has not expired");
    if (reply->status == 403)
        return refuse("the token may not do this (403)", "allow it, or give another token");
    if (reply->status == 429) return refuse("the service asks to come back later (429)");
    if (reply->status >= 500 && is_change) return in_doubt(status);
    if (reply->status >= 500 || (reply->status >= 300 && reply->status < 400) || reply->status < 200)
        return refuse(status);
    return std::move(*reply);
}

std::string path_segment(std::string_view name, bool several) {
    std::string text;
    for (const char c : name) {
        const bool is_plain = std::isalnum(static_cast<unsigned char>(c)) != 0 ||
                              std::string_view("-._~").find(c) != std::string_view::npos ||
                              (several && c == '/');
        text += is_plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return text;
}

}  // namespace keytide::destinations
