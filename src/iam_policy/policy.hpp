// The policy language of IAM, compiled once when a policy is stored and evaluated at every request.
//
// All of it: Effect, Action and NotAction, Resource and NotResource, Principal and NotPrincipal, Condition
// with every operator, wildcards and policy variables. What AWS refuses to store is refused here in AWS's
// words, and so is what could never be compared (a network that is none): a policy that is stored means
// something. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iam_policy/request.hpp"
#include "iam_policy/statement.hpp"
#include "vocabulary/error.hpp"

namespace keytide::iam_policy {

enum class Kind {
    identity,  // inline policy of a user, group or role, or session policy; names no principal
    managed,   // the same, as CreatePolicy takes it: of the present version of the language
    trust,     // of a role: who may assume it; names principals and no resource
    resource,  // of a bucket, a queue…: names principals and resources
};

constexpr bool is_of_identities(Kind kind) {
    return kind == Kind::identity || kind == Kind::managed;
}

// Ordered by strength: the strongest verdict of any policy is the verdict of all.
enum class Verdict { implicit_deny, allowed, explicit_deny };

// What one policy says of one request.
struct Evaluation {
    Verdict verdict = Verdict::implicit_deny;
    std::size_t statement = 0;  // the index of the one that decided, unless the denial is implicit
    Closeness closeness = Closeness::none;  // of an allowance: how directly the principal is named
};

// Copies share what was compiled; pointers to statements stay valid as long as one of them lives.
class Policy {
public:
    Policy() = default;  // one without statements, which allows nothing

    // Actions that do not exist are accepted and match nothing. The error's message is AWS's text for
    // MalformedPolicyDocument, with its full stop where it has one.
    static Result<Policy> parse(std::string_view json, Kind kind = Kind::identity);

    // A statement that denies, or else the one that allows most directly, or nothing.
    Evaluation evaluate(const Request& request) const;

    const std::vector<Statement>& statements() const { return *statements_; }

    // The condition keys it asks for, in conditions and in variables: in lower case, sorted, each once.
    std::vector<std::string> context_keys() const;

private:
    std::shared_ptr<const std::vector<Statement>> statements_ =
        std::make_shared<const std::vector<Statement>>();
};

// Characters that count towards AWS's limits: all but white space.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
std::size_t counted_size(std::string_view json);

inline constexpr std::size_t user_policies_limit = 2048;  // of all inline policies of one user together
inline constexpr std::size_t longest_document = 131'072;  // that IAM's API takes, white space counted

}  // namespace keytide::iam_policy
