// Names of which no two may differ by the case of their letters alone, as IAM has it for users, groups, roles
// and policies. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>

namespace keytide::lab {

class UniqueNames {
public:
    bool taken(std::string_view name) const { return names_.contains(lower_case(name)); }
    void take(std::string_view name) { names_.insert(lower_case(name)); }
    void release(std::string_view name) { names_.erase(lower_case(name)); }

private:
    static std::string lower_case(std::string_view text) {
        std::string result(text);
        for (char& c : result)
            if (c >= 'A' && c <= 'Z') c = char(c - 'A' + 'a');
        return result;
    }

    std::unordered_set<std::string> names_;
};

}  // namespace keytide::lab
