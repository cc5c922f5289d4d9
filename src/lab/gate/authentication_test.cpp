#include "lab/gate/authentication.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

class Authentication : public ::testing::Test {
protected:
    Answer ask(const Request& request, Instant now = noon) { return {lab.handle(request, now)}; }

    // Signed by root at noon, and changed by nobody yet.
    Request signed_iam(std::string_view region = "us-east-1") {
        auto request = query_request("iam", "ListUsers");
        sign(request, lab.root_key(), "iam", noon, region);
        return request;
    }
    Request signed_s3(std::string_view body = "") {
        auto request = s3_request("PUT", "/my-bucket", "", body);
        sign(request, lab.root_key(), "s3", noon);
        return request;
    }
    static std::string& header(Request& request, std::string_view name) {
        for (auto& field : request.headers)
            if (signature::same_header_name(field.name, name)) return field.value;
        throw std::out_of_range(std::string(name));
    }
    static void remove_header(Request& request, std::string_view name) {
        std::erase_if(request.headers,
                      [&](const auto& f) { return signature::same_header_name(f.name, name); });
    }

    Lab lab = example_lab();
};

TEST_F(Authentication, TakesASignatureForAnyRegionAndTakesItTwice) {
    EXPECT_EQ(ask(signed_iam()).status(), 200);
    EXPECT_EQ(ask(signed_iam("eu-central-1")).status(), 200);
    EXPECT_EQ(ask(signed_iam("eu-central-1")).status(), 200);
}

TEST_F(Authentication, RefusesEveryChangeOfASignedRequest) {
    auto request = signed_iam();
    request.body += "&MaxItems=1";
    const auto answer = ask(request);
    EXPECT_EQ(answer.status(), 403);
    EXPECT_EQ(answer.code(), "SignatureDoesNotMatch");
    EXPECT_EQ(answer.message(),
              "The request signature we calculated does not match the signature you provided. Check your AWS "
              "Secret "
              "Access Key and signing method. Consult the service documentation for details.");

    ASSERT_EQ(ask(signed_iam()).status(), 200);  // the signing key is known from now on
    for (const char* name : {"Host", "Content-Type"}) {
        auto changed = signed_iam();
        header(changed, name) += "x";
        EXPECT_EQ(ask(changed).code(), "SignatureDoesNotMatch") << name;
    }
    auto other_signature = signed_iam();
    auto& authorization = header(other_signature, "Authorization");
    authorization.back() = authorization.back() == '0' ? '1' : '0';
    EXPECT_EQ(ask(other_signature).code(), "SignatureDoesNotMatch");
    auto other_query = signed_iam();
    other_query.query = "a=b";
    EXPECT_EQ(ask(other_query).code(), "SignatureDoesNotMatch");
}

TEST_F(Authentication, RefusesAnotherSecret) {
    const AccessKey forged{lab.root_key().id, Secret("not-the-secret"), Secret()};
    EXPECT_EQ((Client{lab, forged.clone()}.iam("ListUsers").code()), "SignatureDoesNotMatch");
    const auto by_s3 = Client{lab, forged.clone()}.s3("GET", "/");
    EXPECT_EQ(by_s3.status(), 403);
    EXPECT_EQ(by_s3.code(), "SignatureDoesNotMatch");
    EXPECT_EQ(
        by_s3.message(),
        "The request signature we calculated does not match the signature you provided. Check your key and "
        "signing method.");
    EXPECT_TRUE(by_s3.text("/Error/StringToSign").starts_with("AWS4-HMAC-SHA256\n20260131T120000Z\n"));
    EXPECT_TRUE(by_s3.text("/Error/CanonicalRequest").starts_with("GET\n/\n"));
}

TEST_F(Authentication, InactiveKeysAreUnknownKeys) {
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", "bob"}});
    const auto bob = Client{lab, created_key(root.iam("CreateAccessKey", {{"UserName", "bob"}}))};
    ASSERT_EQ(bob.sts("GetCallerIdentity").status(), 200);
    const auto set = [&](std::string_view status) {
        return root.iam("UpdateAccessKey",
                        {{"UserName", "bob"}, {"AccessKeyId", bob.key.id.text()}, {"Status", status}});
    };
    ASSERT_EQ(set("Inactive").status(), 200);
    EXPECT_EQ(bob.sts("GetCallerIdentity").code(), "InvalidClientTokenId");
    EXPECT_EQ(bob.s3("GET", "/").code(), "InvalidAccessKeyId");
    ASSERT_EQ(set("Active").status(), 200);
    EXPECT_EQ(bob.sts("GetCallerIdentity").status(), 200);
}

