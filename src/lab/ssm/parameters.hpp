// Parameters written, read, listed and deleted.
#pragma once

#include "lab/ssm/call.hpp"

namespace keytide::lab::ssm {

JsonResult put_parameter(const Call& call);
JsonResult delete_parameter(const Call& call);
JsonResult delete_parameters(const Call& call);

JsonResult get_parameter(const Call& call);
JsonResult get_parameters(const Call& call);
JsonResult get_parameters_by_path(const Call& call);
JsonResult get_parameter_history(const Call& call);
JsonResult describe_parameters(const Call& call);

}  // namespace keytide::lab::ssm
