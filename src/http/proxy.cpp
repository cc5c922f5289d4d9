#include "http/proxy.hpp"

#include <algorithm>

#include "http/url.hpp"

namespace keytide::http {
namespace {

std::string in_case(std::string_view text, bool upper) {
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [&](char c) {
        if (upper) return c >= 'a' && c <= 'z' ? char(c - 'a' + 'A') : c;
        return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
    });
    return result;
}

// A lower-case variable that is set but empty takes its upper-case twin away.
std::string_view variable(const credentials::Environment& environment, const std::string& lower_name) {
    if (const auto value = environment(lower_name)) return *value;
    // In a CGI program HTTP_PROXY is the client's Proxy: header (CVE-2016-1000110).
    if (lower_name == "http_proxy" && environment("REQUEST_METHOD")) return {};
    return environment(in_case(lower_name, true)).value_or("");
}

bool is_excluded(const Url& url, std::string_view no_proxy) {
    if (no_proxy == "*") return true;
    while (!no_proxy.empty()) {
        auto name = no_proxy.substr(0, no_proxy.find(','));
        no_proxy.remove_prefix(std::min(no_proxy.size(), name.size() + 1));
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        if (name.empty()) continue;
        while (!name.empty() && name.front() == '.') name.remove_prefix(1);
        const auto suffix = in_case(name, false);
        for (const auto& host : {url.host, url.authority()})
            if (host == suffix || host.ends_with("." + suffix)) return true;
    }
    return false;
}

}  // namespace

std::optional<std::string> proxy_for(std::string_view text, const credentials::Environment& environment) {
    const auto url = parse_url(text);
    if (!url || is_loopback(*url) || is_excluded(*url, variable(environment, "no_proxy")))
        return std::nullopt;
    const auto proxy = variable(environment, url->scheme + "_proxy");
    if (proxy.empty()) return std::nullopt;
    if (proxy.starts_with("http:") || proxy.starts_with("https:")) return std::string(proxy);
    return (proxy.starts_with("//") ? "http:" : "http://") + std::string(proxy);
}

}  // namespace keytide::http
