// The text of a template: JSON when it begins with '{', else YAML 1.1 with CloudFormation's short forms.
//
//   !Ref User            becomes  {"Ref": "User"}
//   !GetAtt User.Arn     becomes  {"Fn::GetAtt": ["User", "Arn"]}
//   !Anything [1, 2]     becomes  {"Fn::Anything": [1, 2]}
//
// Any bytes at all give a value or ValidationError in AWS's words. Aliases are refused, as AWS does; so are
// keys that an object names twice, of which other readers silently drop one.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html
#pragma once

#include <string_view>

#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

inline constexpr std::size_t longest_template = 51'200;  // bytes, when sent with the request

Outcome<Value> read_template_text(std::string_view text);

Outcome<Value> read_json(std::string_view text);
Outcome<Value> read_yaml(std::string_view text);

// "Template format error: YAML not well-formed. (line 3, column 5)"; both count from one.
std::unexpected<ServiceError> not_well_formed(std::string_view language, std::size_t line,
                                              std::size_t column);
std::unexpected<ServiceError> not_well_formed(std::string_view language, std::string_view text,
                                              std::size_t offset);

}  // namespace keytide::lab::cloudformation
