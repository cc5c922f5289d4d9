// The life of a key as its owner sees it, from the first call to the refusal.
#include "lab/lab.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* user = "accesskey-rotate-sample-user";

// s3:ListBuckets does not exist; people write it all the same, and AWS stores it.
constexpr const char* policy = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":["s3:ListBuckets","s3:ListAllMyBuckets"],"Resource":"*"},
    {"Effect":"Allow","Action":["iam:CreateAccessKey","iam:DeleteAccessKey"],
     "Resource":"arn:aws:iam::123456789012:user/accesskey-rotate-sample-user"}]})";

TEST(Lab, AUserReplacesItsOwnKey) {
    auto lab = example_lab();
    const auto root = root_of(lab);
    ASSERT_EQ(root.iam("CreateUser", {{"UserName", user}}).status(), 200);
    ASSERT_EQ(root.iam("CreateUser", {{"UserName", "other"}}).status(), 200);
    const auto put =
        root.iam("PutUserPolicy", {{"UserName", user}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
    ASSERT_EQ(put.status(), 200) << put.reply.body;
    ASSERT_EQ(root.s3("PUT", "/my-bucket").status(), 200);

    const auto first = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", user}}))};
    EXPECT_EQ(first.s3("GET", "/").text("//Bucket/Name"), "my-bucket");
    const auto list = first.iam("ListAccessKeys");
    EXPECT_EQ(list.status(), 403);
    EXPECT_EQ(list.code(), "AccessDenied");
    EXPECT_EQ(
        list.message(),
        "User: arn:aws:iam::123456789012:user/accesskey-rotate-sample-user is not authorized to perform: "
        "iam:ListAccessKeys on resource: user accesskey-rotate-sample-user because no identity-based policy "
        "allows the iam:ListAccessKeys action");
    EXPECT_EQ(first.iam("CreateAccessKey", {{"UserName", "other"}}).code(), "AccessDenied");

    const auto second = Client{lab, created_key(first.iam("CreateAccessKey", {{"UserName", user}}))};
    EXPECT_EQ(second.key.id.account(), "123456789012");
    const auto third = second.iam("CreateAccessKey");
    EXPECT_EQ(third.status(), 409);
    EXPECT_EQ(third.code(), "LimitExceeded");
    EXPECT_EQ(third.message(), "Cannot exceed quota for AccessKeysPerUser: 2");

    EXPECT_EQ(second.s3("GET", "/").status(), 200);
    EXPECT_EQ(
        second.iam("DeleteAccessKey", {{"UserName", user}, {"AccessKeyId", first.key.id.text()}}).status(),
        200);

    const auto refused_by_s3 = first.s3("GET", "/");
    EXPECT_EQ(refused_by_s3.status(), 403);
    EXPECT_EQ(refused_by_s3.code(), "InvalidAccessKeyId");
    EXPECT_EQ(refused_by_s3.message(), "The AWS Access Key Id you provided does not exist in our records.");
    EXPECT_EQ(refused_by_s3.text("/Error/AWSAccessKeyId"), first.key.id.text());
    for (const char* service : {"iam", "sts", "cloudformation"}) {
        const auto refused = first.query(service, "GetCallerIdentity");
        EXPECT_EQ(refused.status(), 403);
        EXPECT_EQ(refused.code(), "InvalidClientTokenId");
        EXPECT_EQ(refused.message(), "The security token included in the request is invalid.");
    }
    EXPECT_EQ(second.s3("GET", "/").status(), 200);
}

TEST(Lab, AnswersInTheShapeOfEachService) {
    auto lab = example_lab();
    const auto root = root_of(lab);

    const auto identity = root.sts("GetCallerIdentity");
    EXPECT_EQ(identity.reply.content_type, "text/xml");
    EXPECT_EQ(identity.text("/GetCallerIdentityResponse/GetCallerIdentityResult/Arn"),
              "arn:aws:iam::123456789012:root");
    EXPECT_EQ(identity.text("/GetCallerIdentityResponse/GetCallerIdentityResult/UserId"), "123456789012");
    ASSERT_EQ(identity.reply.headers.size(), 1U);
    EXPECT_EQ(identity.reply.headers[0].name, "x-amzn-RequestId");
    EXPECT_EQ(identity.text("/GetCallerIdentityResponse/ResponseMetadata/RequestId"),
              identity.reply.headers[0].value);

    const auto missing = root.iam("GetUser", {{"UserName", "nobody"}});
    EXPECT_EQ(missing.status(), 404);
    EXPECT_EQ(missing.text("/ErrorResponse/Error/Type"), "Sender");
    EXPECT_EQ(missing.text("/ErrorResponse/Error/Code"), "NoSuchEntity");
    EXPECT_FALSE(missing.text("/ErrorResponse/RequestId").empty());

    const auto no_bucket = root.s3("DELETE", "/no-bucket");
    EXPECT_EQ(no_bucket.status(), 404);
    EXPECT_EQ(no_bucket.reply.content_type, "application/xml");
    EXPECT_EQ(no_bucket.text("/Error/Code"), "NoSuchBucket");
    EXPECT_EQ(no_bucket.reply.body.find("xmlns"), std::string::npos)
        << "botocore wants Error without namespace";
    EXPECT_EQ(no_bucket.text("/Error/RequestId").size(), 16U);
    ASSERT_NE(no_bucket.reply.headers.size(), 0U);
    EXPECT_EQ(no_bucket.reply.headers[0].name, "x-amz-request-id");
}

TEST(Lab, RefusesActionsAndVersionsThatItDoesNotKnow) {
    auto lab = example_lab();
    const auto root = root_of(lab);
    EXPECT_EQ(root.iam("CreateRocket").code(), "InvalidAction");
    EXPECT_EQ(root.iam("CreateRocket").message(),
              "Could not find operation CreateRocket for version 2010-05-08");
    EXPECT_EQ(root.sts("AssumeRocket").code(), "InvalidAction");

    auto request = query_request("iam", "GetUser");
    request.body = "Action=GetUser";
    sign(request, root.key, "iam", noon);
    EXPECT_EQ(Answer{lab.handle(request, noon)}.message(),
              "Could not find operation GetUser for version NO_VERSION_SPECIFIED");
    request.body = "Version=2010-05-08";
    sign(request, root.key, "iam", noon);
    EXPECT_EQ(Answer{lab.handle(request, noon)}.code(), "MissingAction");
}

TEST(Lab, PermissionIsAskedBeforeExistence) {
    auto lab = example_lab();
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    EXPECT_EQ(bob.iam("GetUser", {{"UserName", "nobody"}}).code(), "AccessDenied");
    EXPECT_EQ(bob.iam("GetUser", {{"UserName", "not a name"}}).code(), "AccessDenied");
    EXPECT_EQ(bob.s3("DELETE", "/no-bucket").code(), "AccessDenied");
    EXPECT_EQ(bob.iam("CreateAccessKey", {{"UserName", ""}}).code(), "AccessDenied");
    EXPECT_EQ(bob.sts("GetCallerIdentity").text("//Arn"), "arn:aws:iam::123456789012:user/bob");
}

TEST(Lab, ADenySaysThatItIsOne) {
    auto lab = example_lab();
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    root.iam("PutUserPolicy",
             {{"UserName", "bob"},
              {"PolicyName", "deny"},
              {"PolicyDocument", R"({"Statement":{"Effect":"Deny","Action":"*","Resource":"*"}})"}});
    root.iam("PutUserPolicy",
             {{"UserName", "bob"},
              {"PolicyName", "allow"},
              {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})"}});
    EXPECT_EQ(
        bob.s3("GET", "/").message(),
        "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:ListAllMyBuckets with an "
        "explicit deny in an identity-based policy");
    EXPECT_EQ(
        bob.s3("PUT", "/a-bucket").message(),
        "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:CreateBucket on resource: "
        "\"arn:aws:s3:::a-bucket\" with an explicit deny in an identity-based policy");
    EXPECT_EQ(bob.sts("GetCallerIdentity").status(), 200) << "nothing denies GetCallerIdentity";
    root.iam("DeleteUserPolicy", {{"UserName", "bob"}, {"PolicyName", "deny"}});
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
}

TEST(Lab, NoBucketsListedWithoutPermission) {
    auto lab = example_lab();
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", "bob"}, {"Path", "/team/"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    EXPECT_EQ(
        bob.s3("GET", "/").message(),
        "User: arn:aws:iam::123456789012:user/team/bob is not authorized to perform: s3:ListAllMyBuckets "
        "because no identity-based policy allows the s3:ListAllMyBuckets action");
}

}  // namespace
}  // namespace keytide::lab