TEST_F(Authentication, TheDateMayBeFifteenMinutesOff) {
    EXPECT_EQ(ask(signed_iam(), noon + minutes(15)).status(), 200);
    EXPECT_EQ(ask(signed_iam(), noon - minutes(15)).status(), 200);

    const auto late = ask(signed_iam(), noon + minutes(15) + seconds(1));
    EXPECT_EQ(late.status(), 403);
    EXPECT_EQ(late.code(), "SignatureDoesNotMatch");
    EXPECT_EQ(late.message(),
              "Signature expired: 20260131T120000Z is now earlier than 20260131T120001Z (20260131T121501Z - "
              "15 min.)");
    EXPECT_EQ(ask(signed_iam(), noon - minutes(15) - seconds(1)).message(),
              "Signature not yet current: 20260131T120000Z is still later than 20260131T115959Z "
              "(20260131T114459Z + "
              "15 min.)");

    for (const auto off : {minutes(16), -minutes(16)}) {
        const auto by_s3 = ask(signed_s3(), noon + off);
        EXPECT_EQ(by_s3.status(), 403);
        EXPECT_EQ(by_s3.code(), "RequestTimeTooSkewed");
        EXPECT_EQ(by_s3.message(),
                  "The difference between the request time and the current time is too large.");
        EXPECT_EQ(by_s3.text("/Error/RequestTime"), "20260131T120000Z");
        EXPECT_EQ(by_s3.text("/Error/MaxAllowedSkewMilliseconds"), "900000");
    }
}

TEST_F(Authentication, UnsignedRequestsAreRefusedInEachServicesWords) {
    const auto by_iam = ask(query_request("iam", "ListUsers"));
    EXPECT_EQ(by_iam.status(), 403);
    EXPECT_EQ(by_iam.code(), "MissingAuthenticationToken");
    EXPECT_EQ(by_iam.message(), "Request is missing Authentication Token");
    EXPECT_NE(by_iam.reply.body.find("https://iam.amazonaws.com/doc/2010-05-08/"), std::string::npos);
    const auto by_sts = ask(query_request("sts", "GetCallerIdentity"));
    EXPECT_NE(by_sts.reply.body.find("https://sts.amazonaws.com/doc/2011-06-15/"), std::string::npos);
    const auto by_s3 = ask(s3_request("GET", "/"));
    EXPECT_EQ(by_s3.status(), 403);
    EXPECT_EQ(by_s3.code(), "AccessDenied");
    EXPECT_EQ(by_s3.message(), "Access Denied");
}

TEST_F(Authentication, HalfASignatureIsIncomplete) {
    auto request = signed_iam();
    header(request, "Authorization") = "AWS4-HMAC-SHA256 SignedHeaders=host, Signature=abc";
    const auto answer = ask(request);
    EXPECT_EQ(answer.status(), 400);
    EXPECT_EQ(answer.code(), "IncompleteSignature");
    EXPECT_EQ(answer.message(), "Authorization header requires a valid 'Credential' parameter.");
    header(request, "Authorization") = "Bearer abc";
    EXPECT_EQ(ask(request).code(), "IncompleteSignature");

    auto to_s3 = signed_s3();
    header(to_s3, "Authorization") = "AWS4-HMAC-SHA256 Credential=x";
    EXPECT_EQ(ask(to_s3).code(), "AuthorizationHeaderMalformed");
    auto twice = signed_s3();
    twice.query = "X-Amz-Signature=abc";
    EXPECT_EQ(ask(twice).code(), "InvalidArgument");
}

TEST_F(Authentication, TheScopeMustNameTheServiceAddressed) {
    auto request = query_request("iam", "ListUsers");
    sign(request, lab.root_key(), "sts", noon);
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch");
    EXPECT_EQ(ask(request).message(), "Credential should be scoped to correct service: 'iam'. ");
    auto unknown = s3_request("GET", "/");
    sign(unknown, lab.root_key(), "ec2", noon);
    EXPECT_EQ(ask(unknown).code(), "AuthorizationHeaderMalformed");
}

TEST_F(Authentication, TheScopeMustBeOfTheDay) {
    auto request = signed_iam();
    auto& authorization = header(request, "Authorization");
    authorization.replace(authorization.find("/20260131/"), 10, "/20260130/");
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch");
    EXPECT_TRUE(ask(request).message().starts_with("Date in Credential scope does not match YYYYMMDD"));
}

