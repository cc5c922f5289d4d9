#include "lab/misbehaviour/replicas.hpp"

#include <gtest/gtest.h>

namespace keytide::lab::misbehaviour {
namespace {

using namespace std::chrono_literals;

const Delays early{.created = 1s}, late{.created = 9s}, later{.created = 20s};

std::string met(Replicas& replicas, std::string_view service, std::string_view key, int requests) {
    std::string text;
    for (int i = 0; i < requests; ++i) text += to_text(replicas.meet(service, key).replica.created) + " ";
    return text;
}

TEST(Replicas, HearOfEverythingAtOnceUnlessToldOtherwise) {
    Replicas replicas({});
    EXPECT_EQ(replicas.meet("iam", "AKIA"), Hearing{});
    EXPECT_EQ(Propagation{}.horizon(), 0s);
}

TEST(Replicas, AreMetInTurnByEachKey) {
    Replicas replicas({.replicas = {early, late}});
    EXPECT_EQ(met(replicas, "iam", "AKIA1", 3), "1s 9s 1s ");
    EXPECT_EQ(met(replicas, "iam", "AKIA2", 2), "1s 9s ") << "another key's requests do not matter";
    EXPECT_EQ(met(replicas, "sts", "AKIA1", 1), "1s ") << "nor another service's";
    EXPECT_EQ(met(replicas, "iam", "AKIA1", 1), "9s ");
}

TEST(Replicas, AreMetByChanceWhichTheSeedDecides) {
    const Propagation settings{.replicas = {early, late, later}, .at_random = true, .seed = 7};
    Replicas one(settings), again(settings);
    const auto first = met(one, "iam", "AKIA", 60);
    EXPECT_EQ(met(again, "iam", "AKIA", 60), first);
    for (const char* each : {"1s ", "9s ", "20s "}) EXPECT_NE(first.find(each), std::string::npos) << each;
    auto other = settings;
    other.seed = 8;
    Replicas another(other);
    EXPECT_NE(met(another, "iam", "AKIA", 60), first);
}

TEST(Replicas, EachServiceHasItsOwn) {
    Replicas replicas({.replicas = {early}, .services = {{"s3", {late}}}});
    EXPECT_EQ(met(replicas, "iam", "AKIA", 1), "1s ");
    EXPECT_EQ(met(replicas, "s3", "AKIA", 1), "9s ");
    EXPECT_EQ(replicas.settings().horizon(), 9s);
}

TEST(Replicas, FlapWhereOneIsLater) {
    const auto two = flapping({.created = 10s, .reads = 3s}, 5s);
    ASSERT_EQ(two.size(), 2u);
    EXPECT_EQ(two[0].created, 10s);
    EXPECT_EQ(two[1].created, 15s);
    EXPECT_EQ(two[1].deleted, 5s);
    EXPECT_EQ(two[1].reads, 3s);
}

}  // namespace
}  // namespace keytide::lab::misbehaviour
