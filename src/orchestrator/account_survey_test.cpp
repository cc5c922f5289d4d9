#include "orchestrator/account_survey.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

namespace keytide::orchestrator {
namespace {

using namespace std::chrono_literals;
using ports::Answer;
using ports::Refused;
using ports::UserPage;

constexpr auto header =
    "user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,"
    "access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,"
    "access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_"
    "date,"
    "access_key_2_last_used_region,access_key_2_last_used_service\n"
    "<root_account>,arn:aws:iam::123456789012:root,2020-01-01T00:00:00+00:00,not_supported,N/A,N/A,"
    "false,N/A,N/A,N/A,N/A,false,N/A,N/A,N/A,N/A\n";

std::string row(const std::string& name, const std::string& created) {
    return name + ",arn:aws:iam::123456789012:user/" + name +
           ",2021-01-01T00:00:00+00:00,false,N/A,N/A,true," + created +
           ",2026-11-01T00:00:00+00:00,us-east-1,s3,false,N/A,N/A,N/A,N/A\n";
}

Refused denied() {
    return {"AccessDenied", "no", 403};
}

class PassingTime final : public ports::Clock {
public:
    Instant now() override { return now_; }
    bool sleep(Duration time) override {
        now_ += time;
        return true;
    }
    bool interrupted() override { return false; }

private:
    Instant now_ = *parse_rfc3339("2026-11-26T12:00:00Z");
};

class NoEntropy final : public ports::Entropy {
public:
    void fill(std::span<std::byte> bytes) override { std::ranges::fill(bytes, std::byte{0}); }
};

// An account that lives as long as a test, and counts what it is asked.
class LivingAccount final : public ports::AccountRecords, public ports::AccessKeys {
public:
    int looks_until_complete = 0;
    bool report_denied = false, users_denied = false, throttled_once = false;
    std::string csv = header;
    std::optional<Instant> server_time{};
    std::map<std::string, std::vector<KeyMetadata>> keys;
    std::vector<std::string> asked;

    Answer<bool> generate_report(const AccessKey&) override {
        asked.push_back("generate");
        if (report_denied) return {denied()};
        return {looks_until_complete-- <= 0, server_time};
    }
    Answer<ports::CredentialReport> report(const AccessKey&) override {
        asked.push_back("report");
        if (report_denied) return {denied()};
        return {ports::CredentialReport{csv, parse_rfc3339("2026-11-26T11:00:00Z")}};
    }
    Answer<UserPage> users(const AccessKey&, std::string_view marker) override {
        asked.push_back("users");
        if (users_denied) return {denied()};
        if (std::exchange(throttled_once, false)) return {Refused{"Throttling", "Rate exceeded", 400}};
        UserPage page;
        auto at = marker.empty() ? keys.begin() : keys.find(std::string(marker));
        for (int n = 0; n < 2 && at != keys.end(); ++n, ++at)
            page.users.push_back({.name = at->first, .arn = "arn:aws:iam::123456789012:user/" + at->first});
        if (at != keys.end()) page.marker = at->first;
        return {std::move(page)};
    }
    Answer<UserPage> users_with_tags(const AccessKey&, std::string_view) override {
        asked.push_back("tags");
        return {denied()};
    }
    Answer<bool> root_has_key(const AccessKey&) override {
        asked.push_back("summary");
        return {true};
    }
    Answer<ports::DetailsPage> authorization_details(const AccessKey&, std::string_view) override {
        asked.push_back("details");
        return {denied()};
    }

    Answer<std::vector<KeyMetadata>> list(const AccessKey&, std::string_view user) override {
        asked.push_back("keys of " + std::string(user));
        const auto found = keys.find(std::string(user));
        if (found == keys.end()) return {Refused{"NoSuchEntity", "gone", 404}};
        return {found->second};
    }
    Answer<ports::LastUsed> last_used(const AccessKey&, const AccessKeyId& id) override {
        asked.push_back("use of " + id.text());
        return {ports::LastUsed{}};
    }
    Answer<ports::CreatedKey> create(const AccessKey&, std::string_view, Instant, std::string_view) override {
        return {denied()};
    }
    Answer<ports::Done> set_status(const AccessKey&, std::string_view, const AccessKeyId&, KeyStatus,
                                   Instant) override {
        return {denied()};
    }
    Answer<ports::Done> remove(const AccessKey&, std::string_view, const AccessKeyId&, Instant) override {
        return {denied()};
    }
};

struct AccountSurveys : testing::Test {
    LivingAccount account;
    PassingTime local;
    NoEntropy entropy;
    AwsClock clock{local};
    AccountDoors doors{account, account, clock, entropy};
    AccessKey signer{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("x"), Secret()};

    Result<AccountSurvey> survey(WantedOfAccount wanted = {}) {
        return survey_account(doors, signer, wanted);
    }