TEST_F(Authentication, S3WantsTheBodysHashAndComparesIt) {
    auto without = s3_request("PUT", "/my-bucket");
    signature::WireRequest wire{without.method, without.path, "", without.headers, signature::sha256_hex("")};
    signature::sign(wire, lab.root_key(), "us-east-1", "s3", noon);
    without.headers = wire.headers;
    remove_header(without, "X-Amz-Content-SHA256");
    EXPECT_EQ(ask(without).status(), 400);
    EXPECT_EQ(ask(without).message(), "Missing required header for this request: x-amz-content-sha256");

    auto other_body = signed_s3();
    other_body.body = "other";
    EXPECT_EQ(ask(other_body).status(), 400);
    EXPECT_EQ(ask(other_body).code(), "XAmzContentSHA256Mismatch");

    auto unsigned_payload = s3_request("PUT", "/my-bucket");
    wire = {"PUT", "/my-bucket", "", unsigned_payload.headers, "UNSIGNED-PAYLOAD"};
    signature::sign(wire, lab.root_key(), "us-east-1", "s3", noon);
    unsigned_payload.headers = wire.headers;
    EXPECT_EQ(ask(unsigned_payload).status(), 200);
}

TEST_F(Authentication, QueryServicesHashTheBodyThemselves) {
    auto request = query_request("iam", "ListUsers");
    signature::WireRequest wire{"POST", "/", "", request.headers, "UNSIGNED-PAYLOAD"};
    wire.headers.push_back({"X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD"});
    signature::sign(wire, lab.root_key(), "us-east-1", "iam", noon);
    request.headers = wire.headers;
    EXPECT_EQ(ask(request).code(), "SignatureDoesNotMatch");
}

TEST_F(Authentication, S3RefusesHeadersThatNobodySigned) {
    auto request = signed_s3();
    request.headers.push_back({"x-amz-acl", "public-read"});
    const auto answer = ask(request);
    EXPECT_EQ(answer.status(), 403);
    EXPECT_EQ(answer.code(), "AccessDenied");
    EXPECT_EQ(answer.message(), "There were headers present in the request which were not signed");
    EXPECT_EQ(answer.text("/Error/HeadersNotSigned"), "x-amz-acl");
}

TEST_F(Authentication, ALongTermKeyHasNoSessionToken) {
    const AccessKey key{lab.root_key().id, lab.root_key().secret.clone(), Secret("token")};
    EXPECT_EQ((Client{lab, key.clone()}.iam("ListUsers").code()), "InvalidClientTokenId");
    EXPECT_EQ((Client{lab, key.clone()}.s3("GET", "/").code()), "InvalidToken");
}

// A presigned URL, as aws sts get-caller-identity's are made for proving who one is.
Request presigned(const AccessKey& key, std::string_view service, std::string query,
                  std::string_view payload_hash) {
    const signature::Scope scope{"20260131", "us-east-1", std::string(service)};
    if (!query.empty()) query += '&';
    query += "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=";
    signature::append_encoded(query, key.id.text() + "/" + scope.text());
    query += "&X-Amz-Date=20260131T120000Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host";
    Request request{"GET", "/", query, {{"Host", "127.0.0.1:4599"}}, ""};
    const signature::WireRequest wire{"GET", "/", query, request.headers, std::string(payload_hash)};
    const std::vector<std::string> names{"host"};
    const auto to_sign = signature::string_to_sign("20260131T120000Z", scope,
                                                   signature::canonical_request(wire, names, service));
    request.query += "&X-Amz-Signature=" + signature::SigningKey(key.secret, scope).sign(to_sign);
    return request;
}

TEST_F(Authentication, PresignedUrlsWorkUntilTheyExpire) {
    const auto identity = presigned(lab.root_key(), "sts", "Action=GetCallerIdentity&Version=2011-06-15",
                                    signature::sha256_hex(""));
    EXPECT_EQ(ask(identity).text("//Account"), "123456789012");
    EXPECT_EQ(ask(identity, noon + seconds(61)).code(), "SignatureDoesNotMatch");
    const auto buckets = presigned(lab.root_key(), "s3", "", "UNSIGNED-PAYLOAD");
    EXPECT_EQ(ask(buckets).status(), 200);
    EXPECT_EQ(ask(buckets, noon + seconds(61)).message(), "Request has expired");
    EXPECT_EQ(ask(buckets, noon - minutes(16)).code(), "RequestTimeTooSkewed");
    auto changed = identity;
    changed.query.replace(changed.query.find("Expires=60"), 10, "Expires=99");
    EXPECT_EQ(ask(changed).code(), "SignatureDoesNotMatch");
}

}  // namespace
}  // namespace keytide::lab
