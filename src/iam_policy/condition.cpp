#include "iam_policy/condition.hpp"

#include <algorithm>
#include <array>

#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {

namespace {

// What a policy's value is read as.
enum class Type { text, text_without_case, text_with_wildcards, arn, number, date, truth, binary, network };

struct Operator {
    std::string_view name;
    Type type;
    Comparison comparison;
    bool negated = false;
};

constexpr std::array operators{
    Operator{"StringEquals", Type::text, Comparison::text},
    Operator{"StringNotEquals", Type::text, Comparison::text, true},
    Operator{"StringEqualsIgnoreCase", Type::text_without_case, Comparison::text},
    Operator{"StringNotEqualsIgnoreCase", Type::text_without_case, Comparison::text, true},
    Operator{"StringLike", Type::text_with_wildcards, Comparison::text},
    Operator{"StringNotLike", Type::text_with_wildcards, Comparison::text, true},
    Operator{"NumericEquals", Type::number, Comparison::equal},
    Operator{"NumericNotEquals", Type::number, Comparison::equal, true},
    Operator{"NumericLessThan", Type::number, Comparison::less},
    Operator{"NumericLessThanEquals", Type::number, Comparison::less_or_equal},
    Operator{"NumericGreaterThan", Type::number, Comparison::greater},
    Operator{"NumericGreaterThanEquals", Type::number, Comparison::greater_or_equal},
    Operator{"DateEquals", Type::date, Comparison::equal},
    Operator{"DateNotEquals", Type::date, Comparison::equal, true},
    Operator{"DateLessThan", Type::date, Comparison::less},
    Operator{"DateLessThanEquals", Type::date, Comparison::less_or_equal},
    Operator{"DateGreaterThan", Type::date, Comparison::greater},
    Operator{"DateGreaterThanEquals", Type::date, Comparison::greater_or_equal},
    Operator{"Bool", Type::truth, Comparison::equal},
    Operator{"BinaryEquals", Type::binary, Comparison::equal},
    Operator{"IpAddress", Type::network, Comparison::within},
    Operator{"NotIpAddress", Type::network, Comparison::within, true},
    Operator{"ArnEquals", Type::arn, Comparison::arn},
    Operator{"ArnLike", Type::arn, Comparison::arn},
    Operator{"ArnNotEquals", Type::arn, Comparison::arn, true},
    Operator{"ArnNotLike", Type::arn, Comparison::arn, true},
    Operator{"Null", Type::truth, Comparison::absence},
};

struct Written {
    const Operator* op = nullptr;
    Quantifier quantifier = Quantifier::none;
    bool if_exists = false;
};

Written read_operator(std::string_view text) {
    Written result;
    for (const auto& [prefix, quantifier] : {std::pair{"ForAllValues:", Quantifier::all_values},
                                             std::pair{"ForAnyValue:", Quantifier::any_value}})
        if (text.starts_with(prefix)) {
            result.quantifier = quantifier;
            text.remove_prefix(std::string_view(prefix).size());
            break;
        }
    if (constexpr std::string_view suffix = "IfExists"; text.ends_with(suffix)) {
        result.if_exists = true;
        text.remove_suffix(suffix.size());
    }
    const auto* found =
        std::find_if(operators.begin(), operators.end(), [&](const Operator& o) { return o.name == text; });
    if (found == operators.end()) return {};
    if (found->comparison == Comparison::absence &&
        (result.if_exists || result.quantifier != Quantifier::none))
        return {};
    result.op = found;
    return result;
}

template <class T>
std::optional<Operand> as_operand(const std::optional<T>& value) {
    return value ? std::optional<Operand>(std::in_place, std::in_place_type<T>, *value) : std::nullopt;
}

std::optional<Operand> read_operand(Type type, const std::string& text, bool takes_variables) {
    switch (type) {
        case Type::text: return Pattern(text, {.variables = takes_variables});
        case Type::text_without_case:
            return Pattern(text, {.variables = takes_variables, .ignores_case = true});
        case Type::text_with_wildcards:
        case Type::arn: return Pattern(text, {.wildcards = true, .variables = takes_variables});
        case Type::number: return as_operand(read_number(text));
        case Type::date: return as_operand(read_date(text));
        case Type::truth: return as_operand(read_truth(text));
        case Type::binary: return as_operand(read_binary(text));
        case Type::network: return as_operand(read_network(text));
    }
    return std::nullopt;
}

bool compare(Comparison comparison, Number value, Number bound) {
    switch (comparison) {
        case Comparison::equal: return value == bound;
        case Comparison::less: return value < bound;
        case Comparison::less_or_equal: return value <= bound;
        case Comparison::greater: return value > bound;
        case Comparison::greater_or_equal: return value >= bound;
        default: return false;
    }
}

// A value of the request that is not of the operator's type matches nothing.
struct Match {
    Comparison comparison;
    std::string_view value;
    const Context& context;

