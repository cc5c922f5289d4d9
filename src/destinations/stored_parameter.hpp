// One parameter of Parameter Store that is overwritten only as it was seen, as far as that can be.
#pragma once

#include <cstdint>
#include <expected>
#include <string>

#include "destinations/store_calls.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {

struct ParameterValue {
    WipedString text;
    std::int64_t version = 0;
};

class StoredParameter {
public:
    StoredParameter(std::string name, const StoreCalls& calls) : name_(std::move(name)), calls_(calls) {}

    const std::string& name() const { return name_; }

    // Decrypted. `version` 0 is the latest.
    std::expected<ParameterValue, StoreTrouble> read(std::int64_t version = 0) const;

    // With the type, KMS key, tier, description and pattern that it has. `seen` is what was read before.
    // Nothing: it was another one's turn, and what it wrote was put back.
    enum class Written { as_seen, beaten };
    std::expected<Written, StoreTrouble> write(std::string_view text, const ParameterValue& seen) const;

    // Whether write() would be let in, as far as that can be told.
    Result<void> check_writable() const;

private:
    struct Traits;
    std::expected<Traits, StoreTrouble> traits() const;
    std::expected<std::int64_t, StoreTrouble> put(std::string_view text, const Traits& traits) const;

    std::string name_;
    const StoreCalls& calls_;
};

}  // namespace keytide::destinations
