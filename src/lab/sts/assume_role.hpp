// AssumeRole: the credentials of a role, for whom it trusts.
// https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html
#pragma once

#include "lab/sts/call.hpp"

namespace keytide::lab::sts {

ActionResult assume_role(const Call& call);

}  // namespace keytide::lab::sts
