// Texts of policies with what may stand in them: the wildcards * and ?, and policy variables.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
//
// Matched greedily with a single fallback point (the last star), which takes at most |pattern| × |text| steps
// whatever an attacker writes: a*a*a*… cannot blow it up. https://research.swtch.com/glob
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/context.hpp"

namespace keytide::iam_policy {

// What is read in a text, and how letters compare.
struct Reading {
    bool wildcards = false;
    bool variables = false;  // ${aws:username}, ${aws:PrincipalTag/team, 'none'}, ${*} ${?} ${$}
    bool ignores_case = false;
};

class Pattern {
public:
    // `text` is well-formed (first_fault is empty) when variables are read.
    Pattern(std::string_view text, Reading reading);

    // Where a variable has no value (its key is absent, or has several) and no default, nothing matches. What
    // stands in for a variable is literal: a * in it is no wildcard.
    bool matches(std::string_view text, const Context& context) const;
    bool matches(std::string_view text) const;  // of one without variables

    // Segment by segment, so that a * in front of the fifth colon does not reach across colons; in the last
    // segment it crosses everything. A lone * is everything.
    bool matches_arn(std::string_view arn, const Context& context) const;

    // The keys of its variables, in lower case.
    std::vector<std::string> keys() const;

    // The first variable that is not one (${aws:user, ${}, ${a b}); empty: there is none.
    static std::string_view first_fault(std::string_view text);

    const std::string& text() const { return text_; }

private:
    struct Variable {
        std::string key;  // in lower case
        bool has_default = false;
        std::string otherwise;
    };
    // Wildcards and variables as units beyond those of characters, so that no character is special.
    struct Parts {
        std::u16string units;
        std::vector<Variable> variables;
    };
    template <class Match>
    bool with_values(const Context& context, std::size_t longest, Match match) const;

    std::string text_;                    // as it was written
    std::shared_ptr<const Parts> parts_;  // null: every character is literal
    bool all_ = false;                    // a lone *
    bool ignores_case_ = false;
};

// iam:Create* in any case of letters; a lone * (and *:*, which becomes one) is everything.
class ActionPattern {
public:
    explicit ActionPattern(std::string_view text)
        : pattern_(text == "*:*" ? "*" : text, {.wildcards = true, .ignores_case = true}) {}
    bool matches(std::string_view action) const { return pattern_.matches(action); }
    const std::string& text() const { return pattern_.text(); }

private:
    Pattern pattern_;
};

// An ARN with wildcards and, behind its fifth colon, variables; or a lone *. Case-sensitive.
class ResourcePattern {
public:
    ResourcePattern(std::string_view text, bool takes_variables)
        : pattern_(text, {.wildcards = true, .variables = takes_variables}) {}
    bool matches(std::string_view resource, const Context& context) const {
        return pattern_.matches_arn(resource, context);
    }
    std::vector<std::string> keys() const { return pattern_.keys(); }
    const std::string& text() const { return pattern_.text(); }

private:
    Pattern pattern_;
};

}  // namespace keytide::iam_policy
