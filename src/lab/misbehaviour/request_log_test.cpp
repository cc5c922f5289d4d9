#include "lab/misbehaviour/request_log.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::misbehaviour {
namespace {

LoggedRequest request(std::string action, std::string user = "bob", std::string code = "") {
    LoggedRequest made;
    made.attempt = {"iam", std::move(action), "AKIA" + user, user, "arn:aws:iam::123456789012:user/" + user};
    made.code = std::move(code);
    return made;
}

std::string numbers(const RequestLog& log, const RequestLog::Filter& filter) {
    std::string text;
    for (const auto* one : log.find(filter)) text += std::to_string(one->number) + " ";
    return text;
}

TEST(RequestLog, KeepsTheLatest) {
    RequestLog log(3);
    EXPECT_EQ(numbers(log, {}), "");
    for (int i = 0; i < 5; ++i) log.add(request("GetUser"));
    EXPECT_EQ(numbers(log, {}), "3 4 5 ");
    EXPECT_EQ(log.latest(), 5u);
}

TEST(RequestLog, GoesOnFromACursor) {
    RequestLog log(3);
    for (int i = 0; i < 5; ++i) log.add(request("GetUser"));
    EXPECT_EQ(numbers(log, {.since = 1}), "3 4 5 ") << "what was forgotten is not there";
    EXPECT_EQ(numbers(log, {.since = 4}), "5 ");
    EXPECT_EQ(numbers(log, {.since = 5}), "");
    EXPECT_EQ(numbers(log, {.since = 99}), "");
    EXPECT_EQ(numbers(log, {.limit = 2}), "3 4 ");
    log.clear();
    EXPECT_EQ(numbers(log, {}), "");
    log.add(request("GetUser"));
    EXPECT_EQ(numbers(log, {.since = 5}), "6 ");
}

TEST(RequestLog, FindsByWhatWasAskedByWhomAndHowItEnded) {
    RequestLog log(10);
    log.add(request("CreateAccessKey"));
    log.add(request("CreateAccessKey", "eve", "AccessDenied"));
    auto lost = request("DeleteAccessKey");
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
