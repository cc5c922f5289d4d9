#include "lab/iam/call.hpp"

#include <fmt/format.h>

#include <charconv>

#include "lab/constraints.hpp"

namespace keytide::lab::iam {

std::string_view Call::user_name() const {
    if (const auto* named = parameters.find("UserName")) return *named;
    return caller.user_name ? std::string_view(*caller.user_name) : std::string_view{};
}

gate::Target Call::target(Holder holder, std::string_view name) const {
    gate::Target target{{}, fmt::format("{} {}", name_of(holder), name)};
    const ManagedPolicy* boundary = nullptr;
    switch (holder) {
        case Holder::user:
            target.arn = account.users().arn_of(name);
            if (const auto* user = account.users().find(name)) {
                target.tags = &user->tags;
                boundary = user->boundary;
            }
            break;
        case Holder::group: target.arn = account.groups().arn_of(name); break;
        case Holder::role:
            target.arn = account.roles().arn_of(name);
            if (const auto* role = account.roles().find(name)) {
                target.tags = &role->tags;
                boundary = role->boundary;
            }
            break;
    }
    if (boundary != nullptr) target.keys.push_back({"iam:permissionsboundary", {boundary->arn}});
    return target;
}

gate::Target Call::target_policy(std::string_view arn) const {
    gate::Target target{std::string(arn), fmt::format("policy {}", arn)};
    if (const auto* policy = account.find_policy(arn)) target.tags = &policy->tags;
    return target;
}

std::string Call::arn(std::string_view kind, std::string_view path, std::string_view name) const {
    return fmt::format("arn:aws:iam::{}:{}{}{}", account.id(), kind, path, name);
}

Outcome<void> Call::check_user_name(Absent absent) const {
    if (const auto* named = parameters.find("UserName")) return lab::check_user_name(*named);
    if (absent == Absent::means_caller) {
        if (caller.kind == Caller::Kind::role_session)
            return refuse("ValidationError", "Must specify userName when calling with non-User credentials",
                          400);
        return {};
    }
    auto name = required("UserName", "userName");
    return name ? Outcome<void>{} : std::unexpected(name.error());
}

Outcome<void> Call::check_heard_of_user(Duration ago) const {
    const auto* user = account.users().find(user_name());
    if (user == nullptr || ago <= Duration{0} || user->created + ago <= now) return {};
    return refuse("NoSuchEntity", fmt::format("The user with name {} cannot be found.", user->name), 404);
}

Outcome<std::string_view> Call::required(std::string_view name, std::string_view member) const {
    if (const auto* value = parameters.find(name)) return std::string_view(*value);
    return refuse(
        "ValidationError",
        fmt::format("1 validation error detected: Value null at '{}' failed to satisfy constraint: Member "
                    "must not be null",
                    member),
        400);
}

Outcome<std::string_view> Call::required_name(std::string_view name, std::string_view member,
                                              std::size_t longest) const {
    auto value = required(name, member);
    if (!value) return value;
    if (auto valid = check_name(member, *value, longest); !valid) return std::unexpected(valid.error());
    return value;
}

Outcome<std::string_view> Call::required_policy_arn() const {
    auto value = required("PolicyArn", "policyArn");
    if (!value) return value;
    if (auto valid = check_policy_arn("policyArn", *value); !valid) return std::unexpected(valid.error());
    return value;
}

Outcome<std::optional<std::int64_t>> Call::number(std::string_view name, std::string_view member,
                                                  std::int64_t least, std::int64_t most) const {
    const auto* text = parameters.find(name);
    if (text == nullptr) return std::nullopt;
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
    if (error != std::errc{} || end != text->data() + text->size() || value < least)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have value greater than or equal to {}", least)));
    if (value > most)
        return std::unexpected(constraint_violated(
            member, fmt::format("Member must have value less than or equal to {}", most)));
    return value;
}

std::vector<Tag> Call::tags() const {
    std::vector<Tag> result;
    for (const auto& one : parameters.structures("Tags.member"))
        result.push_back({std::string(one.get("Key")), std::string(one.get("Value"))});
    return result;
}

std::vector<std::string> Call::tag_keys() const {
    return parameters.list("TagKeys.member");
}

gate::Target Call::with_tags(gate::Target target) const {
    return gate::with_request_tags(std::move(target), tags(), tag_keys());
}

gate::Target Call::with_boundary(gate::Target target) const {
    if (const auto* boundary = parameters.find("PermissionsBoundary"))
        target.keys.push_back({"iam:permissionsboundary", {*boundary}});
    return target;
}

}  // namespace keytide::lab::iam
