#include "lab/s3/buckets.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class Buckets : public ::testing::Test {
protected:
    static std::string header(const Answer& answer, std::string_view name) {
        for (const auto& field : answer.reply.headers)
            if (field.name == name) return field.value;
        return "absent";
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(Buckets, AreMadeListedAndDeleted) {
    const auto made = root.s3("PUT", "/my-bucket");
    EXPECT_EQ(made.status(), 200);
    EXPECT_EQ(header(made, "Location"), "/my-bucket");
    const auto list = root.s3("GET", "/");
    EXPECT_EQ(list.text("/ListAllMyBucketsResult/Buckets/Bucket/Name"), "my-bucket");
    EXPECT_EQ(list.text("//CreationDate"), "2026-01-31T12:00:00.000Z");
    EXPECT_EQ(list.text("//Owner/ID").size(), 64U);
    const auto head = root.s3("HEAD", "/my-bucket");
    EXPECT_EQ(head.status(), 200);
    EXPECT_EQ(header(head, "x-amz-bucket-region"), "us-east-1");
    EXPECT_EQ(root.s3("DELETE", "/my-bucket").status(), 204);
    EXPECT_EQ(root.s3("DELETE", "/my-bucket").code(), "NoSuchBucket");
    const auto gone = root.s3("HEAD", "/my-bucket");
    EXPECT_EQ(gone.status(), 404);
    EXPECT_EQ(gone.code(), "NoSuchBucket");
}

TEST_F(Buckets, NamesObeyTheRules) {
    for (const char* name : {"ab", "My-Bucket", "-my-bucket", "my-bucket-", "my..bucket", "192.168.0.1",
                             "my_bucket", "xn--bucket", "my%20bucket"}) {
        const auto refused = root.s3("PUT", std::string("/") + name);
        EXPECT_EQ(refused.status(), 400) << name;
        EXPECT_EQ(refused.code(), "InvalidBucketName") << name;
    }
    EXPECT_EQ(root.s3("PUT", "/" + std::string(64, 'a')).code(), "InvalidBucketName");
    EXPECT_EQ(root.s3("PUT", "/" + std::string(63, 'a')).status(), 200);
}

TEST_F(Buckets, AreMadeWhereTheRequestIsSent) {
    const auto constraint = [](std::string_view region) {
        return R"(<CreateBucketConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><LocationConstraint>)" +
               std::string(region) + "</LocationConstraint></CreateBucketConfiguration>";
    };
    EXPECT_EQ(root.s3("PUT", "/b-one", "", constraint("eu-central-1"), "eu-central-1").status(), 200);
    EXPECT_EQ(header(root.s3("HEAD", "/b-one"), "x-amz-bucket-region"), "eu-central-1");
    EXPECT_EQ(
        root.s3("PUT", "/b-two", "", constraint("us-west-2"), "eu-central-1").message(),
        "The us-west-2 location constraint is incompatible for the region specific endpoint this request was "
        "sent to.");
    EXPECT_EQ(root.s3("PUT", "/b-two", "", "", "eu-central-1").message(),
              "The unspecified location constraint is incompatible for the region specific endpoint this "
              "request was "
              "sent to.");
    EXPECT_EQ(root.s3("PUT", "/b-two", "", "<Create").code(), "MalformedXML");
    EXPECT_EQ(root.s3("PUT", "/b-one", "", constraint("eu-central-1"), "eu-central-1").code(),
              "BucketAlreadyOwnedByYou");
    EXPECT_EQ(root.s3("PUT", "/b-two").status(), 200);
    EXPECT_EQ(root.s3("PUT", "/b-two").status(), 200) << "us-east-1 forgives";
}

TEST_F(Buckets, AreListedPageByPage) {
    for (const char* name : {"/a-1", "/a-2", "/a-3", "/b-1"}) root.s3("PUT", name);
    const auto first = root.s3("GET", "/", "max-buckets=2&prefix=a-");
    EXPECT_EQ(first.count("//Bucket"), 2U);
    EXPECT_EQ(first.text("//BucketRegion"), "us-east-1");
    const auto token = first.text("//ContinuationToken");
    ASSERT_FALSE(token.empty());
    const auto second = root.s3("GET", "/", "continuation-token=" + token + "&max-buckets=2&prefix=a-");
    EXPECT_EQ(second.count("//Bucket"), 1U);
    EXPECT_EQ(second.text("//Bucket/Name"), "a-3");
    EXPECT_EQ(second.count("//ContinuationToken"), 0U);
    EXPECT_EQ(root.s3("GET", "/", "max-buckets=0").code(), "InvalidArgument");
    EXPECT_EQ(root.s3("GET", "/", "x-id=ListBuckets").count("//Bucket"), 4U);
}

TEST_F(Buckets, TellWhereTheyAre) {
    root.s3("PUT", "/b-one");
    const auto first = root.s3("GET", "/b-one", "location");
    EXPECT_EQ(first.count("/LocationConstraint"), 1U);
    EXPECT_EQ(first.text("/LocationConstraint"), "") << "the first region has no name";
    EXPECT_EQ(root.s3("GET", "/b-two", "location").code(), "NoSuchBucket");
}

TEST_F(Buckets, WithObjectsAreNotDeleted) {
    root.s3("PUT", "/b-one");
    root.s3("PUT", "/b-one/k", "", "text");
    const auto kept = root.s3("DELETE", "/b-one");
    EXPECT_EQ(kept.status(), 409);
    EXPECT_EQ(kept.code(), "BucketNotEmpty");
    root.s3("DELETE", "/b-one/k");
    EXPECT_EQ(root.s3("DELETE", "/b-one").status(), 204);
}

TEST_F(Buckets, WhatIsNotUnderstoodIsNotDone) {
    EXPECT_EQ(root.s3("PUT", "/my-bucket", "acl").code(), "NotImplemented");
    EXPECT_EQ(root.s3("PUT", "/my-bucket", "versioning").code(), "NotImplemented");
    EXPECT_EQ(root.s3("HEAD", "/my-bucket").status(), 404) << "no bucket was made";
    root.s3("PUT", "/my-bucket");
    EXPECT_EQ(root.s3("DELETE", "/my-bucket", "policy").code(), "NotImplemented");
    EXPECT_EQ(root.s3("HEAD", "/my-bucket").status(), 200);
    EXPECT_EQ(root.s3("POST", "/").status(), 405);
}

TEST_F(Buckets, HeadBucketAsksForListBucket) {
    root.s3("PUT", "/my-bucket");
    root.iam("CreateUser", {{"UserName", "bob"}});
    root.iam("PutUserPolicy", {{"UserName", "bob"},
                               {"PolicyName", "p"},
                               {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"s3:ListBucket",
                                                      "Resource":"arn:aws:s3:::my-*"}})"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    EXPECT_EQ(bob.s3("HEAD", "/my-bucket").status(), 200);
    EXPECT_EQ(bob.s3("HEAD", "/other").status(), 403);
    EXPECT_EQ(bob.s3("GET", "/").status(), 403);
}

}  // namespace
}  // namespace keytide::lab
