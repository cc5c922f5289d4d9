#include "aws/authorization_details.hpp"

#include <pugixml.hpp>
#include <string_view>

#include "signature/percent_encoding.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::aws {
namespace {

using Details = AuthorizationDetails;

std::string text_of(pugi::xml_node parent, const char* name) {
    return printable(parent.child(name).text().get());
}

// What is missing is remembered, so that nobody takes part of an account for the whole.
class Reading {
public:
    std::optional<Details> of(pugi::xml_node result) {
        Details details;
        for (const auto member : list(result, "UserDetailList")) details.users.push_back(user(member));
        for (const auto member : list(result, "GroupDetailList")) details.groups.push_back(group(member));
        for (const auto member : list(result, "Policies")) details.policies.push_back(policy(member));
        return is_whole_ ? std::optional(std::move(details)) : std::nullopt;
    }

private:
    pugi::xml_object_range<pugi::xml_named_node_iterator> list(pugi::xml_node parent, const char* name) {
        const auto found = parent.child(name);
        is_whole_ = is_whole_ && found;
        return found.children("member");
    }

    std::string required(pugi::xml_node parent, const char* name) {
        auto text = text_of(parent, name);
        is_whole_ = is_whole_ && !text.empty();
        return text;
    }

    std::string document(pugi::xml_node parent, const char* name) {
        const std::string_view text = parent.child(name).text().get();
        is_whole_ = is_whole_ && !text.empty();
        return signature::percent_decoded(text);
    }

    // IAM leaves lists of policies out where there are none.
    std::vector<Details::InlinePolicy> inline_policies(pugi::xml_node holder, const char* name) {
        std::vector<Details::InlinePolicy> policies;
        for (const auto member : holder.child(name).children("member"))
            policies.push_back({required(member, "PolicyName"), document(member, "PolicyDocument")});
        return policies;
    }
    std::vector<std::string> attached(pugi::xml_node holder) {
        std::vector<std::string> arns;
        for (const auto member : holder.child("AttachedManagedPolicies").children("member"))
            arns.push_back(required(member, "PolicyArn"));
        return arns;
    }

    Details::User user(pugi::xml_node member) {
        Details::User user{
            .name = required(member, "UserName"),
            .path = required(member, "Path"),
            .inline_policies = inline_policies(member, "UserPolicyList"),
            .attached = attached(member),
            .boundary = text_of(member.child("PermissionsBoundary"), "PermissionsBoundaryArn")};
        for (const auto group : member.child("GroupList").children("member"))
            user.groups.push_back(printable(group.text().get()));
        for (const auto tag : member.child("Tags").children("member"))
            user.tags[required(tag, "Key")] = text_of(tag, "Value");
        return user;
    }

    Details::Group group(pugi::xml_node member) {
        return {.name = required(member, "GroupName"),
                .path = required(member, "Path"),
                .inline_policies = inline_policies(member, "GroupPolicyList"),
                .attached = attached(member)};
    }

    Details::ManagedPolicy policy(pugi::xml_node member) {
        Details::ManagedPolicy policy{.arn = required(member, "Arn"),
                                      .name = required(member, "PolicyName"),
                                      .path = required(member, "Path")};
        for (const auto version : member.child("PolicyVersionList").children("member"))
            if (text_of(version, "IsDefaultVersion") == "true")
                policy.document = document(version, "Document");
        is_whole_ = is_whole_ && !policy.document.empty();
        return policy;
    }

    bool is_whole_ = true;
};

}  // namespace

std::optional<AuthorizationDetails> read_authorization_details(pugi::xml_node result) {
    return Reading().of(result);
}

}  // namespace keytide::aws
