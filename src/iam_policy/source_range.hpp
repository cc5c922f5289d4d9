// Where a statement stands in its document, as SimulatePrincipalPolicy tells it: lines begin with 1, and both
// columns are those behind the brace, as in the transcripts of
// https://docs.aws.amazon.com/cli/latest/reference/iam/simulate-custom-policy.html
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace keytide::iam_policy {

struct Position {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
    bool operator==(const Position&) const = default;
};

struct SourceRange {
    Position start, end;
    bool operator==(const SourceRange&) const = default;
};

// Of all statements of a document that is well-formed JSON, in order.
std::vector<SourceRange> statement_ranges(std::string_view json);

}  // namespace keytide::iam_policy
