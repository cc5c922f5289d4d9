#include "lab/s3/objects.hpp"

#include <gtest/gtest.h>

#include "lab/s3/checksums.hpp"
#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class S3Objects : public ::testing::Test {
protected:
    using Headers = std::vector<HeaderField>;

    S3Objects() { root.s3("PUT", "/b-one"); }

    Answer ask(const Client& client, std::string_view method, std::string_view path, Headers headers = {},
               std::string_view body = "", std::string_view query = "") {
        auto request = s3_request(method, path, query, body);
        for (auto& header : headers) request.headers.push_back(header);
        sign(request, client.key, "s3", client.now);
        return {lab.handle(request, client.now)};
    }
    Answer ask(std::string_view method, std::string_view path, Headers headers = {},
               std::string_view body = "", std::string_view query = "") {
        return ask(root, method, path, std::move(headers), body, query);
    }
    static std::string header(const Answer& answer, std::string_view name) {
        for (const auto& field : answer.reply.headers)
            if (signature::same_header_name(field.name, name)) return field.value;
        return "absent";
    }
    Client user_with(std::string_view policy) {
        root.iam("CreateUser", {{"UserName", "bob"}});
        root.iam("PutUserPolicy", {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
        return {lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    const std::string etag = "\"1cb251ec0d568de6a929b520c4aed8d1\"";  // of "text"
};

TEST_F(S3Objects, ComeBackAsTheyWerePut) {
    const auto put =
        ask("PUT", "/b-one/a%20b/%C3%A9",
            {{"Content-Type", "text/plain"}, {"x-amz-meta-Colour", "blue"}, {"Cache-Control", "no-store"}},
            "text");
    EXPECT_EQ(put.status(), 200);
    EXPECT_EQ(header(put, "ETag"), etag);
    const auto got = ask("GET", "/b-one/a%20b/%C3%A9");
    EXPECT_EQ(got.status(), 200);
    EXPECT_EQ(got.reply.body, "text");
    EXPECT_EQ(got.reply.content_type, "text/plain");
    EXPECT_EQ(header(got, "x-amz-meta-colour"), "blue");
    EXPECT_EQ(header(got, "Cache-Control"), "no-store");
    EXPECT_EQ(header(got, "Last-Modified"), "Sat, 31 Jan 2026 12:00:00 GMT");
    const auto head = ask("HEAD", "/b-one/a%20b/%C3%A9");
    EXPECT_EQ(head.reply.body, "");
    EXPECT_EQ(header(head, "Content-Length"), "4");
    EXPECT_EQ(header(head, "ETag"), etag);
    EXPECT_EQ(ask("DELETE", "/b-one/a%20b/%C3%A9").status(), 204);
    EXPECT_EQ(ask("GET", "/b-one/a%20b/%C3%A9").code(), "NoSuchKey");
    EXPECT_EQ(ask("DELETE", "/b-one/a%20b/%C3%A9").status(), 204) << "gone already";
}

TEST_F(S3Objects, AreGivenInRanges) {
    ask("PUT", "/b-one/k", {}, "0123456789");
    const auto range = [&](std::string value) {
        return ask("GET", "/b-one/k", {{"Range", std::move(value)}});
    };
    const auto middle = range("bytes=2-4");
    EXPECT_EQ(middle.status(), 206);
    EXPECT_EQ(middle.reply.body, "234");
    EXPECT_EQ(header(middle, "Content-Range"), "bytes 2-4/10");
    EXPECT_EQ(range("bytes=7-").reply.body, "789");
    EXPECT_EQ(range("bytes=-2").reply.body, "89");
    EXPECT_EQ(range("bytes=5-100").reply.body, "56789");
    EXPECT_EQ(range("bytes=1-2,4-5").status(), 200) << "several ranges are the whole";
    EXPECT_EQ(range("lines=1-2").status(), 200);
    const auto beyond = range("bytes=10-");
    EXPECT_EQ(beyond.status(), 416);
    EXPECT_EQ(beyond.code(), "InvalidRange");
    EXPECT_EQ(beyond.text("//ActualObjectSize"), "10");
    EXPECT_EQ(range("bytes=-0").code(), "InvalidRange");
    EXPECT_EQ(range("bytes=18446744073709551616-").status(), 200) << "no number";
}

TEST_F(S3Objects, AreGivenUnderConditions) {
    ask("PUT", "/b-one/k", {}, "text");
    const auto get = [&](const char* name, std::string value) {
        return ask("GET", "/b-one/k", {{name, std::move(value)}});
    };
    EXPECT_EQ(get("If-Match", etag).status(), 200);
    EXPECT_EQ(get("If-Match", "\"other\"").code(), "PreconditionFailed");
    EXPECT_EQ(get("If-Match", "\"other\"").status(), 412);
    const auto known = get("If-None-Match", etag);
    EXPECT_EQ(known.status(), 304);
    EXPECT_EQ(known.reply.body, "");
    EXPECT_EQ(get("If-None-Match", "\"other\"").status(), 200);
    EXPECT_EQ(get("If-Modified-Since", "Sat, 31 Jan 2026 12:00:00 GMT").status(), 304);
    EXPECT_EQ(get("If-Modified-Since", "Sat, 31 Jan 2026 11:59:59 GMT").status(), 200);
    EXPECT_EQ(get("If-Unmodified-Since", "Sat, 31 Jan 2026 11:59:59 GMT").status(), 412);
    EXPECT_EQ(get("If-Unmodified-Since", "Sat, 31 Jan 2026 12:00:00 GMT").status(), 200);
}

TEST_F(S3Objects, ArePutUnderConditions) {
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"If-None-Match", "*"}}, "text").status(), 200);
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"If-None-Match", "*"}}, "other").code(), "PreconditionFailed");
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"If-Match", "\"x\""}}, "other").status(), 412);
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"If-Match", etag}}, "other").status(), 200);
    EXPECT_EQ(ask("PUT", "/b-one/none", {{"If-Match", etag}}, "other").code(), "NoSuchKey");
    EXPECT_EQ(ask("GET", "/b-one/k").reply.body, "other");
}

