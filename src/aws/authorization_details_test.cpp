// What IAM tells of an account is read whole, or not at all.
#include "aws/authorization_details.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <string>

namespace keytide::aws {
namespace {

// As IAM documents it.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccountAuthorizationDetails.html
const std::string answer = R"(<Result>
<UserDetailList><member><UserName>Bob</UserName><Path>/team/</Path><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId>
  <GroupList><member>Staff</member></GroupList>
  <UserPolicyList><member><PolicyName>own</PolicyName><PolicyDocument>%7B%22a%22%3A1%7D</PolicyDocument></member></UserPolicyList>
  <AttachedManagedPolicies><member><PolicyName>P</PolicyName><PolicyArn>arn:aws:iam::aws:policy/P</PolicyArn></member></AttachedManagedPolicies>
  <PermissionsBoundary><PermissionsBoundaryArn>arn:aws:iam::123456789012:policy/B</PermissionsBoundaryArn></PermissionsBoundary>
  <Tags><member><Key>team</Key><Value></Value></member></Tags></member></UserDetailList>
<GroupDetailList><member><GroupName>Staff</GroupName><Path>/</Path></member></GroupDetailList>
<Policies><member><PolicyName>P</PolicyName><Path>/</Path><Arn>arn:aws:iam::aws:policy/P</Arn><PolicyVersionList>
  <member><Document>old</Document><VersionId>v1</VersionId><IsDefaultVersion>false</IsDefaultVersion></member>
  <member><Document>new</Document><VersionId>v2</VersionId><IsDefaultVersion>true</IsDefaultVersion></member>
</PolicyVersionList></member></Policies></Result>)";

std::optional<AuthorizationDetails> read(const std::string& text) {
    pugi::xml_document document;
    document.load_buffer(text.data(), text.size());
    return read_authorization_details(document.child("Result"));
}

std::string without(const std::string& part) {
    auto text = answer;
    text.erase(text.find(part), part.size());
    return text;
}

TEST(AuthorizationDetailsOfAws, TellUsersGroupsAndPoliciesInForce) {
    const auto details = read(answer);
    ASSERT_TRUE(details);
    const auto& bob = details->users.at(0);
    EXPECT_EQ(bob.name + " " + bob.path + " " + bob.groups.at(0), "Bob /team/ Staff");
    EXPECT_EQ(bob.inline_policies.at(0).document, R"({"a":1})");
    EXPECT_EQ(bob.attached.at(0), "arn:aws:iam::aws:policy/P");
    EXPECT_EQ(bob.boundary, "arn:aws:iam::123456789012:policy/B");
    EXPECT_TRUE(bob.tags.at("team").empty());
    EXPECT_EQ(details->groups.at(0).name, "Staff");
    EXPECT_EQ(details->policies.at(0).document, "new");
}

TEST(AuthorizationDetailsOfAws, AreNoneWhereAPartIsMissing) {
    for (const char* part :
         {"<PolicyDocument>%7B%22a%22%3A1%7D</PolicyDocument>", "<UserName>Bob</UserName>",
          "<PolicyArn>arn:aws:iam::aws:policy/P</PolicyArn>", "<Document>new</Document>",
          "<GroupDetailList><member><GroupName>Staff</GroupName><Path>/</Path></member></GroupDetailList>"})
        EXPECT_FALSE(read(without(part))) << part;
}

}  // namespace
}  // namespace keytide::aws
