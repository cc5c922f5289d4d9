#include "cli/policy_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::cli {

using namespace rotation;

struct PolicyText::Statement {
    std::string sid;
    std::vector<std::string> actions;
    std::string comment;
    std::vector<std::string> resources;
};

namespace {

constexpr const char* policy_name = "keytide-rotate";

// The names of users, actions and ARNs hold nothing that JSON, YAML or HCL would escape; HCL alone takes ${.
std::vector<std::string> quoted(const std::vector<std::string>& texts) {
    std::vector<std::string> result;
    for (const auto& text : texts) result.push_back('"' + text + '"');
    return result;
}

std::string list(const std::vector<std::string>& texts) {
    return fmt::format("[{}]", fmt::join(quoted(texts), ", "));
}

// With a line for each, between a line that begins the list and one that ends it.
std::string lines(const std::vector<std::string>& texts, std::string_view indent, std::string_view end) {
    return fmt::format("[\n{0}  {1}{2}\n{0}]", indent,
                       fmt::join(quoted(texts), fmt::format(",\n{}  ", indent)), end);
}

// aws_iam_policy_document takes &{ for IAM's ${, which would be Terraform's own.
// https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
std::vector<std::string> for_terraform(std::vector<std::string> texts) {
    for (auto& text : texts)
        if (const auto at = text.find("${"); at != std::string::npos) text[at] = '&';
    return texts;
}

}  // namespace

// Names are unique in an account whatever the path, so that the second gives nobody more; the first alone
// does not match a user with a path. AWS's own IAMUserChangePassword names both.
// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMUserChangePassword.html
std::vector<std::string> PolicyText::users() const {
    const auto users = fmt::format("arn:{}:iam::*:user/", partition);
    if (role == Role::administrator && !user_name) return {users + "*"};
    const auto name = user_name.value_or("${aws:username}");
    return {users + name, users + "*/" + name};
}

std::vector<PolicyText::Statement> PolicyText::statements() const {
    std::vector<Statement> result{{"Rotate", {}, "the least: without these no key is rotated", users()}};
    for (const auto* p : needed) {
        if (p->needed_by(role) == Need::required) {
            result.front().actions.emplace_back(p->action);
            continue;
        }
        std::string sid(p->name);
        sid.front() = char(sid.front() - 'a' + 'A');
        result.push_back({std::move(sid), {std::string(p->action)}, std::string(p->with), users()});
    }
    for (std::size_t i = 0; i < stores.size(); ++i)
        result.push_back({fmt::format("Deliver{}", i == 0 ? "" : std::to_string(i + 1)), stores[i].actions,
                          "the new key is written there, and read back", stores[i].resources});
    return result;
}

std::string PolicyText::title() const {
    if (is_for_one_user()) return fmt::format("What {} needs to rotate its own access key", *user_name);
    if (role == Role::user) return "What a user needs to rotate its own access key";
    if (user_name)
        return fmt::format("What an administrator needs to rotate the access keys of {}", *user_name);
    return "What an administrator needs to rotate the access keys of users";
}

std::string PolicyText::in(PolicyFormat format) const {
    switch (format) {
        case PolicyFormat::json: return json();
        case PolicyFormat::cloudformation: return cloudformation();
        case PolicyFormat::terraform: return terraform();
    }
    return {};
}

std::string PolicyText::json() const {
    std::string text = "{\n  \"Version\": \"2012-10-17\",\n  \"Statement\": [";
    bool first = true;
    for (const auto& s : statements()) {
        text += fmt::format(
            "{}\n    {{\n      \"Sid\": \"{}\",\n      \"Effect\": \"Allow\",\n      \"Action\": {},\n"
            "      \"Resource\": {}\n    }}",
            first ? "" : ",", s.sid, list(s.actions), lines(s.resources, "      ", ""));
        first = false;
    }
    return text + "\n  ]\n}";
}

std::string PolicyText::cloudformation() const {
    auto text = fmt::format(
        "AWSTemplateFormatVersion: \"2010-09-09\"\nDescription: \"{}\"\nResources:\n  KeytideRotate:\n",
        title());
    if (is_for_one_user())
        text += fmt::format(
            "    Type: AWS::IAM::Policy\n    Properties:\n      PolicyName: {}\n      Users: {}\n",
            policy_name, list({*user_name}));
    else
        text +=
            "    # to be attached to whoever rotates\n"
            "    Type: AWS::IAM::ManagedPolicy\n    Properties:\n";
    text += "      PolicyDocument:\n        Version: \"2012-10-17\"\n        Statement:";
    for (const auto& s : statements()) {
        text += fmt::format(
            "\n          # {}\n          - Sid: {}\n            Effect: Allow\n            Action: {}\n"
            "            Resource:",
            s.comment, s.sid, list(s.actions));
        for (const auto& resource : s.resources) text += fmt::format("\n              - \"{}\"", resource);
    }
    return text;
}

std::string PolicyText::terraform() const {
    auto text = fmt::format("# {}\ndata \"aws_iam_policy_document\" \"keytide\" {{", title());
    bool first = true;
    for (const auto& s : statements()) {
        text += fmt::format(
            "{}\n  # {}\n  statement {{\n    sid     = \"{}\"\n    actions = {}\n    resources = {}\n  "
            "}}",
            first ? "" : "\n", s.comment, s.sid, list(s.actions),
            lines(for_terraform(s.resources), "    ", ","));
        first = false;
    }
    text += "\n}\n\n";
    const auto policy = "data.aws_iam_policy_document.keytide.json";
    if (is_for_one_user())
        return text + fmt::format(
                          "resource \"aws_iam_user_policy\" \"keytide\" {{\n  name   = \"{}\"\n  user   = "
                          "\"{}\"\n  policy = {}\n}}",
                          policy_name, *user_name, policy);
    return text + fmt::format(
                      "# to be attached to whoever rotates\nresource \"aws_iam_policy\" \"keytide\" {{\n"
                      "  name   = \"{}\"\n  policy = {}\n}}",
                      policy_name, policy);
}

}  // namespace keytide::cli
