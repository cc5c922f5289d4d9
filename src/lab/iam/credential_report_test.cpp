#include "lab/iam/credential_report.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sodium.h>

#include <sstream>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

using ::testing::ElementsAre;
using namespace std::chrono_literals;

std::string from_base64(const std::string& text) {
    std::string bytes(text.size(), '\0');
    std::size_t size = 0;
    EXPECT_EQ(sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                                text.size(), nullptr, &size, nullptr, sodium_base64_VARIANT_ORIGINAL),
              0);
    bytes.resize(size);
    return bytes;
}

class CredentialReports : public ::testing::Test {
protected:
    void at(Duration later) { root.now = noon + later; }
    std::string state() { return root.iam("GenerateCredentialReport").text("//State"); }
    Answer get() { return root.iam("GetCredentialReport"); }
    std::vector<std::string> rows() {
        state(), state();
        std::istringstream text(from_base64(get().text("//Content")));
        std::vector<std::string> lines;
        for (std::string line; std::getline(text, line);) lines.push_back(line);
        return lines;
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(CredentialReports, AreMadeWhenSomebodyAsksAndKeptForFourHours) {
    EXPECT_EQ(get().code(), "ReportNotPresent");
    EXPECT_EQ(get().status(), 410);
    EXPECT_EQ(state(), "STARTED");
    EXPECT_EQ(get().code(), "ReportInProgress");
    EXPECT_EQ(get().status(), 404);
    at(2s);
    EXPECT_EQ(get().text("//GeneratedTime"), "2026-01-31T12:00:00Z");
    EXPECT_EQ(get().text("//ReportFormat"), "text/csv");
    at(3h);
    EXPECT_EQ(state(), "COMPLETE");
    EXPECT_EQ(get().text("//GeneratedTime"), "2026-01-31T12:00:00Z") << "still the same";
    at(4h);
    EXPECT_EQ(get().code(), "ReportExpired");
    EXPECT_EQ(state(), "STARTED");
    EXPECT_EQ(state(), "COMPLETE") << "whoever waits for it need not wait";
    EXPECT_EQ(get().text("//GeneratedTime"), "2026-01-31T16:00:00Z");
}

TEST_F(CredentialReports, HaveAwssColumnsAndTheRootUserFirst) {
    EXPECT_THAT(
        rows(),
        ElementsAre(
            "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
            "password_next_rotation,mfa_active,access_key_1_active,access_key_1_last_rotated,"
            "access_key_1_last_used_date,access_key_1_last_used_region,access_key_1_last_used_service,"
            "access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,"
            "access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,"
            "cert_1_last_rotated,cert_2_active,cert_2_last_rotated",
            "<root_account>,arn:aws:iam::123456789012:root,2026-01-31T12:00:00+00:00,not_supported,"
            "no_information,not_supported,not_supported,false,true,2026-01-31T12:00:00+00:00,"
            "2026-01-31T12:00:00+00:00,us-east-1,iam,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A"));
}

TEST_F(CredentialReports, TellOfKeysPasswordsAndTheirTimes) {
    const auto eve = make_user(lab, "eve", allow_everything);
    at(1h);
    root.iam("CreateLoginProfile", {{"UserName", "eve"}, {"Password", "Secret-phrase-1"}});
    const auto second = created_key(root.iam("CreateAccessKey", {{"UserName", "eve"}})).id.text();
    root.iam("UpdateAccessKey", {{"UserName", "eve"}, {"AccessKeyId", second}, {"Status", "Inactive"}});
    root.iam("CreateUser", {{"UserName", "a,b"}, {"Path", "/x/"}});
    at(2h);
    root.iam("UpdateLoginProfile", {{"UserName", "eve"}, {"Password", "Secret-phrase-2"}});
    Client later{lab, eve.key.clone(), noon + 2h};
    later.s3("GET", "/", "", "", "eu-west-1");
    const auto all = rows();
    ASSERT_EQ(all.size(), 4U);
    EXPECT_EQ(all[2],
              R"("a,b","arn:aws:iam::123456789012:user/x/a,b",2026-01-31T13:00:00+00:00,false,N/A,N/A,N/A,)"
              "false,false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A,false,N/A,false,N/A");
    EXPECT_EQ(all[3],
              "eve,arn:aws:iam::123456789012:user/eve,2026-01-31T12:00:00+00:00,true,no_information,"
              "2026-01-31T14:00:00+00:00,N/A,false,true,2026-01-31T12:00:00+00:00,"
              "2026-01-31T14:00:00+00:00,eu-west-1,s3,false,2026-01-31T13:00:00+00:00,N/A,N/A,N/A,false,"
              "N/A,false,N/A");
}

}  // namespace
}  // namespace keytide::lab
