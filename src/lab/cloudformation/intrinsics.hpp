// Ref and Fn::GetAtt: how one resource of a template names another, and the order that follows.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"

namespace keytide::lab::cloudformation {

struct Reference {
    std::string to;         // a logical id, or a pseudo parameter: AWS::AccountId
    std::string attribute;  // of Fn::GetAtt; empty for Ref

    bool is_pseudo_parameter() const { return to.starts_with("AWS::"); }
};

// Whether this object is a function and not data. It may still be a malformed or unsupported one.
bool is_intrinsic(const Value& value);

// All references in `value`, in the order written. ValidationError for functions that are malformed or that
// this lab does not support.
Outcome<std::vector<Reference>> references_in(const Value& value);

// `value` with what `look_up` answers in place of each reference. `value` has passed references_in.
Value resolve(const Value& value, const std::function<std::string(const Reference&)>& look_up);

struct Node {
    std::string id;
    std::set<std::string> depends_on;  // ids of other nodes
};

// Positions in `nodes`, each after all that it depends on; otherwise as they stand. ValidationError "Circular
// dependency between resources: [A, B]".
Outcome<std::vector<std::size_t>> creation_order(const std::vector<Node>& nodes);

}  // namespace keytide::lab::cloudformation
