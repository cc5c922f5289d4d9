// Wildcard patterns: * is any run of characters, ? exactly one.
//
// Matched greedily with a single fallback point (the last star), which takes at most |pattern| × |text| steps
// whatever an attacker writes: a*a*a*… cannot blow it up. https://research.swtch.com/glob
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace keytide::iam_policy {

bool glob_matches(std::string_view pattern, std::string_view text);

// iam:Create* in any case of letters; a lone * is everything.
class ActionPattern {
public:
    explicit ActionPattern(std::string_view text);
    bool matches(std::string_view lower_case_action) const {
        return all_ || glob_matches(pattern_, lower_case_action);
    }

private:
    std::string pattern_;  // in lower case
    bool all_;
};

// An ARN with wildcards, or a lone *. Matched segment by segment, so that a * in front of the fifth colon
// does not reach across colons; in the last segment it crosses everything. Case-sensitive.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
//
// Behind the fifth colon ${aws:username} stands for the caller's name, where variables are taken as such; for
// a caller without a name the pattern matches nothing.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
class ResourcePattern {
public:
    explicit ResourcePattern(std::string_view text, bool takes_variables = false);
    bool matches(std::string_view resource, std::string_view user_name = {}) const;

    // The first variable in `text` that means nothing here; empty: there is none.
    static std::string_view unknown_variable(std::string_view text);

private:
    std::string last_segment(std::string_view user_name) const;

    std::array<std::string, 6> segments_;
    std::vector<std::string> around_name_;  // the last segment, cut at its variables; empty: it has none
    bool all_;
};

}  // namespace keytide::iam_policy
