#include "destinations/destination_uri.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <vector>

#include "destinations/credentials_file_destination.hpp"
#include "destinations/env_file_destination.hpp"

namespace keytide::destinations {
namespace {

struct Parameter {
    std::string name, usual;
    std::vector<std::string> allowed;  // empty: any text but the empty one
};

struct Scheme {
    std::string name;
    std::vector<Parameter> parameters;
    std::unique_ptr<KeyText> (*text)(const DestinationUri&);
};

std::unique_ptr<KeyText> open_env_file(const DestinationUri& uri) {
    const auto& format = uri.parameters.at("format");
    return env_text(uri.path, format == "dotenv"    ? EnvFormat::dotenv
                              : format == "systemd" ? EnvFormat::systemd
                                                    : EnvFormat::shell);
}

template <credentials::FileKind kind>
std::unique_ptr<KeyText> open_profile(const DestinationUri& uri) {
    return profile_text(uri.path, kind, uri.parameters.at("profile"));
}

const std::vector<Scheme>& schemes() {
    static const std::vector<Scheme> all{
        {"credentials-file", {{"profile", "default", {}}}, open_profile<credentials::FileKind::credentials>},
        {"config-file", {{"profile", "default", {}}}, open_profile<credentials::FileKind::config>},
        {"env-file", {{"format", "export", {"export", "dotenv", "systemd"}}}, open_env_file},
    };
    return all;
}

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
    if (path.starts_with('/')) return path;
    if (path.starts_with("~/") && !origin.home.empty()) return origin.home + path.substr(1);
    return (origin.folder == "/" ? "" : origin.folder) + "/" + path;
}

std::vector<std::string> names_of(const auto& list) {
    std::vector<std::string> names;
    for (const auto& item : list) names.push_back(item.name);
    return names;
}

const Scheme* find_scheme(std::string_view name) {
    const auto found = std::ranges::find(schemes(), name, &Scheme::name);
    return found == schemes().end() ? nullptr : &*found;
}

Result<void> set_parameter(DestinationUri& uri, const Scheme& scheme, std::string_view given,
                           std::string_view whole) {
    const auto equals = std::min(given.find('='), given.size());
    const auto name = decode(given.substr(0, equals));
    const auto value = decode(given.substr(std::min(equals + 1, given.size())));
    const auto parameter = std::ranges::find(scheme.parameters, name.value_or(""), &Parameter::name);
    if (parameter == scheme.parameters.end())
        return usage_error(fmt::format("'{}' has a parameter that {} does not know", whole, scheme.name),
                           fmt::format("it knows: {}", fmt::join(names_of(scheme.parameters), ", ")));
    if (!value || value->empty())
        return usage_error(fmt::format("'{}' gives {} no value that can be read", whole, *name),
                           "write it as " + *name + "=VALUE, with % followed by two hexadecimal digits");
    if (!parameter->allowed.empty() &&
        std::ranges::find(parameter->allowed, *value) == parameter->allowed.end())
        return usage_error(fmt::format("'{}' is no {} of {}", *value, *name, scheme.name),
                           fmt::format("there are: {}", fmt::join(parameter->allowed, ", ")));
    if (!uri.parameters.emplace(*name, *value).second)
        return usage_error(fmt::format("'{}' gives {} twice", whole, *name));
    return {};
}

}  // namespace

std::string DestinationUri::text() const {
    auto result = scheme + ":" + encode(path);
    char separator = '?';
    for (const auto& [name, value] : parameters) {
        result += separator + name + "=" + encode(value);
        separator = '&';
    }
    return result;
}

Result<DestinationUri> parse_destination_uri(std::string_view text, const Origin& origin) {
    const auto colon = text.find(':');
    const auto* scheme = colon == std::string_view::npos ? nullptr : find_scheme(text.substr(0, colon));
    if (scheme == nullptr)
        return usage_error(fmt::format("'{}' is not a destination", text),
                           fmt::format("write it as SCHEME:PATH, where SCHEME is one of: {}",
                                       fmt::join(names_of(schemes()), ", ")));
    auto rest = text.substr(colon + 1);
    const auto question = std::min(rest.find('?'), rest.size());
    const auto path = decode(rest.substr(0, question));
    if (!path || path->empty() || path->ends_with('/'))
        return usage_error(
            fmt::format("'{}' names no file", text),
            fmt::format("write it as {}:PATH; a % in PATH is written %25, a ? is %3F", scheme->name));

    DestinationUri uri{scheme->name, absolute(*path, origin), {}};
    for (rest.remove_prefix(std::min(question + 1, rest.size())); !rest.empty();) {
        const auto given = rest.substr(0, rest.find('&'));
        rest.remove_prefix(std::min(given.size() + 1, rest.size()));
        if (auto ok = set_parameter(uri, *scheme, given, text); !ok) return std::unexpected(ok.error());
    }
    for (const auto& parameter : scheme->parameters) uri.parameters.emplace(parameter.name, parameter.usual);
    return uri;
}

Result<std::unique_ptr<ports::Destination>> open_destination(std::string_view text, const Origin& origin) {
    const auto uri = parse_destination_uri(text, origin);
    if (!uri) return std::unexpected(uri.error());
    return file_destination(uri->text(), uri->path, find_scheme(uri->scheme)->text(*uri));
}

std::string profile_uri(std::string scheme, std::string path, std::string profile) {
    return DestinationUri{std::move(scheme), std::move(path), {{"profile", std::move(profile)}}}.text();
}

}  // namespace keytide::destinations
