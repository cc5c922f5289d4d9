// What IAM holds for a stack, piece by piece. Every piece is put and taken by IAM's own API in the caller's
// name: what that checks, authorises and refuses holds for stacks too.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_Operations.html
#pragma once

#include <string>
#include <vector>

#include "lab/cloudformation/holding.hpp"

namespace keytide::lab::cloudformation {

extern const PieceKind identity_kind;        // a user, group or role: its content is what it was made with
extern const PieceKind inline_policy_kind;   // by name: its document
extern const PieceKind attachment_kind;      // of a managed policy, by ARN
extern const PieceKind boundary_kind;        // its content is the policy's ARN
extern const PieceKind login_profile_kind;   // of a user: its content is the property
extern const PieceKind tag_kind;             // by key
extern const PieceKind membership_kind;      // of a user, in the group of that name
extern const PieceKind access_key_kind;      // of a user: its status; IAM gives it its name
extern const PieceKind managed_policy_kind;  // by ARN

// An identity and the pieces that make it up, as the properties of its resource say. `type`: User, Group,
// Role.
Holding identity_holding(std::string_view type, const std::string& name, const Value& properties);

// arn:aws:iam::ACCOUNT:user/PATH/NAME of the identity in this holding.
std::string identity_arn(const AccountId& account, const Holding& held);

Piece membership(const std::string& user, const std::string& group);

Piece inline_policy(std::string_view owner_type, const std::string& owner, std::string name,
                    const Value& document);

}  // namespace keytide::lab::cloudformation
