// Temporary credentials: who gets them, what they may do, and until when.
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"
#include "lab/state/totp.hpp"
#include "lab/sts/sts.hpp"

namespace keytide::lab {
namespace {

constexpr const char* role_arn = "arn:aws:iam::123456789012:role/r";
constexpr const char* trust_bob = R"({"Statement":{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},"Action":"sts:AssumeRole"}})";
constexpr const char* trust_account = R"({"Statement":{"Effect":"Allow",
    "Principal":{"AWS":"arn:aws:iam::123456789012:root"},"Action":["sts:AssumeRole","sts:TagSession"]}})";

std::string from_base32(std::string_view text) {
    std::string bytes;
    unsigned bits = 0, count = 0;
    for (const char c : text) {
        bits = bits << 5 | unsigned(c >= 'A' ? c - 'A' : c - '2' + 26);
        if ((count += 5) >= 8) bytes += char(bits >> (count -= 8) & 255);
    }
    return bytes;
}

std::string from_base64(std::string_view text) {
    constexpr std::string_view digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string bytes;
    unsigned bits = 0, count = 0;
    for (const char c : text.substr(0, text.find('='))) {
        bits = bits << 6 | unsigned(digits.find(c));
        if ((count += 6) >= 8) bytes += char(bits >> (count -= 8) & 255);
    }
    return bytes;
}

