// Tags of parameters, and the labels of their versions.
#pragma once

#include "lab/ssm/call.hpp"

namespace keytide::lab::ssm {

JsonResult add_tags_to_resource(const Call& call);
JsonResult remove_tags_from_resource(const Call& call);
JsonResult list_tags_for_resource(const Call& call);

JsonResult label_parameter_version(const Call& call);
JsonResult unlabel_parameter_version(const Call& call);

}  // namespace keytide::lab::ssm
