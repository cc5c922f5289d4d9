#include "signature/presented.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace keytide::signature {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const Instant noon = *parse_amz_date("20260131T120000Z");

AccessKey example_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            Secret()};
}

WireRequest signed_request() {
    WireRequest request{
        "POST",
        "/a/b",
        "x=1&y=2",
        {{"Host", "iam.amazonaws.com"}, {"Content-Type", "text/plain"}, {"X-Amz-Meta-A", "1"}},
        sha256_hex("Action=CreateAccessKey")};
    sign(request, example_key(), "us-east-1", "iam", noon);
    return request;
}

SigningKey key_for(const Presented& presented) {
    return {example_key().secret, presented.scope};
}

std::string& header(WireRequest& request, std::string_view name) {
    for (auto& h : request.headers)
        if (same_header_name(h.name, name)) return h.value;
    request.headers.push_back({std::string(name), ""});
    return request.headers.back().value;
}

void replace(std::string& text, std::string_view what, std::string_view with) {
    text.replace(text.find(what), what.size(), with);
}

TEST(Presented, IsReadAndVerifies) {
    const auto request = signed_request();
    const auto presented = read_presented(request);
    ASSERT_TRUE(presented);
    EXPECT_EQ(presented->carrier, Carrier::header);
    EXPECT_EQ(presented->access_key_id, "AKIAIOSFODNN7EXAMPLE");
    EXPECT_EQ(presented->scope, (Scope{"20260131", "us-east-1", "iam"}));
    EXPECT_EQ(presented->signed_at, noon);
    EXPECT_THAT(presented->signed_headers, ElementsAre("content-type", "host", "x-amz-date", "x-amz-meta-a"));
    EXPECT_FALSE(presented->expires_after);
    EXPECT_TRUE(verifies(*presented, request, key_for(*presented)));
    EXPECT_THAT(headers_not_signed(*presented, request), IsEmpty());
}

TEST(Presented, AnyChangeOfWhatWasSignedIsRefused) {
    struct Change {
        const char* what;
        std::function<void(WireRequest&)> make;
    };
    const std::vector<Change> changes{
        {"method", [](auto& r) { r.method = "PUT"; }},
        {"path", [](auto& r) { r.path = "/a/c"; }},
        {"query value", [](auto& r) { r.query = "x=1&y=3"; }},
        {"query parameter added", [](auto& r) { r.query += "&z=1"; }},
        {"body", [](auto& r) { r.payload_hash = sha256_hex("Action=DeleteAccessKey"); }},
        {"header value", [](auto& r) { header(r, "x-amz-meta-a") = "2"; }},
        {"header removed", [](auto& r) { r.headers.erase(r.headers.begin() + 2); }},
        {"header doubled",
         [](auto& r) {
             r.headers.push_back({"Content-Type", "text/html"});
         }},
        {"date", [](auto& r) { header(r, "X-Amz-Date") = "20260131T120001Z"; }},
        {"another day", [](auto& r) { header(r, "X-Amz-Date") = "20260201T120000Z"; }},
        {"region", [](auto& r) { replace(header(r, "Authorization"), "us-east-1", "us-east-2"); }},
        {"service", [](auto& r) { replace(header(r, "Authorization"), "/iam/", "/sts/"); }},
        {"day of the scope", [](auto& r) { replace(header(r, "Authorization"), "20260131", "20260201"); }},
        {"list of signed headers", [](auto& r) { replace(header(r, "Authorization"), "content-type;", ""); }},
        {"signature",
         [](auto& r) {
             auto& last = header(r, "Authorization").back();
             last = last == '0' ? '1' : '0';
         }},
    };
    for (const auto& change : changes) {
        auto request = signed_request();
        change.make(request);
        const auto presented = read_presented(request);
        ASSERT_TRUE(presented) << change.what;
        EXPECT_FALSE(verifies(*presented, request, key_for(*presented))) << change.what;
    }
}