class Sessions : public ::testing::Test {
protected:
    void SetUp() override {
        root.iam("CreateRole", {{"RoleName", "r"}, {"AssumeRolePolicyDocument", trust_bob}});
        root.iam("PutRolePolicy",
                 {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    }
    static Answer assume(const Client& who, Fields further = {}, std::string_view arn = role_arn) {
        auto request = query_request("sts", "AssumeRole", further);
        request.body += "&RoleArn=";
        signature::append_encoded(request.body, arn);
        if (request.body.find("RoleSessionName") == std::string::npos)
            request.body += "&RoleSessionName=work";
        sign(request, who.key, "sts", who.now);
        return {who.lab.handle(request, who.now)};
    }
    void trust(std::string_view document) {
        ASSERT_EQ(
            root.iam("UpdateAssumeRolePolicy", {{"RoleName", "r"}, {"PolicyDocument", document}}).status(),
            200);
    }
    // A device of bob's; gives its serial number, and keeps its seed.
    std::string enable_device() {
        const auto made = root.iam("CreateVirtualMFADevice", {{"VirtualMFADeviceName", "bobs"}});
        seed = Secret(from_base32(from_base64(made.text("//Base32StringSeed"))));
        const auto serial = made.text("//SerialNumber");
        const auto enabled = root.iam("EnableMFADevice", {{"UserName", "bob"},
                                                          {"SerialNumber", serial},
                                                          {"AuthenticationCode1", code(noon, -2)},
                                                          {"AuthenticationCode2", code(noon, -1)}});
        EXPECT_EQ(enabled.status(), 200) << enabled.reply.body;
        return serial;
    }
    std::string code(Instant at, int steps = 0) const {
        return totp_code(seed, totp_step(at) + std::uint64_t(steps));
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Client bob = make_user(lab, "bob");
    Secret seed;
};

TEST_F(Sessions, OfARoleAreWhoTheyAreAndMayWhatItMay) {
    const auto answer = assume(bob);
    ASSERT_EQ(answer.status(), 200) << answer.reply.body;
    EXPECT_EQ(answer.text("//AssumedRoleUser/Arn"), "arn:aws:sts::123456789012:assumed-role/r/work");
    EXPECT_EQ(answer.text("//Expiration"), "2026-01-31T13:00:00Z");
    const auto key = session_key(answer);
    EXPECT_TRUE(key.id.text().starts_with("ASIA"));
    EXPECT_EQ(key.id.account(), "123456789012");
    const Client session{lab, key.clone()};
    const auto identity = session.sts("GetCallerIdentity");
    EXPECT_EQ(identity.text("//Arn"), "arn:aws:sts::123456789012:assumed-role/r/work");
    EXPECT_EQ(identity.text("//UserId"), answer.text("//AssumedRoleId"));
    EXPECT_EQ(session.s3("GET", "/").status(), 200);
    EXPECT_EQ(session.iam("ListUsers").status(), 200);
    EXPECT_EQ(session.iam("CreateAccessKey").message(),
              "Must specify userName when calling with non-User credentials");
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied") << "bob himself may nothing";
    root.iam("DeleteRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}});
    EXPECT_EQ(session.s3("GET", "/").message(),
              "User: arn:aws:sts::123456789012:assumed-role/r/work is not authorized to perform: "
              "s3:ListAllMyBuckets because no identity-based policy allows the s3:ListAllMyBuckets action");
    root.iam("DeleteRole", {{"RoleName", "r"}});
    EXPECT_EQ(session.sts("GetCallerIdentity").code(), "InvalidClientTokenId") << "the role is gone";
}

TEST_F(Sessions, AreRefusedWithoutTheirTokenWithAnotherAndAfterTheirEnd) {
    const auto first = session_key(assume(bob)), second = session_key(assume(bob));
    auto mixed = first.clone();
    mixed.session_token = second.session_token.clone();
    auto changed = first.clone();
    changed.session_token = Secret("A" + std::string(first.session_token.reveal().substr(1)));
    auto bare = first.clone();
    bare.session_token = Secret();
    EXPECT_EQ((Client{lab, bare.clone()}.sts("GetCallerIdentity").code()), "InvalidClientTokenId");
    EXPECT_EQ((Client{lab, bare.clone()}.s3("GET", "/").code()), "InvalidAccessKeyId");
    for (const auto* key : {&mixed, &changed}) {
        EXPECT_EQ((Client{lab, key->clone()}.sts("GetCallerIdentity").code()), "InvalidClientTokenId");
        EXPECT_EQ((Client{lab, key->clone()}.s3("GET", "/").code()), "InvalidToken");
        EXPECT_EQ((Client{lab, key->clone()}.s3("GET", "/").status()), 400);
    }
    auto late = Client{lab, first.clone(), noon + std::chrono::minutes(59)};
    EXPECT_EQ(late.sts("GetCallerIdentity").status(), 200);
    late.now = noon + std::chrono::hours(1);
    const auto ended = late.sts("GetCallerIdentity");
    EXPECT_EQ(ended.status(), 403);
    EXPECT_EQ(ended.code(), "ExpiredToken");
    EXPECT_EQ(ended.message(), "The security token included in the request is expired");
    EXPECT_EQ(late.s3("GET", "/").code(), "ExpiredToken");
    EXPECT_EQ(late.s3("GET", "/").status(), 400);
    auto borrowed = bob.key.clone();
    borrowed.session_token = first.session_token.clone();
    EXPECT_EQ((Client{lab, std::move(borrowed)}.sts("GetCallerIdentity").code()), "InvalidClientTokenId")
        << "a long-term key has no token";
}

TEST_F(Sessions, AreForWhomTheRoleTrustsAlone) {
    const auto eve = make_user(lab, "eve", allow_everything);
    const auto refused = assume(eve);
    EXPECT_EQ(refused.status(), 403);
    EXPECT_EQ(refused.message(),
              "User: arn:aws:iam::123456789012:user/eve is not authorized to perform: sts:AssumeRole on "
              "resource: arn:aws:iam::123456789012:role/r");
    EXPECT_EQ(assume(eve, {}, "arn:aws:iam::123456789012:role/none").code(), "AccessDenied");
    EXPECT_EQ(assume(root).message(), "Roles may not be assumed by root accounts.");
    trust(trust_account);
    EXPECT_EQ(assume(eve).status(), 200) << "the account is trusted, and eve's own policy allows";
    EXPECT_EQ(assume(bob).status(), 403) << "bob's does not";
}

TEST_F(Sessions, AreNotForWhoeverHasATrustedNameAgain) {
    root.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", bob.key.id.text()}});
    root.iam("DeleteUser", {{"UserName", "bob"}});
    const auto other = make_user(lab, "bob", allow_everything);
    EXPECT_EQ(assume(other).code(), "AccessDenied");
    trust(trust_bob);
    EXPECT_EQ(assume(other).status(), 200);
}

TEST_F(Sessions, AskForTheExternalIdThatTheRoleWants) {
    trust(R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},
        "Action":"sts:AssumeRole","Condition":{"StringEquals":{"sts:ExternalId":"4711"},
        "StringLike":{"sts:RoleSessionName":"w*"}}}})");
    EXPECT_EQ(assume(bob).code(), "AccessDenied");
    EXPECT_EQ(assume(bob, {{"ExternalId", "4712"}}).code(), "AccessDenied");
    EXPECT_EQ(assume(bob, {{"ExternalId", "4711"}}).status(), 200);
    EXPECT_EQ(assume(bob, {{"ExternalId", "4711"}, {"RoleSessionName", "play"}}).code(), "AccessDenied");
}

TEST_F(Sessions, AreNarrowedByTheirPolicies) {
    const auto narrow = assume(bob, {{"Policy", R"({"Statement":{"Effect":"Allow","Action":"s3:*",
        "Resource":"*"}})"}});
    EXPECT_NE(narrow.text("//PackedPolicySize"), "");
    const Client session{lab, session_key(narrow)};
    EXPECT_EQ(session.s3("GET", "/").status(), 200);
    EXPECT_TRUE(session.iam("ListUsers")
                    .message()
                    .ends_with("because no session policy allows the iam:ListUsers action"));
    const Client by_arn{
        lab,
        session_key(assume(bob, {{"PolicyArns.member.1.arn", "arn:aws:iam::aws:policy/IAMReadOnlyAccess"}}))};
    EXPECT_EQ(by_arn.iam("ListUsers").status(), 200);
    EXPECT_EQ(by_arn.s3("GET", "/").code(), "AccessDenied");
    EXPECT_EQ(assume(bob, {{"Policy", "{"}}).code(), "MalformedPolicyDocument");
    std::string large = R"({"Statement":{"Sid":"","Effect":"Deny","Action":"*","Resource":"*"}})";
    large.insert(large.find("\"\"") + 1, std::string(2048, 'x'));
    EXPECT_EQ(assume(bob, {{"Policy", large}}).code(), "PackedPolicyTooLarge");
}

TEST_F(Sessions, LastAsLongAsTheRoleAllowsAndAnHourInAChain) {
    EXPECT_EQ(assume(bob, {{"DurationSeconds", "899"}}).code(), "ValidationError");
    EXPECT_EQ(assume(bob, {{"DurationSeconds", "900"}}).text("//Expiration"), "2026-01-31T12:15:00Z");
    EXPECT_EQ(assume(bob, {{"DurationSeconds", "7200"}}).message(),
              "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    root.iam("UpdateRole", {{"RoleName", "r"}, {"MaxSessionDuration", "7200"}});
    EXPECT_EQ(assume(bob, {{"DurationSeconds", "7200"}}).status(), 200);
    trust(trust_account);
    root.iam("PutUserPolicy",
             {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    const Client session{lab, session_key(assume(bob))};
    EXPECT_EQ(assume(session, {{"DurationSeconds", "7200"}}).message(),
              "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role "
              "chaining");
    EXPECT_EQ(assume(session).status(), 200);
}

TEST_F(Sessions, CarryTagsAndPassOnTheTransitiveOnes) {
    trust(trust_account);
    root.iam("PutUserPolicy",
             {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    root.iam("PutRolePolicy", {{"RoleName", "r"}, {"PolicyName", "p"}, {"PolicyDocument", R"({"Statement":[
        {"Effect":"Allow","Action":"sts:*","Resource":"*"},
        {"Effect":"Allow","Action":"s3:*","Resource":"*",
         "Condition":{"StringEquals":{"aws:PrincipalTag/team":"red"}}}]})"}});
    const Client plain{lab, session_key(assume(bob))};
    EXPECT_EQ(plain.s3("GET", "/").code(), "AccessDenied");
    const Client tagged{lab, session_key(assume(bob, {{"Tags.member.1.Key", "team"},
                                                      {"Tags.member.1.Value", "red"},
                                                      {"TransitiveTagKeys.member.1", "team"}}))};
    EXPECT_EQ(tagged.s3("GET", "/").status(), 200);
    const Client chained{lab, session_key(assume(tagged))};
    EXPECT_EQ(chained.s3("GET", "/").status(), 200);
    EXPECT_EQ(assume(tagged, {{"Tags.member.1.Key", "Team"}, {"Tags.member.1.Value", "blue"}}).code(),
              "InvalidParameterValue");
}

TEST_F(Sessions, OfAUserWithoutMfaGetNothingFromIamAndLittleFromSts) {
    root.iam("PutUserPolicy",
             {{"UserName", "bob"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    const auto got = bob.sts("GetSessionToken");
    EXPECT_EQ(got.text("//Expiration"), "2026-02-01T00:00:00Z");
    const Client session{lab, session_key(got)};
    EXPECT_EQ(session.s3("GET", "/").status(), 200);
    EXPECT_EQ(session.iam("ListUsers").code(), "InvalidClientTokenId");
    EXPECT_EQ(session.sts("GetCallerIdentity").text("//Arn"), "arn:aws:iam::123456789012:user/bob");
    EXPECT_EQ(session.sts("GetSessionToken").message(),
              "Cannot call GetSessionToken with session credentials");
    EXPECT_EQ(session.sts("GetAccessKeyInfo", {{"AccessKeyId", bob.key.id.text()}}).code(), "AccessDenied");
    EXPECT_EQ(assume(session).status(), 200);
    EXPECT_EQ(root.sts("GetSessionToken", {{"DurationSeconds", "43200"}}).text("//Expiration"),
              "2026-01-31T13:00:00Z")
        << "root's last an hour";
}

TEST_F(Sessions, WithMfaNeedTheRightDeviceAndEachCodeOnce) {
    const auto serial = enable_device();
    root.iam("PutUserPolicy", {{"UserName", "bob"},
                               {"PolicyName", "p"},
                               {"PolicyDocument", R"({"Statement":{"Effect":"Allow","Action":"iam:*",
        "Resource":"*","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"},
        "NumericLessThan":{"aws:MultiFactorAuthAge":"600"}}}})"}});
    const auto get = [&](std::string_view number, std::string_view code) {
        return bob.sts("GetSessionToken", {{"SerialNumber", number}, {"TokenCode", code}});
    };
    EXPECT_EQ(bob.iam("ListUsers").code(), "AccessDenied");
    const auto wrong = get(serial, code(noon) == "000000" ? "000001" : "000000");
    EXPECT_EQ(wrong.status(), 403);
    EXPECT_EQ(wrong.message(), "MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    EXPECT_EQ(get("arn:aws:iam::123456789012:mfa/eves", code(noon)).message(),
              "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial "
              "number is valid and associated with this user.");
    EXPECT_EQ(
        bob.sts("GetSessionToken", {{"SerialNumber", serial}}).message(),
        "MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code.");
    const auto right = get(serial, code(noon));
    ASSERT_EQ(right.status(), 200) << right.reply.body;
    EXPECT_EQ(get(serial, code(noon)).code(), "AccessDenied") << "each code once";
    auto session = Client{lab, session_key(right)};
    EXPECT_EQ(session.iam("ListUsers").status(), 200);
    session.now = noon + std::chrono::minutes(10);
    EXPECT_EQ(session.iam("ListUsers").code(), "AccessDenied") << "too long ago";
}

TEST_F(Sessions, ARoleCanDemandMfaOfWhoAssumesIt) {
    const auto serial = enable_device();
    trust(R"({"Statement":{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::123456789012:user/bob"},
        "Action":"sts:AssumeRole","Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}}})");
    EXPECT_EQ(assume(bob).code(), "AccessDenied");
    EXPECT_EQ(assume(bob, {{"SerialNumber", serial}, {"TokenCode", code(noon)}}).status(), 200);
}

TEST_F(Sessions, TheLabKnowsWhoseAKeyIs) {
    EXPECT_EQ(root.sts("GetAccessKeyInfo", {{"AccessKeyId", bob.key.id.text()}}).text("//Account"),
              "123456789012");
    EXPECT_EQ(root.sts("GetAccessKeyInfo", {{"AccessKeyId", "ASIAY34FZKBOKMUTVV7A"}}).text("//Account"),
              "609629065308");
    EXPECT_EQ(bob.sts("GetAccessKeyInfo", {{"AccessKeyId", bob.key.id.text()}}).code(), "AccessDenied");
}

TEST_F(Sessions, DevicesAreOfOneUserAndStayWhileTheyAre) {
    const auto serial = enable_device();
    EXPECT_EQ(root.iam("ListMFADevices", {{"UserName", "bob"}}).text("//MFADevices/member/SerialNumber"),
              serial);
    EXPECT_EQ(root.iam("ListVirtualMFADevices", {{"AssignmentStatus", "Assigned"}}).text("//User/UserName"),
              "bob");
    EXPECT_EQ(root.iam("DeleteVirtualMFADevice", {{"SerialNumber", serial}}).message(),
              "MFA VirtualDevice in use. Must deactivate first.");
    root.iam("CreateUser", {{"UserName", "eve"}});
    EXPECT_EQ(root.iam("EnableMFADevice", {{"UserName", "eve"},
                                           {"SerialNumber", serial},
                                           {"AuthenticationCode1", code(noon)},
                                           {"AuthenticationCode2", code(noon, 1)}})
                  .code(),
              "EntityAlreadyExists");
    EXPECT_EQ(root.iam("DeactivateMFADevice", {{"UserName", "eve"}, {"SerialNumber", serial}}).code(),
              "NoSuchEntity");
    EXPECT_EQ(root.iam("ResyncMFADevice", {{"UserName", "bob"},
                                           {"SerialNumber", serial},
                                           {"AuthenticationCode1", code(noon, 3)},
                                           {"AuthenticationCode2", code(noon, 4)}})
                  .status(),
              200);
    root.iam("DeleteAccessKey", {{"UserName", "bob"}, {"AccessKeyId", bob.key.id.text()}});
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).message(),
              "Cannot delete entity, must delete MFA device first.");
    EXPECT_EQ(root.iam("DeactivateMFADevice", {{"UserName", "bob"}, {"SerialNumber", serial}}).status(), 200);
    EXPECT_EQ(root.iam("DeleteVirtualMFADevice", {{"SerialNumber", serial}}).status(), 200);
    EXPECT_EQ(root.iam("DeleteVirtualMFADevice", {{"SerialNumber", serial}}).code(), "NoSuchEntity");
}

}  // namespace
}  // namespace keytide::lab
