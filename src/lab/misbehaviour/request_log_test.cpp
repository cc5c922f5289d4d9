#include "lab/misbehaviour/request_log.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::misbehaviour {
namespace {

constexpr LoggedRequest by_bob{.service = "iam",
                               .action = "CreateAccessKey",
                               .access_key_id = "AKIAbob",
                               .user_name = "bob",
                               .arn = "arn:aws:iam::123456789012:user/bob"};
constexpr LoggedRequest by_eve{.service = "iam",
                               .action = "CreateAccessKey",
                               .access_key_id = "AKIAeve",
                               .user_name = "eve",
                               .arn = "arn:aws:iam::123456789012:user/eve",
                               .code = "AccessDenied"};

std::string numbers(const RequestLog& log, const RequestLog::Filter& filter) {
    std::string text;
    for (const auto& one : log.find(filter)) text += std::to_string(one.number) + " ";
    return text;
}

TEST(RequestLog, KeepsTheLatest) {
    RequestLog log(3);
    EXPECT_EQ(numbers(log, {}), "");
    for (int i = 0; i < 5; ++i) log.add(by_bob);
    EXPECT_EQ(numbers(log, {}), "3 4 5 ");
    EXPECT_EQ(log.latest(), 5u);
}

TEST(RequestLog, ShowsAllOfARequestWhateverStoodInItsRoomBefore) {
    RequestLog log(1);
    log.add(by_bob);
    auto lost = by_eve;
    lost.received = Instant(Duration(1)), lost.landed = Instant(Duration(2));
    lost.acted = true, lost.status = 403, lost.fault = "lose_answer", lost.rule = 7;
    log.add(lost);
    const auto shown = log.find({}).at(0);
    EXPECT_EQ(shown.number, 2u);
    EXPECT_EQ(shown.received, lost.received);
    EXPECT_EQ(shown.landed, lost.landed);
    EXPECT_EQ(shown.service, lost.service);
    EXPECT_EQ(shown.action, lost.action);
    EXPECT_EQ(shown.access_key_id, lost.access_key_id);
    EXPECT_EQ(shown.user_name, lost.user_name);
    EXPECT_EQ(shown.arn, lost.arn);
    EXPECT_TRUE(shown.acted);
    EXPECT_EQ(shown.status, 403);
    EXPECT_EQ(shown.code, lost.code);
    EXPECT_EQ(shown.fault, lost.fault);
    EXPECT_EQ(shown.rule, 7u);
}

TEST(RequestLog, GoesOnFromACursor) {
    RequestLog log(3);
    for (int i = 0; i < 5; ++i) log.add(by_bob);
    EXPECT_EQ(numbers(log, {.since = 1}), "3 4 5 ") << "what was forgotten is not there";
    EXPECT_EQ(numbers(log, {.since = 4}), "5 ");
    EXPECT_EQ(numbers(log, {.since = 5}), "");
    EXPECT_EQ(numbers(log, {.since = 99}), "");
    EXPECT_EQ(numbers(log, {.limit = 2}), "3 4 ");
    log.clear();
    EXPECT_EQ(numbers(log, {}), "");
    log.add(by_bob);
    EXPECT_EQ(numbers(log, {.since = 5}), "6 ");
}

TEST(RequestLog, FindsByWhatWasAskedByWhomAndHowItEnded) {
    RequestLog log(10);
    log.add(by_bob);
    log.add(by_eve);
    auto lost = by_bob;
    lost.action = "DeleteAccessKey";
    lost.fault = "lose_answer";
    log.add(lost);
    EXPECT_EQ(numbers(log, {.action = "CreateAccessKey"}), "1 2 ");
    EXPECT_EQ(numbers(log, {.principal = "bob"}), "1 3 ");
    EXPECT_EQ(numbers(log, {.principal = "AKIAeve"}), "2 ");
    EXPECT_EQ(numbers(log, {.principal = "arn:aws:iam::123456789012:user/eve"}), "2 ");
    EXPECT_EQ(numbers(log, {.code = "AccessDenied"}), "2 ");
    EXPECT_EQ(numbers(log, {.fault = "lose_answer"}), "3 ");
    EXPECT_EQ(numbers(log, {.service = "s3"}), "");
}

}  // namespace
}  // namespace keytide::lab::misbehaviour