TEST(Presented, AnotherSecretIsRefused) {
    const auto request = signed_request();
    const auto presented = read_presented(request);
    const SigningKey other(Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEZ"), presented->scope);
    EXPECT_FALSE(verifies(*presented, request, other));
}

// A derived key that leaked is worth one day: it may not sign for the next by a date outside of its scope.
TEST(Presented, ADateOutsideItsScopeIsRefusedThoughTheSignatureFits) {
    auto request = signed_request();
    auto presented = *read_presented(request);
    header(request, "X-Amz-Date") = presented.date = "20260201T120000Z";
    presented.signature = expected_signature(presented, request, key_for(presented));
    EXPECT_FALSE(verifies(presented, request, key_for(presented)));
}

TEST(Presented, NamesHeadersThatShouldHaveBeenSigned) {
    auto request = signed_request();
    request.headers.push_back({"X-Amz-Target", "somewhere"});
    request.headers.push_back({"Accept", "anything"});
    replace(header(request, "Authorization"), "host;", "");
    EXPECT_THAT(headers_not_signed(*read_presented(request), request), ElementsAre("host", "x-amz-target"));
}

// The worked example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
TEST(Presented, VerifiesTheDocumentedPresignedUrl) {
    WireRequest request{"GET",
                        "/test.txt",
                        "X-Amz-Algorithm=AWS4-HMAC-SHA256"
                        "&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
                        "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
                        "&X-Amz-Signature=aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404",
                        {{"Host", "examplebucket.s3.amazonaws.com"}},
                        "UNSIGNED-PAYLOAD"};
    const auto presented = read_presented(request);
    ASSERT_TRUE(presented);
    EXPECT_EQ(presented->carrier, Carrier::query);
    EXPECT_EQ(presented->expires_after, std::chrono::hours{24});
    EXPECT_TRUE(verifies(*presented, request, key_for(*presented)));
    replace(request.query, "86400", "86401");
    EXPECT_FALSE(verifies(*read_presented(request), request, key_for(*presented)));
}

NotPresented fault_of(const WireRequest& request) {
    const auto presented = read_presented(request);
    EXPECT_FALSE(presented);
    return presented ? NotPresented{} : presented.error();
}

WireRequest with_authorization(std::string value) {
    return {
        "GET", "/", "", {{"Host", "h"}, {"X-Amz-Date", "20260131T120000Z"}, {"Authorization", value}}, ""};
}

TEST(NotPresented, SaysWhatIsMissing) {
    EXPECT_EQ(fault_of({"GET", "/", "Action=ListUsers", {{"Host", "h"}}, ""}).fault, PresentedFault::absent);

    const auto bare = fault_of({"GET", "/", "", {{"Authorization", "AWS4-HMAC-SHA256"}}, ""});
    EXPECT_EQ(bare.fault, PresentedFault::incomplete);
    EXPECT_THAT(bare.parts, ElementsAre("Credential", "Signature", "SignedHeaders", "X-Amz-Date"));

    const auto query = fault_of({"GET", "/", "X-Amz-Signature=00", {}, ""});
    EXPECT_EQ(query.fault, PresentedFault::incomplete);
    EXPECT_THAT(query.parts, ElementsAre("X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date",
                                         "X-Amz-SignedHeaders", "X-Amz-Expires"));
}

TEST(NotPresented, SaysWhatCannotBeRead) {
    const std::string good_signature(64, 'a');
    const auto credential = [&](const std::string& c) {
        return fault_of(with_authorization("AWS4-HMAC-SHA256 Credential=" + c +
                                           ",SignedHeaders=host,Signature=" + good_signature));
    };
    for (const auto* bad : {"", "AKIAIOSFODNN7EXAMPLE", "AKIAIOSFODNN7EXAMPLE/20260131/us-east-1/iam",
                            "AKIAIOSFODNN7EXAMPLE/20260131/us-east-1/iam/aws3_request",
                            "AKIAIOSFODNN7EXAMPLE/2026013/us-east-1/iam/aws4_request",
                            "AKIA-OSFODNN7EXAMPLE/20260131/us-east-1/iam/aws4_request",
                            "AKIAIOSFODNN7EXAMPLE/20260131/us-east-1/iam/x/aws4_request"}) {
        EXPECT_EQ(credential(bad).fault, PresentedFault::malformed) << bad;
        EXPECT_THAT(credential(bad).parts, ElementsAre("Credential")) << bad;
    }
    const auto rest = fault_of(with_authorization(
        "AWS4-HMAC-SHA256 Credential=A/20260131/r/s/aws4_request,SignedHeaders=Host;;,Signature=short"));
    EXPECT_THAT(rest.parts, ElementsAre("Signature", "SignedHeaders"));
    EXPECT_EQ(fault_of(with_authorization("Basic YTpi")).fault, PresentedFault::wrong_algorithm);
    EXPECT_EQ(fault_of(with_authorization("")).fault, PresentedFault::wrong_algorithm);
}

TEST(NotPresented, RefusesTwoSignaturesAtOnce) {
    auto both = signed_request();
    both.query += "&X-Amz-Signature=" + std::string(64, 'a');
    EXPECT_EQ(fault_of(both).fault, PresentedFault::duplicate);

    auto two_headers = signed_request();
    two_headers.headers.push_back({"authorization", header(two_headers, "Authorization")});
    EXPECT_EQ(fault_of(two_headers).fault, PresentedFault::duplicate);

    auto two_dates = signed_request();
    two_dates.headers.push_back({"x-amz-date", "20260131T120000Z"});
    EXPECT_THAT(fault_of(two_dates).parts, ElementsAre("X-Amz-Date"));

    auto two_parts = signed_request();
    header(two_parts, "Authorization") += ", Signature=" + std::string(64, 'a');
    EXPECT_THAT(fault_of(two_parts).parts, ElementsAre("Signature"));
}

}  // namespace
}  // namespace keytide::signature
