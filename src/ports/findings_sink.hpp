// The door to where findings are collected (Security Hub).
// https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchImportFindings.html
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

struct ImportedFindings {
    std::size_t taken = 0;
    std::vector<std::string> refused;  // its id, and why
};

class FindingsSink {
public:
    virtual ~FindingsSink() = default;

    // One request, of at most a hundred findings. The same finding sent again is an update.
    virtual Answer<ImportedFindings> import(const AccessKey& signer,
                                            const std::vector<std::string>& asff) = 0;
};

}  // namespace keytide::ports
