#include "lab/ssm/call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "iam_policy/lower_case.hpp"

namespace keytide::lab::ssm {
namespace {

std::optional<std::int64_t> number_in(std::string_view text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

constexpr std::string_view how_names_are =
    "Parameter name: can't be prefixed with \"ssm\" (case-insensitive). If formed as a path, it can consist "
    "of "
    "sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the "
    "following 3 symbols .-_";

}  // namespace

gate::Target Call::target(std::string_view name) const {
    auto result = gate::by_arn(store().arn_of(name));
    const auto* parameter = store().find(name);
    if (parameter == nullptr) return result;
    return gate::with_resource_tags(std::move(result), "ssm", parameter->tags);
}

Outcome<void> Call::authorise(std::string_view action, const gate::Target& target) const {
    return gate::authorise_json(account, caller, action, target);
}

Outcome<StoredParameter*> Call::named(std::string_view action) const {
    if (auto allowed = authorise(action, target(input.peek("Name"))); !allowed)
        return std::unexpected(allowed.error());
    const auto name = input.required("Name", {1, 2048});
    if (auto valid = input.end(); !valid) return std::unexpected(valid.error());
    return store().named(name);
}

Selection selection_in(std::string_view text) {
    const auto colon = text.rfind(':');
    const auto slash = text.rfind('/');
    // An ARN's own colons stand before its slash.
    if (colon == std::string_view::npos || (slash != std::string_view::npos && colon < slash))
        return {std::string(text)};
    return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Outcome<Selected> select(ParameterStore& store, const Selection& selection) {
    auto parameter = store.named(selection.name);
    if (!parameter) return std::unexpected(parameter.error());
    if (selection.selector.empty()) return Selected{*parameter, &(*parameter)->versions.back()};
    const auto number = number_in(selection.selector);
    auto* version = number ? (*parameter)->numbered(*number) : (*parameter)->labelled(selection.selector);
    if (version != nullptr) return Selected{*parameter, version};
    return refuse("ParameterVersionNotFound",
                  fmt::format("Systems Manager could not find version {} of {}. Verify the version and try "
                              "again.",
                              selection.selector, selection.name),
                  400);
}

// https://docs.aws.amazon.com/systems-manager/latest/userguide/sysman-paramstore-su-create.html
Outcome<void> check_name(std::string_view name, std::size_t arn_size) {
    constexpr std::size_t longest_arn = 1011, most_levels = 15;
    const auto lower = iam_policy::lower_case(name);
    const std::string_view inside = std::string_view(lower).substr(lower.starts_with('/') ? 1 : 0);
    const bool is_path = name.find('/', 1) != std::string_view::npos;
    if (inside.starts_with("aws") && is_path)
        return refuse("AccessDeniedException", fmt::format("No access to reserved parameter name: {}.", name),
                      400);
    if (inside.starts_with("aws") || (inside.starts_with("ssm") && !is_path))
        return refuse("ValidationException",
                      "Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).", 400);
    const bool letters = std::ranges::all_of(name, [](char c) {
        return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
               std::string_view("._-/").find(c) != std::string_view::npos;
    });
    if (!letters || inside.starts_with("ssm") || name.ends_with('/') ||
        name.find("//") != std::string_view::npos || arn_size > longest_arn)
        return refuse("ValidationException", std::string(how_names_are), 400);
    if (is_path && !name.starts_with('/'))
        return refuse("ValidationException", "Parameter name must be a fully qualified name.", 400);
    if (std::size_t(std::ranges::count(name, '/')) > most_levels)
        return refuse(
            "HierarchyLevelLimitExceededException",
            "A hierarchy can have a maximum of 15 levels. For more information, see Requirements and "
            "constraints for parameter names in the AWS Systems Manager User Guide.",
            400);
    return {};
}

}  // namespace keytide::lab::ssm
