// Tags of parameters, and the labels of their versions.
#pragma once

#include <string>
#include <vector>

#include "lab/ssm/call.hpp"

namespace keytide::lab::ssm {

// With aws:RequestTag/… and aws:TagKeys of these.
gate::Target with_tags(gate::Target target, const std::vector<Tag>& tags, std::vector<std::string> keys = {});

JsonResult add_tags_to_resource(const Call& call);
JsonResult remove_tags_from_resource(const Call& call);
JsonResult list_tags_for_resource(const Call& call);

JsonResult label_parameter_version(const Call& call);
JsonResult unlabel_parameter_version(const Call& call);

}  // namespace keytide::lab::ssm
