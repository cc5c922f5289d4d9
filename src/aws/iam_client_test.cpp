// IAM and STS over real sockets: what is sent is verified as AWS would, what comes back is read as AWS writes
// it.
#include "aws/iam_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <mutex>

#include "aws/s3_probe.hpp"
#include "aws/sts_probe.hpp"
#include "http/curl_http.hpp"
#include "http/little_server.hpp"
#include "signature/hash.hpp"
#include "signature/presented.hpp"

namespace keytide::aws {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using namespace std::chrono_literals;

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");
const Instant intent = *parse_rfc3339("2026-01-31T11:55:00Z");
constexpr auto secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

AccessKey old_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret(secret), Secret()};
}

class StoppedClock final : public ports::Clock {
public:
    Instant now() override { return noon; }
    bool sleep(Duration) override { return true; }
    bool interrupted() override { return false; }
};

// What a request on the wire says, split for the verifier.
struct Received {
    signature::WireRequest request;
    std::string body;

    explicit Received(const std::string& text) {
        const auto end = text.find("\r\n\r\n");
        body = text.substr(end + 4);
        std::string_view head(text.data(), end);
        const auto line = take(head, "\r\n");
        auto rest = line;
        request.method = take(rest, " ");
        request.path = take(rest, " ");
        while (!head.empty()) {
            auto value = take(head, "\r\n");
            const auto name = take(value, ": ");
            request.headers.push_back({std::string(name), std::string(value)});
        }
        request.payload_hash = signature::sha256_hex(body);
    }
    std::string header(std::string_view name) const {
        for (const auto& h : request.headers)
            if (signature::same_header_name(h.name, name)) return h.value;
        return "";
    }
    std::string signed_for() const {  // "yyyymmddThhmmssZ region/service", or why not
        const auto presented = signature::read_presented(request);
        if (!presented) return "not presented";
        if (!headers_not_signed(*presented, request).empty()) return "not all headers are signed";
        if (!verifies(*presented, request, signature::SigningKey(Secret(secret), presented->scope)))
            return "refused";
        return presented->date + " " + presented->scope.region + "/" + presented->scope.service;
    }

private:
    static std::string_view take(std::string_view& text, std::string_view separator) {
        const auto part = text.substr(0, text.find(separator));
        text.remove_prefix(std::min(text.size(), part.size() + separator.size()));
        return part;
    }
};

// A client and a server that gives the prepared answers, one a connection.
class IamClientTest : public testing::Test {
protected:
    void answer(int status, std::string body) { answers_.push_back({status, std::move(body)}); }

    const std::vector<Received>& received() {
        server_.stop();
        return received_;
    }

    static http::CurlOptions options() {
        http::CurlOptions result;
        result.total_timeout = 5s;
        result.environment = credentials::fixed_environment({});
        return result;
    }
    Endpoint endpoint(Service service) const { return *own_endpoint(service, server_.url(), "eu-central-1"); }

    std::vector<std::pair<int, std::string>> answers_;  // written before the call that starts a connection
    std::vector<Received> received_;
    http::LittleServer server_{[this](http::Connection& c) {
        received_.emplace_back(c.read_request());
        const auto& [status, body] = answers_.at(received_.size() - 1);
        c.reply(status, body);
    }};
    http::CurlHttp http_{options()};
    StoppedClock clock_;
    IamClient client_{http_, endpoint(Service::iam), endpoint(Service::sts), clock_, "keytide/0.1.0"};
};

constexpr auto created =
    "<CreateAccessKeyResponse "
    "xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><CreateAccessKeyResult><AccessKey>"
    "<UserName>bob</UserName><AccessKeyId>AKIAI44QH8DHBEXAMPLE</AccessKeyId><Status>Active</Status>"
    "<SecretAccessKey>je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY</SecretAccessKey>"
    "<CreateDate>2026-01-31T12:00:01Z</CreateDate></AccessKey></CreateAccessKeyResult>"
    "<ResponseMetadata><RequestId>1</RequestId></ResponseMetadata></CreateAccessKeyResponse>";

