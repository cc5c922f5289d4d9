#include "http/url.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <memory>

#include "http/libcurl.hpp"

namespace keytide::http {
namespace {

std::string part(CURLU* url, CURLUPart which, unsigned flags = 0) {
    char* text = nullptr;
    if (libcurl().url_get(url, which, &text, flags) != CURLUE_OK || text == nullptr) return {};
    const std::unique_ptr<char, decltype(&curl_free)> owner(text, libcurl().free);
    return text;
}

void lower(std::string& text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; });
}

}  // namespace

std::optional<Url> parse_url(std::string_view text) {
    const std::unique_ptr<CURLU, decltype(&curl_url_cleanup)> handle(libcurl().url(), libcurl().url_cleanup);
    if (!handle || text.find('\0') != std::string_view::npos) return std::nullopt;
    if (libcurl().url_set(handle.get(), CURLUPART_URL, std::string(text).c_str(),
                          CURLU_PATH_AS_IS | CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK)
        return std::nullopt;
    Url url;
    url.scheme = part(handle.get(), CURLUPART_SCHEME);
    url.host = part(handle.get(), CURLUPART_HOST);
    url.port = part(handle.get(), CURLUPART_PORT, CURLU_NO_DEFAULT_PORT);
    url.path = part(handle.get(), CURLUPART_PATH);
    lower(url.scheme);
    lower(url.host);
    url.has_user_info =
        !part(handle.get(), CURLUPART_USER).empty() ||
        text.substr(0, text.find('/', text.find("//") + 2)).find('@') != std::string_view::npos;
    url.has_query_or_fragment = text.find_first_of("?#") != std::string_view::npos;
    if (url.host.empty()) return std::nullopt;
    return url;
}

bool is_loopback(const Url& url) {
    if (url.host == "localhost" || url.host == "[::1]") return true;
    in_addr address{};
    return inet_pton(AF_INET, url.host.c_str(), &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

bool is_loopback(std::string_view url) {
    const auto parsed = parse_url(url);
    return parsed && is_loopback(*parsed);
}

}  // namespace keytide::http
