// The parameters of an account in one region, with their versions and the labels of these.
//
// Each change makes a version; the last hundred are kept. There is no compare-and-set: Overwrite replaces
// whatever is there.
// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-versions.html
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "lab/service_error.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

struct ParameterVersion {
    std::int64_t number = 0;
    std::string type, value;  // String, StringList or SecureString
    std::string sealed{};     // what is shown of a SecureString to whoever does not ask for its decryption
    std::string key_id{};     // of a SecureString
    std::string description{}, allowed_pattern{}, tier{}, data_type{};
    Instant modified{};
    std::string modified_by{};  // an ARN
    std::set<std::string> labels{};
};

struct StoredParameter {
    std::string name;
    std::deque<ParameterVersion> versions{};  // oldest first, never empty
    std::map<std::string, std::string> tags{};

    const ParameterVersion& latest() const { return versions.back(); }
    ParameterVersion* numbered(std::int64_t number);       // null: none, or none any more
    ParameterVersion* labelled(const std::string& label);  // null: none
};

class ParameterStore {
public:
    ParameterStore(AccountId account, std::string region)
        : account_(std::move(account)), region_(std::move(region)) {}

    std::string arn_of(std::string_view name) const;

    StoredParameter* find(std::string_view name);            // or its ARN; null: none
    Outcome<StoredParameter*> named(std::string_view name);  // ParameterNotFound
    void erase(const StoredParameter& parameter);

    // The first version of a new parameter, or the next one of an old. ParameterMaxVersionLimitExceeded when
    // the oldest has a label and may not go.
    Outcome<StoredParameter*> put(std::string_view name, ParameterVersion version);

    std::vector<StoredParameter*> all();  // by name

private:
    AccountId account_;
    std::string region_;
    std::map<std::string, StoredParameter, std::less<>> by_name_;
};

}  // namespace keytide::lab
