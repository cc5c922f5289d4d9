// Where the codes of an MFA device come from: the command line gives one, a person at the terminal the
// others.
#pragma once

#include <optional>
#include <string>

#include "cli/terminal.hpp"
#include "ports/mfa_codes.hpp"

namespace keytide::cli {

class MfaPrompt final : public ports::MfaCodes {
public:
    explicit MfaPrompt(const Terminal& terminal) : terminal_(terminal) {}

    void give(const std::optional<std::string>& code);  // --token-code, which is asked for first

    Result<std::optional<Secret>> ask(std::string_view serial, std::string_view remark) override;

private:
    const Terminal& terminal_;
    std::optional<Secret> given_;
};

}  // namespace keytide::cli
