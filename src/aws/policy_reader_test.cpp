#include "aws/policy_reader.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace keytide::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class StoppedClock final : public ports::Clock {
public:
    Instant now() override { return *parse_rfc3339("2026-01-31T12:00:00Z"); }
    bool sleep(Duration) override { return true; }
    bool interrupted() override { return false; }
};

// Answers by the form that is sent, without what every form has; anything else is an empty list.
class Written final : public http::Http {
public:
    std::map<std::string, std::string> answers;  // "GetUser UserName=bob": the inside of the result

    std::expected<http::HttpReply, http::HttpFailure> send(const http::HttpRequest& request) override {
        const std::string_view form(request.body.data(), request.body.size());
        const auto action = std::string(form.substr(7, form.find('&') - 7));
        const auto rest = form.substr(form.find("2010-05-08") + 10);
        const auto asked = action + " " + std::string(rest.empty() ? rest : rest.substr(1));
        const auto found = answers.find(asked);
        const auto inside =
            found != answers.end() ? found->second
            : action == "GetUser"
                ? "<User><UserName>bob</UserName></User>"
                : "<Groups/><PolicyNames/><AttachedPolicies/><IsTruncated>false</IsTruncated>";
        return http::HttpReply{
            200,
            WipedString(fmt::format("<{0}Response><{0}Result>{1}</{0}Result></{0}Response>", action, inside)),
            std::nullopt};
    }
};

struct Reader : testing::Test {
    Written http;
    StoppedClock clock;
    PolicyReader reader{http, *endpoint_for(Service::iam, "", "us-east-1", "aws"), clock, "keytide/test"};

    ports::Answer<ports::PoliciesOfUser> read() {
        return reader.read({*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("secret"), Secret()}, "bob");
    }
    std::vector<std::string> names() {
        std::vector<std::string> result;
        const auto answer = read();
        if (answer.done() == nullptr) return {"nothing"};
        for (const auto& [name, text] : answer.done()->identity) result.push_back(name + ": " + text);
        return result;
    }
};

TEST_F(Reader, FollowsEveryPage) {
    http.answers = {
        {"ListUserPolicies UserName=bob",
         "<PolicyNames><member>a</member></PolicyNames><IsTruncated>true</IsTruncated><Marker>x/y</Marker>"},
        {"ListUserPolicies UserName=bob&Marker=x%2Fy",
         "<PolicyNames><member>b</member></PolicyNames><IsTruncated>false</IsTruncated>"},
        {"GetUserPolicy UserName=bob&PolicyName=a", "<PolicyDocument>%7B%22a%22%7D</PolicyDocument>"},
        {"GetUserPolicy UserName=bob&PolicyName=b", "<PolicyDocument>%7B%7D</PolicyDocument>"}};
    EXPECT_THAT(names(), ElementsAre("inline policy a: {\"a\"}", "inline policy b: {}"));
}

TEST_F(Reader, ReadsTheDefaultVersionOfManagedPoliciesAndWhatGroupsHave) {
    http.answers = {
        {"ListGroupsForUser UserName=bob", "<Groups><member><GroupName>g</GroupName></member></Groups>"},
        {"ListAttachedGroupPolicies GroupName=g",
         "<AttachedPolicies><member><PolicyArn>arn:p</PolicyArn></member></AttachedPolicies>"},
        {"GetPolicy PolicyArn=arn%3Ap", "<Policy><DefaultVersionId>v3</DefaultVersionId></Policy>"},
        {"GetPolicyVersion PolicyArn=arn%3Ap&VersionId=v3",
         "<PolicyVersion><Document>%7B%7D</Document></PolicyVersion>"},
        {"GetUser UserName=bob",
         "<User><PermissionsBoundary><PermissionsBoundaryArn>arn:p</PermissionsBoundaryArn>"
         "</PermissionsBoundary></User>"}};
    EXPECT_THAT(names(), ElementsAre("arn:p of group g: {}"));
    const auto answer = read();
    ASSERT_TRUE(answer.done()->boundary);
    EXPECT_EQ(answer.done()->boundary->text, "{}");
}

TEST_F(Reader, TakesNoPartForTheWhole) {
    const auto says = [&](const char* inside) {
        http.answers = {{"ListUserPolicies UserName=bob", inside}};
        const auto answer = read();
        return answer.indeterminate() == nullptr ? "" : answer.indeterminate()->reason;
    };
    EXPECT_THAT(says(""), HasSubstr("ListUserPolicies cannot be read"));
    EXPECT_THAT(says("<PolicyNames/><IsTruncated>true</IsTruncated>"),
                HasSubstr("ListUserPolicies cannot be read"));
    EXPECT_THAT(says("<PolicyNames><member>a</member></PolicyNames>"),
                HasSubstr("GetUserPolicy cannot be read"));
    http.answers = {
        {"ListUserPolicies UserName=bob", "<PolicyNames/><IsTruncated>true</IsTruncated><Marker>x</Marker>"},
        {"ListUserPolicies UserName=bob&Marker=x",
         "<PolicyNames/><IsTruncated>true</IsTruncated><Marker>x</Marker>"}};
    EXPECT_EQ(read().done(), nullptr) << "pages without end";
}

}  // namespace
}  // namespace keytide::aws
