#include "lab/state/objects.hpp"

#include <openssl/evp.h>

#include <array>
#include <charconv>
#include <exception>

namespace keytide::lab {
namespace {

std::string md5(std::string_view bytes) {
    std::array<unsigned char, 16> digest;
    if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1)
        std::terminate();
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text;
    for (const unsigned char c : bytes) text += {digits[c >> 4], digits[c & 15]};
    return text;
}

std::string from_hexadecimal(std::string_view text) {
    std::string bytes;
    for (; text.size() >= 2; text.remove_prefix(2)) {
        unsigned value = 0;
        std::from_chars(text.data(), text.data() + 2, value, 16);
        bytes += char(value);
    }
    return bytes;
}

// The first key that does not begin with `prefix` any more.
Objects::const_iterator past(const Objects& objects, std::string prefix) {
    while (!prefix.empty() && static_cast<unsigned char>(prefix.back()) == 0xff) prefix.pop_back();
    if (prefix.empty()) return objects.end();
    prefix.back() = char(static_cast<unsigned char>(prefix.back()) + 1);
    return objects.lower_bound(prefix);
}

std::string common_prefix(std::string_view key, const ListingQuery& query) {
    if (query.delimiter.empty()) return {};
    const auto found = key.find(query.delimiter, query.prefix.size());
    if (found == std::string_view::npos) return {};
    return std::string(key.substr(0, found + query.delimiter.size()));
}

}  // namespace

std::string etag_of(std::string_view data) {
    return hexadecimal(md5(data));
}

std::string etag_of_parts(std::span<const std::string> etags) {
    std::string bytes;
    for (const auto& etag : etags) bytes += from_hexadecimal(etag);
    return hexadecimal(md5(bytes)) + "-" + std::to_string(etags.size());
}

Listing list(const Objects& objects, const ListingQuery& query) {
    Listing page;
    if (query.most == 0) return page;
    auto it = objects.lower_bound(query.prefix);
    if (query.after > query.prefix) it = objects.upper_bound(query.after);
    while (it != objects.end() && it->first.starts_with(query.prefix)) {
        auto shared = common_prefix(it->first, query);
        if (!shared.empty() && shared == query.after) {  // on the page before
            it = past(objects, std::move(shared));
            continue;
        }
        if (page.objects.size() + page.common_prefixes.size() == query.most) {
            page.truncated = true;
            break;
        }
        if (shared.empty()) {
            page.last = it->first;
            page.objects.push_back(&*it);
            ++it;
        } else {
            it = past(objects, shared);
            page.last = shared;
            page.common_prefixes.push_back(std::move(shared));
        }
    }
    return page;
}

}  // namespace keytide::lab