TEST_F(IamClientTest, CreatesAKeySignedWithTheTimeOfTheIntentAndItsNonce) {
    answer(200, created);
    const auto made = client_.create(old_key(), "bob", intent, "abc123");
    ASSERT_NE(made.done(), nullptr);
    EXPECT_EQ(made.done()->key.id.text(), "AKIAI44QH8DHBEXAMPLE");
    EXPECT_TRUE(made.done()->key.secret.same_as(Secret("je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY")));
    EXPECT_EQ(made.done()->created, parse_rfc3339("2026-01-31T12:00:01Z"));
    EXPECT_EQ(made.server_time, noon);

    ASSERT_EQ(received().size(), 1u);
    const auto& request = received().front();
    EXPECT_EQ(request.signed_for(), "20260131T115500Z eu-central-1/iam");
    EXPECT_EQ(request.body, "Action=CreateAccessKey&Version=2010-05-08&UserName=bob");
    EXPECT_EQ(request.header("User-Agent"), "keytide/0.1.0 nonce/abc123");
}

TEST_F(IamClientTest, ACreationWhoseAnswerHoldsNoKeyIsInDoubt) {
    for (const std::string gone : {"AKIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"}) {
        std::string body = created;
        body.erase(body.find(gone), gone.size());
        answer(200, body);
        EXPECT_NE(client_.create(old_key(), "bob", intent, "n").indeterminate(), nullptr) << gone;
    }
}

TEST_F(IamClientTest, EveryChangingCallIsSignedWithItsIntent) {
    answer(200, "<UpdateAccessKeyResponse><ResponseMetadata/></UpdateAccessKeyResponse>");
    answer(200, "<DeleteAccessKeyResponse><ResponseMetadata/></DeleteAccessKeyResponse>");
    EXPECT_NE(client_.set_status(old_key(), "bob", old_key().id, KeyStatus::inactive, intent).done(),
              nullptr);
    EXPECT_NE(client_.remove(old_key(), "bob", old_key().id, intent).done(), nullptr);
    ASSERT_EQ(received().size(), 2u);
    EXPECT_EQ(received()[0].body,
              "Action=UpdateAccessKey&Version=2010-05-08&UserName=bob&AccessKeyId=AKIAIOSFODNN7EXAMPLE&"
              "Status=Inactive");
    EXPECT_EQ(received()[1].body,
              "Action=DeleteAccessKey&Version=2010-05-08&UserName=bob&AccessKeyId=AKIAIOSFODNN7EXAMPLE");
    for (const auto& request : received())
        EXPECT_EQ(request.signed_for(), "20260131T115500Z eu-central-1/iam");
}

TEST_F(IamClientTest, ARefusalKeepsItsCodeAndAwssTime) {
    answer(404,
           "<ErrorResponse><Error><Code>NoSuchEntity</Code><Message>gone</Message></Error></ErrorResponse>");
    const auto removed = client_.remove(old_key(), "bob", old_key().id, intent);
    ASSERT_NE(removed.refused(), nullptr);
    EXPECT_EQ(removed.refused()->code, "NoSuchEntity");
    EXPECT_EQ(removed.server_time, noon);
}

TEST_F(IamClientTest, ADeletionIsBelievedOnlyByItsOwnAnswer) {
    answer(200, "<html>hello</html>");
    answer(502, "<html>bad gateway</html>");
    EXPECT_NE(client_.remove(old_key(), "bob", old_key().id, intent).indeterminate(), nullptr);
    EXPECT_NE(client_.remove(old_key(), "bob", old_key().id, intent).indeterminate(), nullptr);
}

std::string page(std::string_view members, std::string_view end) {
    return "<ListAccessKeysResponse><ListAccessKeysResult><AccessKeyMetadata>" + std::string(members) +
           "</AccessKeyMetadata>" + std::string(end) + "</ListAccessKeysResult></ListAccessKeysResponse>";
}

constexpr auto first_key =
    "<member><UserName>bob</UserName><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Active</Status>"
    "<CreateDate>2026-01-01T00:00:00Z</CreateDate></member>";
constexpr auto second_key =
    "<member><AccessKeyId>AKIAI44QH8DHBEXAMPLE</AccessKeyId><Status>Inactive</Status></member>";

TEST_F(IamClientTest, ListsAllPages) {
    answer(200, page(first_key, "<IsTruncated>true</IsTruncated><Marker>m/1</Marker>"));
    answer(200, page(second_key, "<IsTruncated>false</IsTruncated>"));
    const auto listed = client_.list(old_key(), "bob");
    ASSERT_NE(listed.done(), nullptr);
    EXPECT_THAT(
        *listed.done(),
        ElementsAre(KeyMetadata{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), KeyStatus::active,
                                parse_rfc3339("2026-01-01T00:00:00Z")},
                    KeyMetadata{*AccessKeyId::parse("AKIAI44QH8DHBEXAMPLE"), KeyStatus::inactive, {}}));
    ASSERT_EQ(received().size(), 2u);
    EXPECT_EQ(received()[1].body, "Action=ListAccessKeys&Version=2010-05-08&UserName=bob&Marker=m%2F1");
    EXPECT_EQ(received()[1].signed_for(), "20260131T120000Z eu-central-1/iam")
        << "reading signs with the present";
}

