// The values are AWS's own: the worked examples of the Signature Version 4 documentation and of its published
// test suite. botocore's signer gives the same ones.
#include "signature/sigv4.hpp"

#include <gtest/gtest.h>

#include "signature/percent_encoding.hpp"

namespace keytide::signature {
namespace {

constexpr auto empty_body = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

AccessKey example_key() {
    return {*AccessKeyId::parse("AKIDEXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"), Secret()};
}

AccessKey s3_example_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            Secret()};
}

std::string header(const WireRequest& request, std::string_view name) {
    for (const auto& h : request.headers)
        if (same_header_name(h.name, name)) return h.value;
    return "(absent)";
}

WireRequest get(std::string path, std::string query, std::string host) {
    return {"GET", std::move(path), std::move(query), {{"Host", std::move(host)}}, empty_body};
}

const Instant example_time = *parse_amz_date("20150830T123600Z");

TEST(Sign, GivesTheDocumentedSignatureOfListUsers) {
    auto request = get("/", "Action=ListUsers&Version=2010-05-08", "iam.amazonaws.com");
    request.headers.push_back({"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"});
    sign(request, example_key(), "us-east-1", "iam", example_time);
    EXPECT_EQ(header(request, "X-Amz-Date"), "20150830T123600Z");
    EXPECT_EQ(header(request, "Authorization"),
              "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/iam/aws4_request, "
              "SignedHeaders=content-type;host;x-amz-date, "
              "Signature=5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7");
}

TEST(Sign, GivesTheTestSuitesSignatures) {
    auto vanilla = get("/", "", "example.amazonaws.com");
    sign(vanilla, example_key(), "us-east-1", "service", example_time);
    EXPECT_TRUE(header(vanilla, "Authorization")
                    .ends_with("5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"));

    auto query_order = get("/", "Param2=value2&Param1=value1", "example.amazonaws.com");
    sign(query_order, example_key(), "us-east-1", "service", example_time);
    EXPECT_TRUE(header(query_order, "Authorization")
                    .ends_with("b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"));
}

TEST(Sign, GivesTheDocumentedSignatureOfS3GetObject) {
    auto request = get("/test.txt", "", "examplebucket.s3.amazonaws.com");
    request.headers.push_back({"Range", "bytes=0-9"});
    sign(request, s3_example_key(), "us-east-1", "s3", *parse_amz_date("20130524T000000Z"));
    EXPECT_EQ(header(request, "X-Amz-Content-SHA256"), empty_body);
    EXPECT_TRUE(header(request, "Authorization")
                    .ends_with("SignedHeaders=host;range;x-amz-content-sha256;x-amz-date, "
                               "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"));
}

TEST(Sign, SignsTheSessionTokenAndNothingThatProxiesChange) {
    auto request = get("/", "", "sts.amazonaws.com");
    request.headers.push_back({"User-Agent", "keytide"});
    request.headers.push_back({"Connection", "close"});
    auto key = example_key();
    key.session_token = Secret("token");
    sign(request, key, "us-east-1", "sts", example_time);
    EXPECT_EQ(header(request, "x-amz-security-token"), "token");
    EXPECT_NE(header(request, "Authorization").find("SignedHeaders=host;x-amz-date;x-amz-security-token,"),
              std::string::npos);
}

TEST(Sign, SigningAgainReplacesTheFirstSignature) {
    auto request = get("/", "", "sts.amazonaws.com");
    sign(request, example_key(), "us-east-1", "sts", example_time);
    const auto once = request;
    sign(request, example_key(), "us-east-1", "sts", example_time);
    EXPECT_EQ(request.headers.size(), once.headers.size());
    EXPECT_EQ(header(request, "Authorization"), header(once, "Authorization"));
}

TEST(CanonicalRequest, SortsEncodesAndTrims) {
    WireRequest request{"POST", "/", "b=2&a=x%20y&b=1&c&%C3%A9=~%7e/", {}, "hash"};
    request.headers = {{"Host", "h"}, {"My-Header", "  a   b \t c "}, {"my-header", "d"}};
    const std::vector<std::string> names{"host", "my-header"};
    EXPECT_EQ(canonical_request(request, names, "iam"),
              "POST\n/\n%C3%A9=~~%2F&a=x%20y&b=1&b=2&c=\nhost:h\nmy-header:a b c,d\n\nhost;my-header\nhash");
}

TEST(CanonicalRequest, TreatsThePathOfS3AsSentAndOthersTwiceEncoded) {
    const auto path_of = [](std::string_view path, std::string_view service) {
        const WireRequest request{"GET", std::string(path), "", {}, ""};
        const auto text = canonical_request(request, {}, service);
        return text.substr(4, text.find('\n', 4) - 4);
    };
    EXPECT_EQ(path_of("/a%20b//c/../d", "s3"), "/a%20b//c/../d");
    EXPECT_EQ(path_of("/a%20b//c/../d", "execute-api"), "/a%2520b/d");
    EXPECT_EQ(path_of("", "s3"), "/");
    EXPECT_EQ(path_of("", "iam"), "/");
    EXPECT_EQ(path_of("/../..", "iam"), "/");
    EXPECT_EQ(path_of("/a/./b/", "iam"), "/a/b/");
    EXPECT_EQ(path_of("/a/..", "iam"), "/");
}

TEST(PercentDecoding, LeavesWhatIsNoEncodingAlone) {
    EXPECT_EQ(percent_decoded("a%20b%2fc"), "a b/c");
    EXPECT_EQ(percent_decoded("100%"), "100%");
    EXPECT_EQ(percent_decoded("%4"), "%4");
    EXPECT_EQ(percent_decoded("%zz+%41"), "%zz+A");
}

// RFC 4231, test case 2.
TEST(Hash, KnowsThePublishedValues) {
    EXPECT_EQ(sha256_hex(""), empty_body);
    EXPECT_EQ(to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")),
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    EXPECT_TRUE(equal_in_constant_time("abc", "abc"));
    EXPECT_FALSE(equal_in_constant_time("abc", "abd"));
    EXPECT_FALSE(equal_in_constant_time("abc", "ab"));
}

}  // namespace
}  // namespace keytide::signature
