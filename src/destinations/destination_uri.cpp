#include "destinations/destination_uri.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <optional>
#include <ranges>
#include <vector>

#include "destinations/kinds.hpp"
#include "http/url.hpp"

namespace keytide::destinations {
namespace {

std::string encode(std::string_view text) {
    std::string result;
    for (const char c : text) {
        // RFC 3986 section 2.3, and what is harmless in a path and in a parameter's value alike
        if (std::isalnum(static_cast<unsigned char>(c)) != 0 ||
            std::string_view("-._~/:@,").find(c) != std::string_view::npos)
            result += c;
        else
            result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
    return result;
}

// Nothing for a broken escape or a NUL, which no path holds.
std::optional<std::string> decode(std::string_view text) {
    const auto digit = [](char c) {
        return std::isdigit(static_cast<unsigned char>(c)) != 0 ? c - '0' : std::tolower(c) - 'a' + 10;
    };
    std::string result;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size() || std::isxdigit(static_cast<unsigned char>(text[i + 1])) == 0 ||
                std::isxdigit(static_cast<unsigned char>(text[i + 2])) == 0)
                return std::nullopt;
            result += char(digit(text[i + 1]) * 16 + digit(text[i + 2]));
            i += 2;
        } else {
            result += text[i];
        }
        if (result.back() == '\0') return std::nullopt;
    }
    return result;
}

std::string absolute(const std::string& path, const Origin& origin) {
    if (path == ".") return origin.folder;
    if (path.starts_with('/')) return path;
    if (path.starts_with("~/") && !origin.home.empty()) return origin.home + path.substr(1);
    return (origin.folder == "/" ? "" : origin.folder) + "/" + path;
}

std::vector<std::string> names_of(const auto&... lists) {
    std::vector<std::string> names;
    const auto add = [&](auto list) {
        for (const auto& item : list) names.push_back(item.name);
    };
    (add(lists), ...);
    return names;
}

// Nothing is derived from a key where none is held.
std::span<const Parameter> parameters_beside(const Kind& kind) {
    return kind.is_notice ? std::span<const Parameter>() : parameters_of_all();
}

const Parameter* find_parameter(const Kind& kind, std::string_view name) {
    for (const auto parameters : {std::span(kind.parameters), parameters_beside(kind)})
        if (const auto found = std::ranges::find(parameters, name, &Parameter::name);
            found != parameters.end())
            return &*found;
    return nullptr;
}

Result<std::string> whole_url(const std::string& text, std::string_view what) {
    const auto url = http::parse_url(text);
    if (!url || (url->scheme != "https" && url->scheme != "http") || url->has_user_info ||
        url->has_query_or_fragment)
        return usage_error(fmt::format("the {} of the destination is no plain URL", what),
                           "write it as https://HOST[:PORT][/PATH]");
    if (url->scheme == "http" && !http::is_loopback(*url))
        return usage_error(fmt::format("'{}' would be spoken to unencrypted", text), "use https://");
    return text.substr(0, text.find_last_not_of('/') + 1);
}

// `what` names it in errors.
Result<std::string> whole_value(const std::string& text, Value value, std::string_view what,
                                const Origin& origin) {
    if (value == Value::file) return absolute(text, origin);
    if (value == Value::url) return whole_url(text, what);
    return text;
}

Result<void> set_parameter(DestinationUri& uri, const Kind& kind, std::string_view given,
                           std::string_view whole, const Origin& origin) {
    const auto equals = std::min(given.find('='), given.size());
    const auto name = decode(given.substr(0, equals));
    const auto value = decode(given.substr(std::min(equals + 1, given.size())));
    const auto* parameter = find_parameter(kind, name.value_or(""));
    if (parameter == nullptr)
        return usage_error(
            fmt::format("'{}' has a parameter that {} does not know", whole, kind.name),
            fmt::format("it knows: {}", fmt::join(names_of(kind.parameters, parameters_beside(kind)), ", ")));
    if (!value || value->empty())
        return usage_error(fmt::format("'{}' gives {} no value that can be read", whole, *name),
                           "write it as " + *name + "=VALUE, with % followed by two hexadecimal digits");
    if (!parameter->allowed.empty() &&
        std::ranges::find(parameter->allowed, *value) == parameter->allowed.end())
        return usage_error(fmt::format("'{}' is no {} of {}", *value, *name, kind.name),
                           fmt::format("there are: {}", fmt::join(parameter->allowed, ", ")));
    const auto entire = whole_value(*value, parameter->value, *name, origin);
    if (!entire) return std::unexpected(entire.error());
    if (!uri.parameters.emplace(*name, *entire).second)
        return usage_error(fmt::format("'{}' gives {} twice", whole, *name));
    return {};
}

