// What a template says, whichever language it said it in: text, numbers, lists and objects.
//
// Numbers keep their digits, objects the order of their keys: a policy document is stored as it was written.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace keytide::lab::cloudformation {

struct Member;

struct Value {
    enum class Kind { null, boolean, number, text, list, object };

    Kind kind = Kind::null;
    std::string scalar{};           // of a text; the digits of a number; "true" or "false"
    std::vector<Value> items{};     // of a list
    std::vector<Member> members;    // of an object; no key twice

    static Value of(Kind kind, std::string scalar = {});
    static Value text(std::string text);
    static Value list(std::vector<Value> items);
    static Value object(std::string key, Value value);  // of one member

    bool is_text() const { return kind == Kind::text; }
    bool is_list() const { return kind == Kind::list; }
    bool is_object() const { return kind == Kind::object; }
    bool is_scalar() const { return kind == Kind::text || kind == Kind::number || kind == Kind::boolean; }

    const Value* find(std::string_view key) const;  // null when there is none, or this is no object

    // The order of keys means nothing.
    bool operator==(const Value& other) const;
};

struct Member {
    std::string key;
    Value value;
};

std::string to_json(const Value& value);  // without white space

// How deep lists and objects may lie in each other: more than any policy needs, and nothing that a reader
// could fall into.
inline constexpr std::size_t deepest_value = 64;

}  // namespace keytide::lab::cloudformation