// CRC32, CRC32C and CRC64NVME of "123456789" from https://reveng.sourceforge.io/crc-catalogue/
TEST_F(S3Objects, AreCheckedAgainstTheirChecksums) {
    const Headers right{{"x-amz-checksum-crc32", "y/Q5Jg=="},
                        {"x-amz-checksum-crc32c", "4waSgw=="},
                        {"x-amz-checksum-crc64nvme", "rosUhgp5mIg="},
                        {"x-amz-checksum-sha1", "98O8HYCOBHMq32eZZczDTKeuNEE="},
                        {"x-amz-checksum-sha256", "FeKw08M4keuw8e9gnsQZQgwg4yDOlMZfvIwzEkSOsiU="},
                        {"Content-MD5", "JfnnlDI7RTiF9RgfG2JNCw=="}};
    for (const auto& one : right) {
        EXPECT_EQ(ask("PUT", "/b-one/k", {one}, "123456789").status(), 200) << one.name;
        const auto wrong = ask("PUT", "/b-one/k", {one}, "12345678");
        EXPECT_EQ(wrong.status(), 400) << one.name;
        EXPECT_EQ(wrong.code(), "BadDigest") << one.name;
        EXPECT_EQ(ask("PUT", "/b-one/k", {{one.name, "nonsense"}}, "1").status(), 400) << one.name;
    }
    ask("PUT", "/b-one/k", {right[1]}, "123456789");
    const auto got = ask("GET", "/b-one/k", {{"x-amz-checksum-mode", "ENABLED"}});
    EXPECT_EQ(header(got, right[1].name), right[1].value);
    EXPECT_EQ(header(ask("GET", "/b-one/k"), right[1].name), "absent") << "nobody asked";
    EXPECT_EQ(ask("PUT", "/b-one/k", {right[0], right[1]}, "123456789").code(), "InvalidRequest");
}

