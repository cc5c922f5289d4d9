// The text of Fn::Sub: ${Name}, ${Resource.Attribute}, and ${!Literal}, which stands for ${Literal}.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-sub.html
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/intrinsics.hpp"

namespace keytide::lab::cloudformation {

struct Fragment {
    std::string text;  // as it stands; of a variable, what is between the braces
    bool is_variable = false;
};

// ValidationError for braces that hold nothing, or that could not be a name.
Outcome<std::vector<Fragment>> fragments_of(std::string_view text);

// What ${text} names, unless a mapping of the same Fn::Sub does.
Reference reference_of(const Fragment& variable);

}  // namespace keytide::lab::cloudformation
