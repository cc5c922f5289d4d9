// The parts of a template's body, each read by itself: that they fit each other is template.cpp's to see.
#pragma once

#include "lab/cloudformation/template.hpp"

namespace keytide::lab::cloudformation {

Outcome<void> check_sections(const Value& body);

Outcome<Declaration> read_resource(const std::string& logical_id, const Value& body);

// `section`: null when the template has none.
Outcome<std::vector<DeclaredOutput>> read_outputs(const Value* section);
Outcome<Value> read_mappings(const Value* section);

inline std::unexpected<ServiceError> invalid_template(std::string message) {
    return refuse("ValidationError", std::move(message), 400);
}
inline std::unexpected<ServiceError> malformed_template(std::string message) {
    return invalid_template("Template format error: " + std::move(message));
}

}  // namespace keytide::lab::cloudformation