    bool operator()(const Pattern& pattern) const {
        return comparison == Comparison::arn ? pattern.matches_arn(value, context)
                                             : pattern.matches(value, context);
    }
    bool operator()(Number bound) const {
        const auto number = read_number(value);
        return number && compare(comparison, *number, bound);
    }
    bool operator()(const Date& bound) const {
        const auto date = read_date(value);
        return date && compare(comparison, date->seconds, bound.seconds);
    }
    bool operator()(const Network& network) const {
        const auto address = read_network(value);
        return address && network.contains(*address);
    }
    bool operator()(bool wanted) const { return read_truth(value) == wanted; }
    bool operator()(const Binary& wanted) const {
        const auto binary = read_binary(value);
        return binary && binary->digits == wanted.digits;
    }
};

}  // namespace

bool Condition::is_operator(std::string_view written) {
    return read_operator(written).op != nullptr;
}

std::optional<Condition> Condition::compile(std::string_view written, std::string_view key,
                                            const std::vector<std::string>& values, bool takes_variables) {
    const auto [op, quantifier, if_exists] = read_operator(written);
    if (op == nullptr) return std::nullopt;
    Condition condition;
    condition.operator_ = written;
    condition.key_ = lower_case(key);
    condition.values_ = values;
    condition.comparison_ = op->comparison;
    condition.quantifier_ = quantifier;
    condition.negated_ = op->negated;
    condition.if_exists_ = if_exists;
    for (const auto& value : values) {
        auto operand = read_operand(op->type, value, takes_variables);
        if (!operand) return std::nullopt;
        condition.operands_.push_back(std::move(*operand));
    }
    return condition;
}

bool Condition::matches_any(std::string_view value, const Context& context) const {
    return std::any_of(operands_.begin(), operands_.end(), [&](const Operand& operand) {
        return std::visit(Match{comparison_, value, context}, operand);
    });
}

bool Condition::satisfies(std::string_view value, const Context& context) const {
    return matches_any(value, context) != negated_;
}

bool Condition::holds(const Context& context) const {
    const auto values = context.values(key_);
    const bool absent = !values || values->empty();
    if (comparison_ == Comparison::absence)
        return std::any_of(operands_.begin(), operands_.end(),
                           [&](const Operand& operand) { return std::get<bool>(operand) == absent; });
    const auto one_satisfies = [&](const std::string& value) { return satisfies(value, context); };
    switch (quantifier_) {
        case Quantifier::all_values:
            return absent || std::all_of(values->begin(), values->end(), one_satisfies);
        case Quantifier::any_value:
            if (absent) return if_exists_;
            return std::any_of(values->begin(), values->end(), one_satisfies);
        case Quantifier::none: break;
    }
    if (absent) return if_exists_ || negated_;
    const bool some = std::any_of(values->begin(), values->end(),
                                  [&](const std::string& value) { return matches_any(value, context); });
    return some != negated_;
}

std::vector<std::string> Condition::keys() const {
    std::vector<std::string> result{key_};
    for (const auto& operand : operands_)
        if (const auto* pattern = std::get_if<Pattern>(&operand))
            for (auto& key : pattern->keys()) result.push_back(std::move(key));
    return result;
}

}  // namespace keytide::iam_policy
