// Statements in words for people.
#pragma once

#include <string>

#include "iam_policy/statement.hpp"

namespace keytide::iam_policy {

// "Allows iam:CreateAccessKey on arn:aws:iam::123456789012:user/bob, if aws:SourceIp is in 192.0.2.0/24":
// without a full stop.
std::string in_words(const Statement& statement);

// "aws:sourceip is in 192.0.2.0/24"
std::string in_words(const Condition& condition);

}  // namespace keytide::iam_policy
