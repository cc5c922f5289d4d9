// The parameters of the query protocol (IAM, STS, CloudFormation): a form with dotted names.
//
//   Action=CreateStack&Parameters.member.1.ParameterKey=Name&Parameters.member.1.ParameterValue=bob
//
// https://docs.aws.amazon.com/IAM/latest/UserGuide/programming.html
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytide::lab {

class Parameters {
public:
    // application/x-www-form-urlencoded: '+' is a space. A broken percent sequence stands for itself.
    static Parameters parse(std::string_view form);

    // The first value of this exact name; null when it was not sent. An empty value counts as sent.
    const std::string* find(std::string_view name) const;
    bool has(std::string_view name) const { return find(name) != nullptr; }

    // The value, or `otherwise` when it was not sent.
    std::string_view get(std::string_view name, std::string_view otherwise = {}) const;

    // list("Capabilities.member") gives the values of Capabilities.member.1, .2, … in the order of their
    // numbers.
    std::vector<std::string> list(std::string_view name) const;

    // structures("Parameters.member") gives for each number the parameters below Parameters.member.N. with
    // names that start after that prefix: find("ParameterKey").
    std::vector<Parameters> structures(std::string_view name) const;

    std::size_t size() const { return fields_.size(); }
    const std::vector<std::pair<std::string, std::string>>& fields() const { return fields_; }

private:
    std::vector<std::pair<std::string, std::string>> fields_;  // in the order sent
};

}  // namespace keytide::lab
