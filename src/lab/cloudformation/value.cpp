#include "lab/cloudformation/value.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <utility>

namespace keytide::lab::cloudformation {
namespace {

void append_text(std::string& out, std::string_view text) {
    out += boost::json::serialize(boost::json::string_view(text.data(), text.size()));
}

void append(std::string& out, const Value& value) {
    const char* separator = "";
    switch (value.kind) {
        case Value::Kind::null: out += "null"; break;
        case Value::Kind::boolean:
        case Value::Kind::number: out += value.scalar; break;
        case Value::Kind::text: append_text(out, value.scalar); break;
        case Value::Kind::list:
            out += '[';
            for (const auto& item : value.items) {
                out += std::exchange(separator, ",");
                append(out, item);
            }
            out += ']';
            break;
        case Value::Kind::object:
            out += '{';
            for (const auto& [key, member] : value.members) {
                out += std::exchange(separator, ",");
                append_text(out, key);
                out += ':';
                append(out, member);
            }
            out += '}';
            break;
    }
}

}  // namespace

Value Value::of(Kind kind, std::string scalar) {
    return {kind, std::move(scalar), {}, {}};
}

Value Value::text(std::string text) {
    return of(Kind::text, std::move(text));
}

Value Value::list(std::vector<Value> items) {
    return {Kind::list, {}, std::move(items), {}};
}

Value Value::object(std::string key, Value value) {
    Value result = of(Kind::object);
    result.members.push_back({std::move(key), std::move(value)});
    return result;
}

const Value* Value::find(std::string_view key) const {
    const auto found =
        std::find_if(members.begin(), members.end(), [&](const Member& member) { return member.key == key; });
    return found == members.end() ? nullptr : &found->value;
}

bool Value::operator==(const Value& other) const {
    return kind == other.kind && scalar == other.scalar && items == other.items &&
           members.size() == other.members.size() &&
           std::all_of(members.begin(), members.end(), [&](const Member& member) {
               const auto* same = other.find(member.key);
               return same != nullptr && *same == member.value;
           });
}

std::string to_json(const Value& value) {
    std::string out;
    append(out, value);
    return out;
}

}  // namespace keytide::lab::cloudformation