TEST_F(IamClientTest, AListThatMayBeLongerIsNoList) {
    answer(200, page(first_key, "<IsTruncated>true</IsTruncated>"));
    answer(200,
           page("<member><AccessKeyId>AKIAIOSFODNN7EXAMPLE</AccessKeyId><Status>Odd</Status></member>", ""));
    answer(200, "<ListAccessKeysResponse><ListAccessKeysResult/></ListAccessKeysResponse>");
    answer(200, page(first_key, "<IsTruncated>true</IsTruncated><Marker>m</Marker>"));
    answer(403, "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>");
    for (int i = 0; i < 3; ++i) EXPECT_NE(client_.list(old_key(), "bob").indeterminate(), nullptr) << i;
    EXPECT_NE(client_.list(old_key(), "bob").refused(), nullptr) << "the second page was refused";
}

TEST_F(IamClientTest, TellsNoRecordOfAUseFromAnUnreadableOne) {
    const auto used = [](std::string_view inside) {
        return "<GetAccessKeyLastUsedResponse><GetAccessKeyLastUsedResult><UserName>bob</"
               "UserName><AccessKeyLastUsed>" +
               std::string(inside) +
               "</AccessKeyLastUsed></GetAccessKeyLastUsedResult></GetAccessKeyLastUsedResponse>";
    };
    answer(200, used("<LastUsedDate>2026-01-30T08:00:00Z</LastUsedDate><ServiceName>s3</ServiceName>"
                     "<Region>us-east-1</Region>"));
    answer(200, used("<ServiceName>N/A</ServiceName><Region>N/A</Region>"));
    answer(200, used("<LastUsedDate>yesterday</LastUsedDate>"));
    const auto recent = client_.last_used(old_key(), old_key().id);
    ASSERT_NE(recent.done(), nullptr);
    EXPECT_EQ(recent.done()->at, parse_rfc3339("2026-01-30T08:00:00Z"));
    EXPECT_EQ(recent.done()->service, "s3");
    const auto never = client_.last_used(old_key(), old_key().id);
    ASSERT_NE(never.done(), nullptr);
    EXPECT_FALSE(never.done()->at);
    EXPECT_EQ(never.done()->service, "");
    EXPECT_NE(client_.last_used(old_key(), old_key().id).indeterminate(), nullptr);
}

constexpr auto identity =
    "<GetCallerIdentityResponse><GetCallerIdentityResult><Arn>arn:aws:iam::123456789012:user/bob</Arn>"
    "<UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>123456789012</Account></GetCallerIdentityResult>"
    "</GetCallerIdentityResponse>";

TEST_F(IamClientTest, TellsWhoACallerIsByStsAndWhoAUserIsByIam) {
    answer(200, identity);
    answer(200,
           "<GetUserResponse><GetUserResult><User><Path>/</Path><UserName>bob</UserName>"
           "<UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Arn>arn:aws:iam::123456789012:user/bob</Arn></User></"
           "GetUserResult>"
           "</GetUserResponse>");
    const CallerIdentity bob{"AIDACKCEVSQ6C2EXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/bob"};
    const auto caller = client_.caller(old_key());
    ASSERT_NE(caller.done(), nullptr);
    EXPECT_EQ(*caller.done(), bob);
    const auto user = client_.user(old_key(), "bob");
    ASSERT_NE(user.done(), nullptr);
    EXPECT_EQ(*user.done(), bob);
    ASSERT_EQ(received().size(), 2u);
    EXPECT_EQ(received()[0].signed_for(), "20260131T120000Z eu-central-1/sts");
    EXPECT_EQ(received()[1].body, "Action=GetUser&Version=2010-05-08&UserName=bob");
}

const std::string minted =
    "<GetSessionTokenResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetSessionTokenResult>"
    "<Credentials><AccessKeyId>ASIAI44QH8DHBEXAMPLE</AccessKeyId>"
    "<SecretAccessKey>je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY</SecretAccessKey>"
    "<SessionToken>a/session+token==</SessionToken><Expiration>2026-01-31T13:00:00Z</Expiration>"
    "</Credentials></GetSessionTokenResult></GetSessionTokenResponse>";

