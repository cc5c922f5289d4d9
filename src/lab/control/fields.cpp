#include "lab/control/fields.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>

namespace keytide::lab::control {
namespace {

std::optional<Duration> duration_of(std::string_view text) {
    if (text.ends_with("ms")) {
        std::uint32_t milliseconds = 0;
        const auto* end = text.data() + text.size() - 2;
        const auto [stopped, error] = std::from_chars(text.data(), end, milliseconds);
        if (error != std::errc{} || stopped != end) return {};
        return Duration(milliseconds);
    }
    const auto parsed = parse_duration(text);
    return parsed ? std::optional(*parsed) : std::nullopt;
}

}  // namespace

const boost::json::value* Fields::take(std::string_view name) {
    taken_.emplace_back(name);
    return object_.if_contains(name);
}

std::optional<std::string> Fields::text(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) return {};
    if (const auto* string = value->if_string()) return std::string(*string);
    complain(fmt::format("{} is a string", name));
    return {};
}

std::vector<std::string> Fields::texts(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) return {};
    if (const auto* string = value->if_string()) return {std::string(*string)};
    std::vector<std::string> result;
    if (const auto* array = value->if_array())
        for (const auto& each : *array)
            if (const auto* string = each.if_string()) result.emplace_back(*string);
    // An empty list would mean nobody where its absence means anybody.
    if (result.empty() || result.size() != value->get_array().size())
        complain(fmt::format("{} is a string, or a list of strings", name));
    return result;
}

std::optional<std::uint64_t> Fields::count(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) return {};
    if (value->is_uint64()) return value->get_uint64();
    if (value->is_int64() && value->get_int64() >= 0) return std::uint64_t(value->get_int64());
    complain(fmt::format("{} is a whole number, 0 or more", name));
    return {};
}

std::optional<double> Fields::number(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) return {};
    if (value->is_number()) return value->to_number<double>();
    complain(fmt::format("{} is a number", name));
    return {};
}

std::optional<bool> Fields::flag(std::string_view name) {
    const auto* value = take(name);
    if (value == nullptr) return {};
    if (value->is_bool()) return value->get_bool();
    complain(fmt::format("{} is true or false", name));
    return {};
}

std::optional<Duration> Fields::duration(std::string_view name) {
    const auto given = text(name);
    if (!given) return {};
    const auto duration = duration_of(*given);
    if (!duration) complain(fmt::format("{} is a duration: 250ms, 10s, 15m, 2h, 90d", name));
    return duration;
}

void Fields::complain(std::string sentence) {
    if (!complaint_) complaint_ = std::move(sentence);
}

Result<void> Fields::end() {
    if (complaint_) return usage_error(*complaint_);
    for (const auto& [name, value] : object_)
        if (std::find(taken_.begin(), taken_.end(), std::string_view(name)) == taken_.end())
            return usage_error(fmt::format("{} is not known here", std::string_view(name)));
    return {};
}

}  // namespace keytide::lab::control
