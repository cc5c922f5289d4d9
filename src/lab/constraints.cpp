#include "lab/constraints.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "lab/query_protocol.hpp"
#include "vocabulary/identity.hpp"

namespace keytide::lab {
namespace {

template <class Predicate>
bool all(std::string_view text, Predicate predicate) {
    return std::all_of(text.begin(), text.end(),
                       [&](char c) { return predicate(static_cast<unsigned char>(c)); });
}

bool is_ascii_alnum(unsigned char c) {
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

bool is_name_character(unsigned char c) {
    return is_ascii_alnum(c) || std::string_view("_+=,.@-").find(char(c)) != std::string_view::npos;
}

bool is_ip_address(std::string_view name) {
    return std::count(name.begin(), name.end(), '.') == 3 &&
           all(name, [](unsigned char c) { return (c >= '0' && c <= '9') || c == '.'; });
}

}  // namespace

Outcome<void> check_length(std::string_view member, std::string_view value, std::size_t least,
                           std::size_t most) {
    if (value.size() < least)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have length greater than or equal to {}", least)));
    if (value.size() > most)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have length less than or equal to {}", most)));
    return {};
}

Outcome<void> check_name(std::string_view member, std::string_view name, std::size_t longest) {
    if (auto fits = check_length(member, name, 1, longest); !fits) return fits;
    if (!all(name, is_name_character))
        return refuse("ValidationError",
                      fmt::format("The specified value for {} is invalid. It must contain only alphanumeric "
                                  "characters and/or the following: +=,.@_-",
                                  member),
                      400);
    return {};
}

Outcome<void> check_user_name(std::string_view name, std::size_t longest) {
    return check_name("userName", name, longest);
}

Outcome<void> check_policy_name(std::string_view name) {
    return check_name("policyName", name, 128);
}

Outcome<void> check_path(std::string_view path, std::string_view member) {
    if (auto fits = check_length(member, path, 1, 512); !fits) return fits;
    if (!path.starts_with('/') || !path.ends_with('/') ||
        !all(path, [](unsigned char c) { return c >= 0x21 && c <= 0x7e; }))
        return refuse(
            "ValidationError",
            fmt::format(
                "The specified value for {} is invalid. It must begin and end with / and contain only "
                "alphanumeric characters and/or / characters.",
                member),
            400);
    return {};
}

Outcome<void> check_path_prefix(std::string_view prefix) {
    if (auto fits = check_length("pathPrefix", prefix, 1, 512); !fits) return fits;
    if (!prefix.starts_with('/') || !all(prefix, [](unsigned char c) { return c >= 0x21 && c <= 0x7f; }))
        return refuse("ValidationError",
                      "The specified value for pathPrefix is invalid. It must begin with the / character and "
                      "contain only alphanumeric characters and/or / characters.",
                      400);
    return {};
}

Outcome<void> check_access_key_id(std::string_view id) {
    if (auto fits = check_length("accessKeyId", id, 16, 128); !fits) return fits;
    if (!all(id, [](unsigned char c) { return is_ascii_alnum(c) || c == '_'; }))
        return std::unexpected(
            constraint_violated("accessKeyId", R"(Member must satisfy regular expression pattern: [\w]+)"));
    return {};
}

Outcome<void> check_description(std::string_view text) {
    return check_length("description", text, 0, 1000);
}

Outcome<void> check_serial_number(std::string_view serial) {
    if (auto fits = check_length("serialNumber", serial, 9, 256); !fits) return fits;
    if (!all(serial, [](unsigned char c) { return is_name_character(c) || c == '/' || c == ':'; }))
        return std::unexpected(constraint_violated(
            "serialNumber", R"(Member must satisfy regular expression pattern: [\w+=/:,.@-]+)"));
    return {};
}

Outcome<void> check_one_time_code(std::string_view member, std::string_view code) {
    if (auto fits = check_length(member, code, 6, 6); !fits) return fits;
    if (!all(code, [](unsigned char c) { return c >= '0' && c <= '9'; }))
        return std::unexpected(
            constraint_violated(member, R"(Member must satisfy regular expression pattern: [\d]+)"));
    return {};
}

Outcome<void> check_policy_arn(std::string_view member, std::string_view arn) {
    if (auto fits = check_length(member, arn, 20, 2048); !fits) return fits;
    const auto read = Arn::parse(arn);
    if (!read || read->service != "iam" || !read->resource.starts_with("policy/"))
        return refuse("InvalidInput", fmt::format("ARN {} is not valid.", arn), 400);
    return {};
}

Outcome<void> check_bucket_name(std::string_view name) {
    const auto inside = [](unsigned char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    };
    const auto edge = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
    if (name.size() < 3 || name.size() > 63 || !all(name, inside) || !edge(name.front()) ||
        !edge(name.back()) || name.find("..") != std::string_view::npos || is_ip_address(name) ||
        name.starts_with("xn--") || name.ends_with("-s3alias")) {
        ServiceError error{"InvalidBucketName", "The specified bucket is not valid.", 400};
        error.elements.emplace_back("BucketName", name);
        return std::unexpected(std::move(error));
    }
    return {};
}

}  // namespace keytide::lab
