// The kinds of destinations, and what a URI of each may say. Each has its page in docs/destinations/.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace keytide::destinations {

enum class Value {
    text,
    file,     // a path, made absolute
    command,  // of the shell's
    url,      // https, or http on loopback; without user, query and final slash
};

struct Parameter {
    std::string name;
    std::string usual = {};                 // its value where none is given; empty: none
    std::vector<std::string> allowed = {};  // empty: any text but the empty one
    std::string variable = {};              // of the environment, that gives it where the URI does not
    bool required = false;
    Value value = Value::text;
};

struct Kind {
    std::string name;
    std::string path;  // what stands behind the colon, in the words of an error: PATH, NAMESPACE/NAME
    Value path_value = Value::text;
    std::vector<Parameter> parameters = {};
    bool is_notice = false;  // holds no key: its users are told of one
};

std::span<const Kind> kinds();
const Kind* find_kind(std::string_view name);  // null: there is none

// Those that every kind knows: what the key is turned into before it is delivered.
std::span<const Parameter> parameters_of_all();

}  // namespace keytide::destinations
