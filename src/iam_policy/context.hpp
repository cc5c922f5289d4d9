// The condition keys of one request: what AWS calls its request context.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace keytide::iam_policy {

// Asked only when a statement that matches in everything else wants to know, so that a key may cost something
// to find out and costs nothing to a request whose policies have no conditions.
class Context {
public:
    virtual ~Context() = default;

    // Of a key in lower case, such as aws:username or aws:principaltag/team: names of keys ignore case.
    // Nothing: the request has no such key, which is different from an empty value.
    virtual std::optional<std::vector<std::string>> values(std::string_view lower_case_key) const = 0;
};

// One that was written down beforehand: for tests, and for simulations, whose caller names the keys.
class MapContext : public Context {
public:
    MapContext() = default;
    MapContext(std::initializer_list<std::pair<std::string_view, std::string_view>> keys) {
        for (const auto& [key, value] : keys) set(key, {std::string(value)});
    }

    MapContext& set(std::string_view key, std::vector<std::string> values);
    std::optional<std::vector<std::string>> values(std::string_view lower_case_key) const override;

private:
    std::map<std::string, std::vector<std::string>, std::less<>> keys_;
};

}  // namespace keytide::iam_policy
