// The tags of one user, role, policy or device: fifty at most, their keys the same in any case of letters and
// shown as they were written last.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lab/service_error.hpp"

namespace keytide::lab {

struct Tag {
    std::string key, value;
    bool operator==(const Tag&) const = default;
};

// ValidationError for keys and values that no tag can have; InvalidInput for a key that comes twice, or that
// only AWS may use.
Outcome<void> check_tags(std::span<const Tag> tags);
Outcome<void> check_tag_keys(std::span<const std::string> keys);

class Tags {
public:
    Outcome<void> put(std::span<const Tag> tags);  // LimitExceeded
    void erase(std::span<const std::string> keys);

    const std::string* find(std::string_view key) const;  // the value; null: no such tag
    bool empty() const { return by_key_.empty(); }
    std::vector<Tag> all() const;  // by key

private:
    std::map<std::string, Tag> by_key_;  // in lower case
};

}  // namespace keytide::lab
