#include "lab/json_input.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cctype>

namespace keytide::lab {
namespace {

namespace json = boost::json;

std::string member(std::string_view name) {
    std::string result(name);
    if (!result.empty()) result.front() = char(std::tolower(static_cast<unsigned char>(result.front())));
    return result;
}

// As AWS's own reader calls them.
std::string_view kind(const json::value& value) {
    switch (value.kind()) {
        case json::kind::string: return "STRING_VALUE";
        case json::kind::bool_: return value.get_bool() ? "TRUE_VALUE" : "FALSE_VALUE";
        case json::kind::object: return "START_OBJECT";
        case json::kind::array: return "START_ARRAY";
        case json::kind::null: return "VALUE_NULL";
        default: return "NUMBER_VALUE";
    }
}

std::size_t characters(std::string_view utf8) {
    return std::size_t(std::count_if(utf8.begin(), utf8.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

std::string text_of(const json::value& value) {
    return value.is_string() ? std::string(value.get_string()) : std::string();
}

}  // namespace

JsonInput::JsonInput(std::string_view body) : object_(std::make_unique<json::object>()) {
    boost::system::error_code error;
    auto parsed = json::parse({body.data(), body.size()}, error);
    if (error || !parsed.is_object())
        unreadable_ = "";
    else
        *object_ = std::move(parsed.get_object());
}

JsonInput::~JsonInput() = default;

std::string JsonInput::peek(std::string_view name) const {
    const auto* found = object_->if_contains({name.data(), name.size()});
    return found != nullptr ? text_of(*found) : std::string();
}

bool JsonInput::has(std::string_view name) const {
    const auto* found = object_->if_contains({name.data(), name.size()});
    return found != nullptr && !found->is_null();
}

const json::value* JsonInput::take(std::string_view name) {
    taken_.emplace_back(name);
    const auto* found = object_->if_contains({name.data(), name.size()});
    return found != nullptr && !found->is_null() ? found : nullptr;
}

const json::array* JsonInput::take_list(std::string_view name) {
    const auto* found = take(name);
    if (found != nullptr && !found->is_array()) wrong_kind(*found, "List");
    return found != nullptr ? found->if_array() : nullptr;
}

void JsonInput::wrong_kind(const json::value& found, std::string_view wanted) {
    if (!unreadable_) unreadable_ = fmt::format("{} can not be converted to a {}", kind(found), wanted);
}

void JsonInput::violated(std::string_view name, std::string_view constraint) {
    violations_.push_back(
        fmt::format("Value at '{}' failed to satisfy constraint: {}", member(name), constraint));
}

void JsonInput::check_length(std::string_view name, std::size_t size, Length length) {
    if (size < length.least)
        violated(name, fmt::format("Member must have length greater than or equal to {}", length.least));
    else if (size > length.most)
        violated(name, fmt::format("Member must have length less than or equal to {}", length.most));
}

void JsonInput::must_be_there(std::string_view name) {
    if (has(name)) return;
    violations_.push_back(fmt::format(
        "Value null at '{}' failed to satisfy constraint: Member must not be null", member(name)));
}

std::optional<std::string> JsonInput::text(std::string_view name, Length length) {
    const auto* found = take(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_string()) {
        wrong_kind(*found, "String");
        return std::nullopt;
    }
    auto result = text_of(*found);
    check_length(name, characters(result), length);
    return result;
}

std::string JsonInput::required(std::string_view name, Length length) {
    must_be_there(name);
    return text(name, length).value_or("");
}

std::optional<std::string> JsonInput::one_of(std::string_view name,
                                             std::initializer_list<std::string_view> values) {
    auto given = text(name);
    if (given && std::find(values.begin(), values.end(), *given) == values.end())
        violated(name, fmt::format("Member must satisfy enum value set: [{}]", fmt::join(values, ", ")));
    return given;
}

std::optional<std::int64_t> JsonInput::number(std::string_view name, std::int64_t least, std::int64_t most) {
    const auto* found = take(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_int64()) {
        wrong_kind(*found, "Integer");
        return std::nullopt;
    }
    const auto value = found->get_int64();
    if (value < least)
        violated(name, fmt::format("Member must have value greater than or equal to {}", least));
    else if (value > most)
        violated(name, fmt::format("Member must have value less than or equal to {}", most));
    return value;
}

bool JsonInput::flag(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr) return false;
    if (!found->is_bool()) {
        wrong_kind(*found, "Boolean");
        return false;
    }
    return found->get_bool();
}

std::vector<std::string> JsonInput::texts(std::string_view name, Length count, Length each) {
    std::vector<std::string> result;
    const auto* list = take_list(name);
    if (list == nullptr) return result;
    for (const auto& one : *list) {
        if (!one.is_string()) wrong_kind(one, "String");
        result.push_back(text_of(one));
        check_length(fmt::format("{}.{}.member", name, result.size()), characters(result.back()), each);
    }
    check_length(name, result.size(), count);
    return result;
}

std::vector<Tag> JsonInput::tags(std::string_view name) {
    std::vector<Tag> result;
    const auto* list = take_list(name);
    if (list == nullptr) return result;
    for (const auto& one : *list) {
        const auto* object = one.if_object();
        const auto* key = object != nullptr ? object->if_contains("Key") : nullptr;
        const auto* value = object != nullptr ? object->if_contains("Value") : nullptr;
        if (object == nullptr) wrong_kind(one, "Tag");
        result.push_back({key != nullptr ? text_of(*key) : "", value != nullptr ? text_of(*value) : ""});
        const auto at = fmt::format("{}.{}.member.", name, result.size());
        check_length(at + "key", characters(result.back().key), {1, 128});
        check_length(at + "value", characters(result.back().value), {0, 256});
    }
    return result;
}

std::optional<Instant> JsonInput::time(std::string_view name) {
    const auto* found = take(name);
    if (found == nullptr) return std::nullopt;
    if (!found->is_number()) {
        wrong_kind(*found, "Timestamp");
        return std::nullopt;
    }
    const auto seconds = found->to_number<double>();
    if (seconds < 0 || seconds > 1e11) {
        violated(name, "Member must be a time");
        return std::nullopt;
    }
    return Instant{Duration{Duration::rep(seconds * 1000)}};
}

std::vector<std::pair<std::string, std::string>> JsonInput::pairs(std::string_view name,
                                                                  std::string_view first,
                                                                  std::string_view second) {
    std::vector<std::pair<std::string, std::string>> result;
    const auto* list = take_list(name);
    if (list == nullptr) return result;
    for (const auto& one : *list) {
        const auto* object = one.if_object();
        const auto* a = object != nullptr ? object->if_contains({first.data(), first.size()}) : nullptr;
        const auto* b = object != nullptr ? object->if_contains({second.data(), second.size()}) : nullptr;
        if (a == nullptr || b == nullptr || object->size() != 2)
            violated(name, fmt::format("Member must have {} and {} alone", first, second));
        else
            result.emplace_back(text_of(*a), text_of(*b));
    }
    return result;
}

std::vector<JsonInput::Filter> JsonInput::filters(std::string_view name) {
    std::vector<Filter> result;
    const auto* list = take_list(name);
    if (list == nullptr) return result;
    for (const auto& one : *list) {
        const auto* object = one.if_object();
        if (object == nullptr) {
            wrong_kind(one, "Filter");
            continue;
        }
        Filter filter;
        for (const auto& [key, value] : *object) {
            if (key == "Key")
                filter.key = text_of(value);
            else if (key == "Option")
                filter.option = text_of(value);
            else if (key == "Values" && value.is_array())
                for (const auto& each : value.get_array()) filter.values.push_back(text_of(each));
            else
                violated(name, "Member must have Key, Option and Values alone");
        }
        result.push_back(std::move(filter));
    }
    return result;
}

Outcome<void> JsonInput::end() const {
    if (unreadable_) return refuse("SerializationException", *unreadable_, 400);
    for (const auto& [name, value] : *object_)
        if (std::find(taken_.begin(), taken_.end(), std::string_view(name)) == taken_.end())
            return refuse(
                "ValidationException",
                fmt::format("The lab knows no parameter {} of this action.", std::string_view(name)), 400);
    if (violations_.empty()) return {};
    return refuse("ValidationException",
                  fmt::format("{} validation error{} detected: {}", violations_.size(),
                              violations_.size() == 1 ? "" : "s", fmt::join(violations_, "; ")),
                  400);
}

}  // namespace keytide::lab
