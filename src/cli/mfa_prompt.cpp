#include "cli/mfa_prompt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace keytide::cli {

void MfaPrompt::give(const std::optional<std::string>& code) {
    if (code) given_ = Secret(*code);
}

// In the AWS CLI's words. An empty line gives none.
Result<std::optional<Secret>> MfaPrompt::ask(std::string_view serial, std::string_view remark) {
    if (given_) return std::exchange(given_, std::nullopt);
    const auto question =
        fmt::format("Enter MFA code for {}{}: ", serial, remark.empty() ? "" : fmt::format(" ({})", remark));
    for (;;) {
        auto typed = terminal_.ask_unseen(question);
        if (!typed) return typed;
        if (!*typed || (*typed)->empty()) return std::nullopt;
        const auto code = (*typed)->reveal();
        if (code.size() == 6 &&
            std::all_of(code.begin(), code.end(), [](char c) { return '0' <= c && c <= '9'; }))
            return typed;
        terminal_.say("keytide: an MFA code is six digits");
    }
}

}  // namespace keytide::cli
