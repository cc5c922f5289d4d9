// The door to a place outside of this machine that remembers how far a ledger had come.
#pragma once

#include <string_view>

#include "ports/answer.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::ports {

class AnchorPlace {
public:
    virtual ~AnchorPlace() = default;

    // One request. `anchor`: one line, which shows nothing of what the ledger holds.
    virtual Answer<Done> remember(const AccessKey& signer, std::string_view ledger_id,
                                  std::string_view anchor) = 0;
};

}  // namespace keytide::ports
