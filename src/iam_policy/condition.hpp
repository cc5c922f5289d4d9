// One line of a Condition: an operator, a key, and the values it is compared with.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html
//
// A key that the request does not have: positive operators do not match, negated ones match, and with
// IfExists everything matches. Several values of the policy are an or; for a negated operator, none of them
// may match.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/context.hpp"
#include "iam_policy/operand.hpp"

namespace keytide::iam_policy {

enum class Comparison {
    text,  // Pattern: equal, equal without case, or like; which of them, the pattern knows
    arn,
    equal,  // of numbers, dates, truths and binaries
    less,
    less_or_equal,
    greater,
    greater_or_equal,
    within,   // of networks
    absence,  // Null
};

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
enum class Quantifier { none, all_values, any_value };

class Condition {
public:
    // `written` is the operator as in the policy: ForAnyValue:StringLikeIfExists.
    static bool is_operator(std::string_view written);

    // Nothing: one of the values is none that the operator could compare with anything.
    static std::optional<Condition> compile(std::string_view written, std::string_view key,
                                            const std::vector<std::string>& values, bool takes_variables);

    bool holds(const Context& context) const;

    const std::string& operator_name() const { return operator_; }  // as it was written
    const std::string& key() const { return key_; }                 // in lower case
    const std::vector<std::string>& values() const { return values_; }
    std::vector<std::string> keys() const;  // its own, and those of variables in its values

private:
    bool matches_any(std::string_view value, const Context& context) const;
    bool satisfies(std::string_view value, const Context& context) const;

    std::string operator_;
    std::string key_;
    std::vector<std::string> values_;
    std::vector<Operand> operands_;
    Comparison comparison_ = Comparison::text;
    Quantifier quantifier_ = Quantifier::none;
    bool negated_ = false;
    bool if_exists_ = false;
};

}  // namespace keytide::iam_policy