TEST_F(S3Objects, AreCopied) {
    ask("PUT", "/b-one/k", {{"x-amz-meta-a", "1"}, {"x-amz-tagging", "team=blue"}}, "text");
    const auto copied = ask("PUT", "/b-one/copy", {{"x-amz-copy-source", "/b-one/k"}});
    EXPECT_EQ(copied.text("/CopyObjectResult/ETag"), etag);
    EXPECT_EQ(header(ask("GET", "/b-one/copy"), "x-amz-meta-a"), "1");
    EXPECT_EQ(header(ask("GET", "/b-one/copy"), "x-amz-tagging-count"), "1");
    ask("PUT", "/b-one/copy",
        {{"x-amz-copy-source", "b-one/k"}, {"x-amz-metadata-directive", "REPLACE"}, {"x-amz-meta-b", "2"}});
    EXPECT_EQ(header(ask("GET", "/b-one/copy"), "x-amz-meta-a"), "absent");
    EXPECT_EQ(header(ask("GET", "/b-one/copy"), "x-amz-meta-b"), "2");
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"x-amz-copy-source", "/b-one/k"}}).code(), "InvalidRequest");
    EXPECT_EQ(ask("PUT", "/b-one/x", {{"x-amz-copy-source", "/b-one/none"}}).code(), "NoSuchKey");
    EXPECT_EQ(ask("PUT", "/b-one/x", {{"x-amz-copy-source", "/b-one/k?versionId=1"}}).status(), 501);
    EXPECT_EQ(
        ask("PUT", "/b-one/x", {{"x-amz-copy-source", "/b-one/k"}, {"x-amz-copy-source-if-none-match", etag}})
            .status(),
        412);
}