TEST_F(IamClientTest, MintsASessionWithACode) {
    answer(200, minted);
    const auto session =
        client_.mint(old_key(), "arn:aws:iam::123456789012:mfa/bob", Secret("123456"), std::chrono::hours{1});
    ASSERT_NE(session.done(), nullptr);
    EXPECT_EQ(session.done()->key.id.text(), "ASIAI44QH8DHBEXAMPLE");
    EXPECT_EQ(session.done()->key.session_token.reveal(), "a/session+token==");
    EXPECT_EQ(session.done()->expires, parse_rfc3339("2026-01-31T13:00:00Z"));
    ASSERT_EQ(received().size(), 1u);
    EXPECT_EQ(received()[0].signed_for(), "20260131T120000Z eu-central-1/sts");
    EXPECT_EQ(received()[0].body,
              "Action=GetSessionToken&Version=2011-06-15&SerialNumber=arn%3Aaws%3Aiam%3A%3A123456789012%3Amfa"
              "%2Fbob&DurationSeconds=3600&TokenCode=123456");
}

TEST_F(IamClientTest, ASessionThatIsNotWholeIsNone) {
    for (const std::string gone : {"ASIAI44QH8DHBEXAMPLE", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY",
                                   "a/session+token==", "2026-01-31T13:00:00Z"}) {
        auto body = minted;
        body.erase(body.find(gone), gone.size());
        answer(200, body);
        const auto session = client_.mint(old_key(), "GAHT12345678", Secret("123456"), std::chrono::hours{1});
        EXPECT_NE(session.indeterminate(), nullptr) << gone;
    }
}

TEST_F(IamClientTest, ARefusedCodeIsTold) {
    answer(403,
           "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</"
           "Code><Message>MultiFactorAuthentication "
           "failed with invalid MFA one time pass code. </Message></Error></ErrorResponse>");
    const auto session = client_.mint(old_key(), "GAHT12345678", Secret("123456"), std::chrono::hours{1});
    ASSERT_NE(session.refused(), nullptr);
    EXPECT_EQ(session.refused()->code, "AccessDenied");
    EXPECT_THAT(session.refused()->message, HasSubstr("one time pass code"));
}

TEST_F(IamClientTest, SendsTheSessionTokenSigned) {
    answer(200, identity);
    auto key = old_key();
    key.session_token = Secret("a/session+token");
    EXPECT_NE(client_.caller(key).done(), nullptr);
    EXPECT_EQ(received().front().header("X-Amz-Security-Token"), "a/session+token");
    EXPECT_EQ(received().front().signed_for(), "20260131T120000Z eu-central-1/sts");
}

TEST_F(IamClientTest, AnEndpointThatIsDownWasSentNothing) {
    server_.stop();
    const auto elsewhere = *own_endpoint(Service::iam, "http://127.0.0.1:1", "");
    IamClient down(http_, elsewhere, elsewhere, clock_, "keytide/0.1.0");
    EXPECT_NE(down.create(old_key(), "bob", intent, "n").not_sent(), nullptr);
}

TEST_F(IamClientTest, ProbesTellWhoseKeyItIsAndWhatTheServiceSaid) {
    answer(200, identity);
    answer(403,
           "<ErrorResponse><Error><Code>InvalidClientTokenId</Code><Message>m</Message></Error></"
           "ErrorResponse>");
    answer(200, "<ListAllMyBucketsResult><Owner/><Buckets/></ListAllMyBucketsResult>");
    answer(403, "<Error><Code>InvalidAccessKeyId</Code><Message>m</Message></Error>");
    StsProbe sts(client_);
    S3ListBucketsProbe s3(http_, endpoint(Service::s3), clock_, "keytide/0.1.0");
    const auto accepted = sts.attempt(old_key());
    ASSERT_NE(accepted.done(), nullptr);
    EXPECT_EQ(accepted.done()->identity->user_id, "AIDACKCEVSQ6C2EXAMPLE");
    EXPECT_EQ(sts.attempt(old_key()).refused()->code, "InvalidClientTokenId");
    EXPECT_NE(s3.attempt(old_key()).done(), nullptr);
    EXPECT_EQ(s3.attempt(old_key()).refused()->code, "InvalidAccessKeyId");
    ASSERT_EQ(received().size(), 4u);
    EXPECT_EQ(received()[2].request.method, "GET");
    EXPECT_EQ(received()[2].signed_for(), "20260131T120000Z eu-central-1/s3");
    EXPECT_EQ(received()[2].header("X-Amz-Content-SHA256"), signature::sha256_hex(""));
}

}  // namespace
}  // namespace keytide::aws
