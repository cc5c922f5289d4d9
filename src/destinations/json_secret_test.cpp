#include "destinations/json_secret.hpp"

#include <gtest/gtest.h>

namespace keytide::destinations {
namespace {

const JsonNames names{"id", "the/secret"};

AccessKey key() {
    return {*AccessKeyId::parse("AKIAI44QH8DHBEXAMPLE"), Secret("new/\"secret"), Secret()};
}

std::string written(std::string_view text) {
    const auto result = json_with_key(text, names, key(), "here");
    return result ? std::string(*result) : result.error().message;
}

TEST(JsonSecret, ChangesTwoMembersAndNoOtherByte) {
    EXPECT_EQ(
        written("{ \"a\": 1.50,\n \"the/secret\" : \"old\", \"b\":[{\"id\":\"x\"}], \"id\":\"AKIAOLD\" }\n"),
        "{ \"a\": 1.50,\n \"the/secret\" : \"new/\\\"secret\", \"b\":[{\"id\":\"x\"}], "
        "\"id\":\"AKIAI44QH8DHBEXAMPLE\" }\n");
}

TEST(JsonSecret, AddsWhatIsMissingBehindTheLastMember) {
    const std::string added = R"("id":"AKIAI44QH8DHBEXAMPLE","the/secret":"new/\"secret")";
    EXPECT_EQ(written(""), "{" + added + "}");
    EXPECT_EQ(written("{ }"), "{ " + added + "}");
    EXPECT_EQ(written("{\n  \"a\": {}\n}"), "{\n  \"a\": {}," + added + "\n}");
    EXPECT_EQ(written(R"({"id":""})"), R"({"id":"AKIAI44QH8DHBEXAMPLE","the/secret":"new/\"secret"})");
}

TEST(JsonSecret, IsReadBackAsItWasWritten) {
    const auto held = key_in_json(written(R"({"x":"}"})"), names, "here");
    ASSERT_TRUE(held && *held);
    EXPECT_TRUE((*held)->same_as(key()));
    const auto none = key_in_json(R"({"id":null,"x":1})", names, "here");
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
}

TEST(JsonSecret, WhatIsNotUnderstoodIsRefusedWithoutShowingIt) {
    for (const std::string text :
         {R"(["hidden"])", "hidden", R"({"id":"hidden and no id","the/secret":"hidden"})",
          R"({"id":7,"the/secret":"hidden"})", R"({"the/secret":"hidden"})",
          R"({"id":"AKIAOLD","the/secret":"hidden","id":"AKIAOTHER"})"}) {
        const auto held = key_in_json(text, names, "here");
        ASSERT_FALSE(held) << text;
        EXPECT_NE(held.error().message.find("here"), std::string::npos);
        EXPECT_EQ((held.error().message + held.error().hint).find("hidden"), std::string::npos);
        EXPECT_FALSE(json_with_key(text, names, key(), "here")) << text;
    }
    EXPECT_FALSE(
        json_with_key(R"({"id":"AKIAOLD","the/secret":"x","AWS_SESSION_TOKEN":"t"})", names, key(), "here"));
}

}  // namespace
}  // namespace keytide::destinations
