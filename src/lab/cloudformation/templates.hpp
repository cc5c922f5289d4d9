// What a template says and needs, a stack's or one that is only sent along.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_GetTemplateSummary.html and its
// neighbours
#pragma once

#include "lab/cloudformation/call.hpp"

namespace keytide::lab::cloudformation {

ActionResult get_template(const Call& call);
ActionResult get_template_summary(const Call& call);
ActionResult validate_template(const Call& call);

}  // namespace keytide::lab::cloudformation