TEST_F(S3Objects, AreDeletedManyAtOnce) {
    for (const char* key : {"/b-one/a", "/b-one/b", "/b-one/private/c"}) ask("PUT", key, {}, "text");
    const std::string wish =
        "<Delete><Object><Key>a</Key></Object><Object><Key>private/c</Key></Object>"
        "<Object><Key>never there</Key></Object></Delete>";
    const auto bob = user_with(R"({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "s3:DeleteObject", "Resource": "arn:aws:s3:::b-one/*"},
        {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::b-one/private/*"}]})");
    EXPECT_EQ(ask(bob, "POST", "/b-one", {}, wish, "delete").code(), "InvalidRequest") << "no checksum";
    const Headers wrong{{"x-amz-checksum-crc32", "AAAAAA=="}};
    EXPECT_EQ(ask(bob, "POST", "/b-one", wrong, wish, "delete").code(), "BadDigest");
    EXPECT_EQ(ask("HEAD", "/b-one/a").status(), 200);

    const Headers right{{"x-amz-checksum-sha256", s3::compute_checksum("SHA256", wish)}};
    const auto deleted = ask(bob, "POST", "/b-one", right, wish, "delete");
    EXPECT_EQ(deleted.count("//Deleted"), 2U);
    EXPECT_EQ(deleted.text("//Error/Key"), "private/c");
    EXPECT_EQ(deleted.code(), "AccessDenied");
    EXPECT_EQ(ask("HEAD", "/b-one/a").status(), 404);
    EXPECT_EQ(ask("HEAD", "/b-one/b").status(), 200);
    EXPECT_EQ(ask("HEAD", "/b-one/private/c").status(), 200);
}

TEST_F(S3Objects, HaveTags) {
    ask("PUT", "/b-one/k", {{"x-amz-tagging", "team=blue&cost=1%202"}}, "text");
    EXPECT_EQ(ask("GET", "/b-one/k", {}, "", "tagging").text("//Tag[2]/Value"), "1 2");
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"x-amz-tagging", "a=1&a=2"}}, "text").code(), "InvalidTag");
    EXPECT_EQ(ask("PUT", "/b-one/k", {},
                  "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>", "tagging")
                  .status(),
              200);
    EXPECT_EQ(ask("GET", "/b-one/k", {}, "", "tagging").text("//Tag/Key"), "a");
    EXPECT_EQ(ask("DELETE", "/b-one/k", {}, "", "tagging").status(), 204);
    EXPECT_EQ(ask("GET", "/b-one/k", {}, "", "tagging").count("//Tag"), 0U);
}

TEST_F(S3Objects, AreAuthorisedOneByOne) {
    ask("PUT", "/b-one/open/k", {}, "text");
    ask("PUT", "/b-one/closed/k", {}, "text");
    const auto bob = user_with(R"({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b-one/open/*"}})");
    EXPECT_EQ(ask(bob, "GET", "/b-one/open/k").reply.body, "text");
    const auto denied = ask(bob, "GET", "/b-one/closed/k");
    EXPECT_EQ(denied.status(), 403);
    EXPECT_EQ(denied.message(),
              "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: s3:GetObject on "
              "resource: \"arn:aws:s3:::b-one/closed/k\" because no identity-based policy allows the "
              "s3:GetObject action");
    EXPECT_EQ(ask(bob, "PUT", "/b-one/open/k", {}, "other").status(), 403);
    EXPECT_EQ(ask(bob, "DELETE", "/b-one/open/k").status(), 403);
    const auto hidden = ask(bob, "GET", "/b-one/open/none");
    EXPECT_EQ(hidden.status(), 403) << "who may not list must not learn what is there";
    EXPECT_EQ(ask("GET", "/b-one/open/none").status(), 404);
}

TEST_F(S3Objects, MayBeListedBelowAPrefixOnly) {
    ask("PUT", "/b-one/home/bob/k", {}, "text");
    const auto bob = user_with(R"({"Version": "2012-10-17", "Statement": {
        "Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::b-one",
        "Condition": {"StringLike": {"s3:prefix": "home/${aws:username}/*"}}}})");
    EXPECT_EQ(ask(bob, "GET", "/b-one", {}, "", "list-type=2&prefix=home%2Fbob%2F").text("//KeyCount"), "1");
    EXPECT_EQ(ask(bob, "GET", "/b-one", {}, "", "list-type=2&prefix=home%2Fcarol%2F").status(), 403);
    EXPECT_EQ(ask(bob, "GET", "/b-one", {}, "", "list-type=2").status(), 403);
}

TEST_F(S3Objects, RefuseWhatNobodyHereImplements) {
    for (const char* query : {"acl", "versionId=1", "torrent", "retention", "partNumber=1", "attributes"})
        EXPECT_EQ(ask("GET", "/b-one/k", {}, "", query).code(), "NotImplemented") << query;
    for (const HeaderField& header : {HeaderField{"x-amz-server-side-encryption", "aws:kms"},
                                      {"x-amz-storage-class", "GLACIER"},
                                      {"x-amz-object-lock-mode", "GOVERNANCE"},
                                      {"x-amz-website-redirect-location", "/"}})
        EXPECT_EQ(ask("PUT", "/b-one/k", {header}, "text").code(), "NotImplemented") << header.name;
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"x-amz-acl", "public-read"}}, "text").code(),
              "AccessControlListNotSupported");
    EXPECT_EQ(ask("GET", "/b-one/k").code(), "NoSuchKey") << "nothing was stored";
    EXPECT_EQ(ask("PUT", "/b-one/" + std::string(1025, 'k'), {}, "text").code(), "KeyTooLongError");
    EXPECT_EQ(ask("PUT", "/b-one/%ff", {}, "text").code(), "InvalidURI");
    EXPECT_EQ(ask("PUT", "/b-one/k", {{"x-amz-meta-a", std::string(2048, 'a')}}, "text").code(),
              "MetadataTooLarge");
}

}  // namespace
}  // namespace keytide::lab
