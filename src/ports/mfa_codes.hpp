// The door to the person who has the MFA device.
#pragma once

#include <optional>
#include <string_view>

#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::ports {

class MfaCodes {
public:
    virtual ~MfaCodes() = default;

    // A code that was not handed out before, six digits; nothing when nobody can be asked. `remark` is what
    // the person should know, in a few words; may be empty. An error when the person interrupts.
    virtual Result<std::optional<Secret>> ask(std::string_view serial, std::string_view remark) = 0;
};

}  // namespace keytide::ports
