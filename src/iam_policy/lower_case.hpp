// Names of actions, of condition keys and of variables ignore the case of ASCII letters.
#pragma once

#include <string>
#include <string_view>

namespace keytide::iam_policy {

constexpr char lower_case(char c) {
    return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c;
}

inline std::string lower_case(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = lower_case(c);
    return result;
}

}  // namespace keytide::iam_policy