    static KeyMetadata key(const std::string& id, const std::string& created) {
        return {*AccessKeyId::parse(id), KeyStatus::active, parse_rfc3339(created)};
    }
};

using Asked = std::vector<std::string>;

TEST_F(AccountSurveys, TakeTwoCallsHoweverManyUsersThereAre) {
    for (int n = 0; n < 5000; ++n)
        account.csv += row("user" + std::to_string(n), "2026-10-01T00:00:00+00:00");
    const auto seen = survey();
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(account.asked, (Asked{"generate", "report"}));
    EXPECT_EQ(seen->account.users.size(), 5000u);
    EXPECT_EQ(seen->account.root_has_key, false);
    EXPECT_EQ(seen->report_of, parse_rfc3339("2026-11-26T11:00:00Z"));
}

TEST_F(AccountSurveys, WaitUntilTheReportIsMade) {
    account.looks_until_complete = 2;
    ASSERT_TRUE(survey());
    EXPECT_EQ(account.asked, (Asked{"generate", "generate", "generate", "report"}));
}

TEST_F(AccountSurveys, WaitForTheReportThoughTheLocalClockIsWrong) {
    account.looks_until_complete = 2;
    account.server_time = local.now() + std::chrono::hours(24 * 90);
    const auto seen = survey();
    ASSERT_TRUE(seen);
    EXPECT_EQ(account.asked, (Asked{"generate", "generate", "generate", "report"}));
}

TEST_F(AccountSurveys, ListUsersAndKeysWhereTheReportIsDenied) {
    account.report_denied = true;
    account.keys = {{"a", {key("AKIAA000000000000001", "2026-10-01T00:00:00Z")}}, {"b", {}}, {"c", {}}};
    const auto seen = survey();
    ASSERT_TRUE(seen) << seen.error().message;
    EXPECT_EQ(account.asked, (Asked{"generate", "report", "users", "users", "keys of a",
                                    "use of AKIAA000000000000001", "keys of b", "keys of c", "summary"}));
    EXPECT_EQ(seen->account.id, "123456789012");
    EXPECT_EQ(seen->account.root_has_key, true);
    EXPECT_FALSE(seen->report_of);
    EXPECT_FALSE(seen->account.users[0].password.known);
    EXPECT_EQ(seen->unseen, (Asked{"the credential report (AccessDenied: no)"}));
}

TEST_F(AccountSurveys, AskForNothingThatIsNotWanted) {
    account.keys = {{"a", {key("AKIAA000000000000001", "2026-10-01T00:00:00Z")}}};
    ASSERT_TRUE(survey({.live = true, .root = false, .last_uses = false}));
    EXPECT_EQ(account.asked, (Asked{"users", "keys of a"}));
}

TEST_F(AccountSurveys, AskAgainWhereAwsThrottles) {
    account.throttled_once = true;
    account.keys = {{"a", {}}};
    ASSERT_TRUE(survey({.live = true, .root = false}));
    EXPECT_EQ(account.asked, (Asked{"users", "users", "keys of a"}));
}

TEST_F(AccountSurveys, FailWhereNobodyCanBeListed) {
    account.report_denied = account.users_denied = true;
    const auto seen = survey();
    ASSERT_FALSE(seen);
    EXPECT_NE(seen.error().message.find("AccessDenied"), std::string::npos);
}

TEST_F(AccountSurveys, SayThatTagsWereNotSeen) {
    const auto seen = survey({.tags = true});
    EXPECT_EQ(seen->unseen, (Asked{"the users' tags (AccessDenied: no)"}));
}

TEST_F(AccountSurveys, LookCloserAtThoseWhoAreNamedAndAtNobodyElse) {
    account.csv += row("a", "2026-08-01T00:00:00+00:00") + row("b", "2026-08-01T00:00:00+00:00") +
                   row("gone", "2026-08-01T00:00:00+00:00");
    account.keys = {{"a",
                     {key("AKIAA000000000000001", "2026-08-01T00:00:00Z"),
                      key("AKIAA000000000000002", "2026-11-26T11:30:00Z")}},
                    {"b", {}}};
    auto seen = survey();
    account.asked.clear();
    ASSERT_TRUE(look_closer(doors, signer, {}, {"a", "gone"}, *seen));
    EXPECT_EQ(account.asked, (Asked{"keys of a", "use of AKIAA000000000000002", "keys of gone"}));
    const auto& keys = seen->account.users[0].keys;
    ASSERT_EQ(keys.size(), 2u) << "one was made after the report";
    EXPECT_EQ(keys[0].id->text(), "AKIAA000000000000001");
    EXPECT_EQ(keys[0].use.service, "s3") << "as the report has it";
    EXPECT_EQ(keys[1].use, compliance::Use::never());
    EXPECT_FALSE(seen->account.users[1].keys[0].id) << "nobody asked for b";
    EXPECT_TRUE(seen->account.users[2].keys.empty());
    EXPECT_TRUE(seen->unseen.empty());
}

}  // namespace
}  // namespace keytide::orchestrator
