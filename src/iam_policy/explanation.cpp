#include "iam_policy/explanation.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace keytide::iam_policy {
namespace {

// a; a or b; a, b or c
std::string list(const std::vector<std::string>& texts, std::string_view last_word) {
    std::string text;
    for (std::size_t i = 0; i < texts.size(); ++i)
        text += (i == 0 ? "" : i + 1 == texts.size() ? fmt::format(" {} ", last_word) : ", ") + texts[i];
    return text;
}

template <class Patterns>
std::string patterns(const Patterns& all, bool negated) {
    std::vector<std::string> texts;
    for (const auto& one : all) texts.push_back(one.text() == "*" ? "everything" : one.text());
    return (negated ? "everything but " : "") + list(texts, "and");
}

struct Verb {
    std::string_view op, words;
};
constexpr std::array verbs{
    Verb{"StringEquals", "is"},
    Verb{"StringNotEquals", "is not"},
    Verb{"StringEqualsIgnoreCase", "is, in any case of letters,"},
    Verb{"StringNotEqualsIgnoreCase", "is not, in any case of letters,"},
    Verb{"StringLike", "is like"},
    Verb{"StringNotLike", "is not like"},
    Verb{"NumericEquals", "is"},
    Verb{"NumericNotEquals", "is not"},
    Verb{"NumericLessThan", "is less than"},
    Verb{"NumericLessThanEquals", "is at most"},
    Verb{"NumericGreaterThan", "is more than"},
    Verb{"NumericGreaterThanEquals", "is at least"},
    Verb{"DateEquals", "is"},
    Verb{"DateNotEquals", "is not"},
    Verb{"DateLessThan", "is before"},
    Verb{"DateLessThanEquals", "is not after"},
    Verb{"DateGreaterThan", "is after"},
    Verb{"DateGreaterThanEquals", "is not before"},
    Verb{"Bool", "is"},
    Verb{"BinaryEquals", "is"},
    Verb{"IpAddress", "is in"},
    Verb{"NotIpAddress", "is not in"},
    Verb{"ArnEquals", "is like"},
    Verb{"ArnLike", "is like"},
    Verb{"ArnNotEquals", "is not like"},
    Verb{"ArnNotLike", "is not like"},
};

}  // namespace

std::string in_words(const Condition& condition) {
    std::string_view op = condition.operator_name();
    const auto values = list(condition.values(), "or");
    if (op == "Null")
        return fmt::format("the request has {}{}",
                           values == "true"    ? "no "
                           : values == "false" ? "a "
                                               : "or lacks ",
                           condition.key());
    std::string subject = condition.key();
    if (op.starts_with("ForAllValues:")) subject = "every value of " + subject;
    if (op.starts_with("ForAnyValue:")) subject = "some value of " + subject;
    if (const auto colon = op.find(':'); colon != std::string_view::npos) op.remove_prefix(colon + 1);
    std::string absent;
    if (op.ends_with("IfExists")) {
        op.remove_suffix(std::string_view("IfExists").size());
        absent = ", or there is none";
    }
    for (const auto& [name, words] : verbs)
        if (name == op) return fmt::format("{} {} {}{}", subject, words, values, absent);
    return "";
}

namespace {

std::string whom(const Statement& statement) {
    if (!statement.principals) return "";
    std::vector<std::string> names;
    for (const auto& name : statement.principals->names())
        names.push_back(name.value == "*" ? "everybody" : name.value);
    return (statement.not_principal ? " everybody but " : " ") + list(names, "and");
}

}  // namespace

std::string in_words(const Statement& statement) {
    auto text = fmt::format("{}{} {}", statement.effect == Effect::allow ? "Allows" : "Denies",
                            whom(statement), patterns(statement.actions, statement.not_action));
    if (!statement.resources.empty()) text += " on " + patterns(statement.resources, statement.not_resource);
    std::string word = ", if ";
    for (const auto& condition : statement.conditions) {
        text += word + in_words(condition);
        word = " and ";
    }
    return text;
}

}  // namespace keytide::iam_policy
