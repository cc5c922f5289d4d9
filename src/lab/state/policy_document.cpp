#include "lab/state/policy_document.hpp"

namespace keytide::lab {

Outcome<PolicyDocument> read_policy_document(std::string_view text, iam_policy::Kind kind) {
    if (text.size() > iam_policy::longest_document)
        return refuse("MalformedPolicyDocument", "Syntax errors in policy.", 400);
    auto compiled = iam_policy::Policy::parse(text, kind);
    if (!compiled) return refuse("MalformedPolicyDocument", compiled.error().message, 400);
    return PolicyDocument{std::string(text), std::move(*compiled)};
}

}  // namespace keytide::lab
