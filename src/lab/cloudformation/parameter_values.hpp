// The parameters of a stack or change set as they are shown: asterisks for NoEcho.
#pragma once

#include "lab/cloudformation/bound_template.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {

inline void append_parameter_values(XmlWriter& xml, const BoundTemplate& bound) {
    xml.open("Parameters");
    for (const auto& declared : bound.declared.parameters) {
        const auto& value = bound.parameters.find(declared.name)->second;
        xml.open("member").leaf("ParameterKey", declared.name);
        xml.leaf("ParameterValue", shown_value(declared, value)).close("member");
    }
    xml.close("Parameters");
}

}  // namespace keytide::lab::cloudformation
