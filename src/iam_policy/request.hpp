// One question to policies: may this principal do that to this resource?
#pragma once

#include <string_view>

#include "iam_policy/context.hpp"

namespace keytide::iam_policy {

// Whoever signed, as resource-based policies name principals.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
struct Principal {
    enum class Kind { root, user, role_session, federated_user, web_identity, saml, service, anonymous };

    Kind kind = Kind::anonymous;
    std::string_view account{};  // twelve digits; empty for services and strangers
    std::string_view arn{};      // of the user, or of the session: arn:aws:sts::…:assumed-role/NAME/SESSION
    std::string_view role_arn{};   // of a role session's role: arn:aws:iam::…:role/PATH/NAME
    std::string_view unique_id{};  // of the user (AIDA…) or the role (AROA…), without the session's name
    std::string_view name{};       // of a service (lambda.amazonaws.com) or an identity provider (its ARN)
};

struct Request {
    std::string_view action;    // service:Name, in any case of letters
    std::string_view resource;  // an ARN, or "*" for actions without resource
    const Context& context;
    Principal principal{};
    std::string_view resource_account{};  // who owns it; empty: the principal's own account
};

}  // namespace keytide::iam_policy