Result<void> fill_in(DestinationUri& uri, const Parameter& parameter, std::string_view whole,
                     const Origin& origin) {
    if (uri.parameters.contains(parameter.name)) return {};
    auto usual = parameter.usual;
    if (!parameter.variable.empty() && origin.environment)
        if (const auto set = credentials::non_empty(origin.environment, parameter.variable)) usual = *set;
    if (usual.empty() && parameter.required)
        return usage_error(fmt::format("'{}' does not say {}", whole, parameter.name),
                           parameter.variable.empty()
                               ? fmt::format("add {}=VALUE", parameter.name)
                               : fmt::format("add {}=VALUE, or set {}", parameter.name, parameter.variable));
    if (usual.empty()) return {};
    const auto entire = whole_value(usual, parameter.value, parameter.name, origin);
    if (!entire) return std::unexpected(entire.error());
    uri.parameters.emplace(parameter.name, *entire);
    return {};
}

Result<void> check_derivation(const DestinationUri& uri, const Kind& kind, std::string_view whole) {
    const bool has_its_own =
        std::ranges::find(kind.parameters, "region", &Parameter::name) != kind.parameters.end();
    const bool is_derived = uri.parameters.contains("as");
    if (is_derived && !uri.parameters.contains("region"))
        return usage_error(fmt::format("'{}' does not say for which region the password is", whole),
                           "add region=REGION: an SMTP password of SES is good in one region");
    if (!is_derived && !has_its_own && uri.parameters.contains("region"))
        return usage_error(fmt::format("'{}' says a region, which {} has none of", whole, kind.name),
                           "a region goes with as=ses-smtp");
    return {};
}

}  // namespace

std::string DestinationUri::text() const {
    auto result = kind + ":" + encode(path);
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        result += separator + name + "=" + encode(value);
        separator = '&';
    }
    return result;
}

std::string DestinationUri::value(std::string_view name) const {
    const auto found = parameters.find(std::string(name));
    return found == parameters.end() ? "" : found->second;
}

Result<DestinationUri> parse_destination_uri(std::string_view text, const Origin& origin) {
    const auto colon = text.find(':');
    const auto* kind = colon == std::string_view::npos ? nullptr : find_kind(text.substr(0, colon));
    if (kind == nullptr)
        return usage_error(
            fmt::format("'{}' is not a destination", text),
            fmt::format(
                "write it as KIND:PATH, where KIND is one of: {}",
                fmt::join(names_of(kinds() | std::views::filter(std::not_fn(&Kind::is_notice))), ", ")));
    auto rest = text.substr(colon + 1);
    const auto question = std::min(rest.find('?'), rest.size());
    const auto path = decode(rest.substr(0, question));
    const bool may_end_so = kind->path_value == Value::command || kind->path_value == Value::url;
    if (!path || path->empty() || (path->ends_with('/') && !may_end_so))
        return usage_error(
            fmt::format("'{}' names no {}", text, kind->path_value == Value::file ? "file" : kind->path),
            fmt::format("write it as {0}:{1}; a % in {1} is written %25, a ? is %3F", kind->name,
                        kind->path));

    auto whole_path = whole_value(*path, kind->path_value, kind->path, origin);
    if (!whole_path) return std::unexpected(whole_path.error());

    DestinationUri uri{kind->name, std::move(*whole_path), {}};
    for (rest.remove_prefix(std::min(question + 1, rest.size())); !rest.empty();) {
        const auto given = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(given.size() + 1, rest.size()));
        if (auto ok = set_parameter(uri, *kind, given, text, origin); !ok) return std::unexpected(ok.error());
    }
    for (const auto& parameter : kind->parameters)
        if (auto ok = fill_in(uri, parameter, text, origin); !ok) return std::unexpected(ok.error());
    if (auto ok = check_derivation(uri, *kind, text); !ok) return std::unexpected(ok.error());
    return uri;
}

Result<Duration> timeout_of(const DestinationUri& uri) {
    const auto timeout = parse_duration(uri.value("timeout"));
    if (!timeout || *timeout <= Duration{0})
        return usage_error(fmt::format("'{}' is no time to wait for a command", uri.value("timeout")),
                           "write it as 90s or 15m");
    return *timeout;
}

std::string profile_uri(std::string kind, std::string path, std::string profile) {
    return DestinationUri{std::move(kind), std::move(path), {{"profile", std::move(profile)}}}.text();
}

}  // namespace keytide::destinations
