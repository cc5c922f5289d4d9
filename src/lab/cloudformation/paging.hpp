// NextToken: how CloudFormation cuts a list into pages, each of a hundred.
//
// A token says which item is next, by its number among all that ever were, so that what comes in the meantime
// shifts nothing. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
#pragma once

#include <cstddef>
#include <functional>
#include <string_view>
#include <vector>

#include "lab/cloudformation/call.hpp"
#include "lab/query_protocol.hpp"
#include "lab/xml.hpp"

namespace keytide::lab::cloudformation {

inline constexpr std::size_t items_per_page = 100;

// <Element>…</Element> and NextToken where there is more. `numbers`: of the items, in the order in which they
// are shown, which is rising or falling; `append` writes what a number stands for.
ActionResult paged(const Call& call, std::string_view element, const std::vector<std::size_t>& numbers,
                   const std::function<void(XmlWriter&, std::size_t number)>& append);

std::vector<std::size_t> rising(std::size_t count);   // 0, 1, 2…
std::vector<std::size_t> falling(std::size_t count);  // …2, 1, 0: the latest first

}  // namespace keytide::lab::cloudformation
