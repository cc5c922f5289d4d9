#include "compliance/credential_report.hpp"

#include <gtest/gtest.h>

namespace keytide::compliance {
namespace {

// The columns as AWS's guide lists them.
const std::string header =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
    "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
    "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,access_key_2_last_used_region,"
    "access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,cert_2_last_rotated";
const std::string root =
    "\n<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00+00:00,not_supported,no_information,"
    "not_supported,not_supported,true,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A";
const std::string bob =
    "\nbob,arn:aws:iam::123456789012:user/bob,2021-01-01T00:00:00+00:00,true,2026-11-01T10:00:00+00:00,"
    "2026-10-01T00:00:00+00:00,N/"
    "A,false,true,2026-08-01T09:08:07+00:00,2026-11-25T00:00:00+00:00,us-east-1,s3,"
    "false,2026-07-01T00:00:00+00:00,N/A,N/A,N/A,false,N/A,false,N/A";

TEST(CredentialReport, TellsOfUsersKeysAndPasswords) {
    const auto account = read_credential_report(header + root + bob).value();
    EXPECT_EQ(account.id, "123456789012");
    EXPECT_EQ(account.root_has_key, false);
    ASSERT_EQ(account.users.size(), 1u);
    const auto& user = account.users.front();
    EXPECT_EQ(user.arn, "arn:aws:iam::123456789012:user/bob");
    EXPECT_TRUE(user.password.enabled);
    EXPECT_EQ(user.password.use.at, parse_rfc3339("2026-11-01T10:00:00Z"));
    ASSERT_EQ(user.keys.size(), 2u);
    EXPECT_EQ(user.keys[0].created, parse_rfc3339("2026-08-01T09:08:07Z"));
    EXPECT_EQ(user.keys[0].use, (Use{true, parse_rfc3339("2026-11-25T00:00:00Z"), "s3", "us-east-1"}));
    EXPECT_FALSE(user.keys[1].is_active());
    EXPECT_EQ(user.keys[1].use, Use::never());
}

TEST(CredentialReport, IsReadByTheNamesOfItsColumns) {
    const auto moved =
        "additional_credentials_info," + header + "\nx," + root.substr(1) + "\ny," + bob.substr(1) + "\n";
    const auto account = read_credential_report(moved).value();
    EXPECT_EQ(account.users.front().name, "bob");
    EXPECT_EQ(account.users.front().keys.front().use.service, "s3");
}

TEST(CredentialReport, MayHaveQuotesCrlfAndCapitals) {
    auto text = header + "\r" + root + "\r\n\"a,b\",\"arn:aws:iam::123456789012:user/a,b\"" +
                bob.substr(bob.find(",2021"));
    text.replace(text.rfind("false,2026-07"), 5, "FALSE");
    const auto account = read_credential_report(text + "\r\n");
    ASSERT_TRUE(account) << account.error().message;
    EXPECT_EQ(account->users.front().name, "a,b");
}

TEST(CredentialReport, ShowsRootSKey) {
    auto with = root;
    with.replace(with.find("true,false,N/A"), 14, "true,true,2020-02-02T00:00:00+00:00");
    EXPECT_EQ(read_credential_report(header + with)->root_has_key, true);
}

TEST(CredentialReport, ThatIsNotUnderstoodIsNone) {
    const auto wrong = [](const std::string& text) {
        const auto read = read_credential_report(text);
        return read ? "" : read.error().message;
    };
    EXPECT_EQ(wrong(""), "the credential report is empty");
    EXPECT_EQ(wrong("<html>"), "the credential report has no column user");
    EXPECT_NE(wrong(header + bob).find("no line for the root user"), std::string::npos);
    EXPECT_NE(wrong(header + root + "\nbob,arn").find("columns in line 3"), std::string::npos);
    auto odd = bob;
    odd.replace(odd.find("2026-08-01T"), 11, "yesterday, ");
    EXPECT_NE(wrong(header + root + odd), "");
    odd = bob;
    odd.replace(odd.find("2026-08-01T09:08:07+00:00"), 25, "yesterday");
    EXPECT_EQ(wrong(header + root + odd), "line 3 of the credential report cannot be understood");
    odd = bob;
    odd.replace(odd.find("false,true,2026-08"), 10, "false,perhaps");
    EXPECT_NE(wrong(header + root + odd), "");
    EXPECT_NE(wrong(header + root + "\n\"bob"), "");
}

TEST(CredentialReport, CutOffAnywhereIsNeverReadAsWhole) {
    const auto whole = header + root + bob;
    for (std::size_t cut = header.size() + root.size() + 1; cut < whole.size(); ++cut) {
        const auto read = read_credential_report(whole.substr(0, cut));
        // The last fields are of no interest here; what is cut off in them changes nothing.
        if (read && !read->users.empty()) {
            EXPECT_EQ(read->users.front().keys.size(), 2u) << cut;
        }
    }
}

}  // namespace
}  // namespace keytide::compliance
