// A policy as it is written: its grammar, before anything in it means something.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "vocabulary/error.hpp"

namespace keytide::iam_policy {

using Texts = std::vector<std::string>;

struct WrittenCondition {
    std::string op;  // ForAnyValue:StringLike
    std::string key;
    Texts values;  // numbers and truths as JSON writes them
};

struct WrittenPrincipal {
    bool star = false;                                 // "Principal": "*"
    std::vector<std::pair<std::string, Texts>> types;  // "AWS": […]
};

struct WrittenStatement {
    std::optional<std::string> sid, effect;
    std::optional<Texts> action, not_action, resource, not_resource;
    std::optional<WrittenPrincipal> principal, not_principal;
    std::vector<WrittenCondition> conditions;
};

struct Document {
    std::optional<std::string> version, id;
    std::vector<WrittenStatement> statements;  // at least one
};

// Why a text is none. AWS tells them apart only for trust policies.
enum class Malformed { json, empty, syntax };

std::expected<Document, Malformed> read_document(std::string_view json);

}  // namespace keytide::iam_policy
