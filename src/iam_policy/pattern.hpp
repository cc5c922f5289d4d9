// Wildcard patterns: * is any run of characters, ? exactly one.
//
// Matched greedily with a single fallback point (the last star), which takes at most |pattern| × |text| steps
// whatever an attacker writes: a*a*a*… cannot blow it up. https://research.swtch.com/glob
#pragma once

#include <array>
#include <string>
#include <string_view>

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
class ResourcePattern {
public:
    explicit ResourcePattern(std::string_view text);
    bool matches(std::string_view resource) const;

private:
    std::array<std::string, 6> segments_;
    bool all_;
};

}  // namespace keytide::iam_policy
