#include "iam_policy/context.hpp"

#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {

MapContext& MapContext::set(std::string_view key, std::vector<std::string> values) {
    keys_.insert_or_assign(lower_case(key), std::move(values));
    return *this;
}

std::optional<std::vector<std::string>> MapContext::values(std::string_view lower_case_key) const {
    const auto found = keys_.find(lower_case_key);
    if (found == keys_.end()) return std::nullopt;
    return found->second;
}

}  // namespace keytide::iam_policy
