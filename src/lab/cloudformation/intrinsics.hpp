// The functions that a template may call, what they name, and the order that follows.
//
//   Ref  Fn::GetAtt  Fn::Sub  Fn::Join  Fn::If  Fn::Select  Fn::Split  Fn::FindInMap
//   in Conditions also  Fn::Equals  Fn::And  Fn::Or  Fn::Not  Condition
//
// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct Reference {
    std::string to;         // a logical id, a parameter, or a pseudo parameter: AWS::AccountId
    std::string attribute;  // of Fn::GetAtt; empty for Ref

    bool is_pseudo_parameter() const { return to.starts_with("AWS::"); }
};

// What the functions of a value name.
struct Names {
    std::vector<Reference> references;    // in the order written, of both branches of an Fn::If
    std::vector<std::string> conditions;  // of Fn::If and Condition
    std::vector<std::string> mappings;    // of Fn::FindInMap, where it says them outright
};

// Whether this object is a function and not data. It may still be a malformed or unsupported one.
bool is_intrinsic(const Value& value);

// Where a value stands decides which functions it may call.
enum class Place { resource, condition };

// ValidationError for functions that are malformed or that may not stand there.
Outcome<Names> names_in(const Value& value, Place place = Place::resource);

// Fn::GetAtt: [User, Arn] or "User.Arn".
Outcome<Reference> attribute_reference(const Value& argument);

struct Node {
    std::string id;
    std::set<std::string> depends_on;  // ids of other nodes
};

// Positions in `nodes`, each after all that it depends on; otherwise as they stand. ValidationError "Circular
// dependency between resources: [A, B]".
Outcome<std::vector<std::size_t>> creation_order(const std::vector<Node>& nodes);

inline std::unexpected<ServiceError> template_error(std::string message) {
    return refuse("ValidationError", "Template error: " + std::move(message), 400);
}

}  // namespace keytide::lab::cloudformation
