#include "lab/s3/preconditions.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include "lab/s3/call.hpp"

namespace keytide::lab::s3 {
namespace {

std::unexpected<ServiceError> failed(std::string_view condition) {
    ServiceError error{"PreconditionFailed", "At least one of the pre-conditions you specified did not hold",
                       412};
    error.elements.emplace_back("Condition", condition);
    return std::unexpected(std::move(error));
}

// A list of ETags, or *.
bool names(std::string_view list, std::string_view etag) {
    while (!list.empty()) {
        auto one = list.substr(0, list.find(','));
        list.remove_prefix(std::min(list.size(), one.size() + 1));
        while (one.starts_with(' ')) one.remove_prefix(1);
        while (one.ends_with(' ')) one.remove_suffix(1);
        if (one.starts_with("W/")) one.remove_prefix(2);
        if (one == "*" || unquoted(one) == etag) return true;
    }
    return false;
}

const std::string* header(const Request& request, std::string_view prefix, std::string_view name) {
    return request.header(std::string(prefix).append(name));
}

// A date that cannot be read is no condition (RFC 9110, 13.1.3).
std::optional<Instant> date(const std::string* text) {
    return text == nullptr ? std::nullopt : parse_http_date(*text);
}

}  // namespace

Outcome<void> check_read(const Request& request, const Object& object, std::string_view prefix) {
    if (const auto* match = header(request, prefix, "if-match")) {
        if (!names(*match, object.etag)) return failed(std::string(prefix) + "If-Match");
    } else if (const auto since = date(header(request, prefix, "if-unmodified-since"))) {
        if (object.modified > *since) return failed(std::string(prefix) + "If-Unmodified-Since");
    }
    std::string_view unmet;
    if (const auto* none = header(request, prefix, "if-none-match")) {
        if (names(*none, object.etag)) unmet = "If-None-Match";
    } else if (const auto since = date(header(request, prefix, "if-modified-since"))) {
        if (object.modified <= *since) unmet = "If-Modified-Since";
    }
    if (unmet.empty()) return {};
    if (!prefix.empty()) return failed(std::string(prefix).append(unmet));
    return refuse("NotModified", "Not Modified", 304);
}

Outcome<void> check_write(const Request& request, const Object* object) {
    if (const auto* none = request.header("if-none-match")) {
        if (*none != "*") return not_implemented();
        if (object != nullptr) return failed("If-None-Match");
    }
    if (const auto* match = request.header("if-match")) {
        if (object == nullptr) return refuse("NoSuchKey", "The specified key does not exist.", 404);
        if (!names(*match, object->etag)) return failed("If-Match");
    }
    return {};
}

bool range_still_meant(const Request& request, const Object& object) {
    const auto* condition = request.header("if-range");
    if (condition == nullptr) return true;
    return unquoted(*condition) == object.etag || parse_http_date(*condition) == object.modified;
}

}  // namespace keytide::lab::s3
