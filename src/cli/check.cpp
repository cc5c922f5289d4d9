#include "cli/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace keytide::cli {

using Status = Check::Status;

std::string_view to_text(Status status) {
    switch (status) {
        case Status::ok: return "ok";
        case Status::warning: return "warning";
        case Status::problem: return "problem";
        case Status::unchecked: return "unchecked";
    }
    return {};
}

Check ok(std::string name, std::string message) {
    return {std::move(name), Status::ok, std::move(message), {}};
}

Check warning(std::string name, std::string message, std::string hint) {
    return {std::move(name), Status::warning, std::move(message), std::move(hint)};
}

Check problem(std::string name, std::string message, std::string hint) {
    return {std::move(name), Status::problem, std::move(message), std::move(hint)};
}

// Hints end with this where a rotation was wanted; here nobody expects otherwise.
Check problem(std::string name, const Error& error) {
    auto hint = error.hint;
    for (const std::string_view end : {"; nothing was changed", "nothing was changed"})
        if (hint.ends_with(end)) hint.erase(hint.size() - end.size());
    if (hint.empty()) hint = "mend what it names, and run 'keytide doctor' again";
    return problem(std::move(name), error.message, std::move(hint));
}

Check unchecked(std::string name, std::string why) {
    return {std::move(name), Status::unchecked, std::move(why), {}};
}

void append(Checks& to, Checks more) {
    std::move(more.begin(), more.end(), std::back_inserter(to));
}

std::string in_lines(const Checks& checks) {
    std::string text;
    for (const auto& check : checks) {
        text += fmt::format("{:<9}  {}: {}\n", to_text(check.status), check.name, check.message);
        if (!check.hint.empty()) text += fmt::format("{:<9}  -> {}\n", "", check.hint);
    }
    const auto count = [&](Status status) { return std::ranges::count(checks, status, &Check::status); };
    const auto problems = count(Status::problem), warnings = count(Status::warning),
               rest = count(Status::unchecked);
    if (problems + warnings + rest == 0) return text + "nothing needs doing";
    return text + fmt::format("{} problem{}, {} warning{}, {} not checked", problems,
                              problems == 1 ? "" : "s", warnings, warnings == 1 ? "" : "s", rest);
}

}  // namespace keytide::cli
