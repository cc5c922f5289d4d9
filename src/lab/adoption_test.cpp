// What another account holds counts here as it did there, and nothing is taken over by halves in silence.
#include "lab/adoption.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* may_list = R"({"Version":"2012-10-17","Statement":
    {"Effect":"Allow","Action":"iam:ListAccessKeys","Resource":"*"}})";
constexpr const char* denies = R"({"Version":"2012-10-17","Statement":[
    {"Effect":"Allow","Action":"*","Resource":"*"},{"Effect":"Deny","Action":"iam:ListUsers","Resource":"*"}]})";

AuthorizationDetails example() {
    AuthorizationDetails details;
    details.policies = {
        {"arn:aws:iam::aws:policy/service-role/OfNobodyHere", "OfNobodyHere", "/service-role/", may_list},
        {"arn:aws:iam::123456789012:policy/limits", "limits", "/", denies}};
    details.groups = {
        {.name = "staff", .path = "/", .attached = {"arn:aws:iam::aws:policy/service-role/OfNobodyHere"}}};
    details.users = {{.name = "bob",
                      .path = "/team/",
                      .inline_policies = {{"all", allow_everything}},
                      .groups = {"staff"},
                      .boundary = "arn:aws:iam::123456789012:policy/limits",
                      .tags = {{"team", "a"}}}};
    return details;
}

AccessKey key_named(const char* id) {
    return {*AccessKeyId::parse(id), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};
}

std::vector<Lab::AdoptedKey> keys_of_bob() {
    std::vector<Lab::AdoptedKey> keys;
    keys.push_back(
        {"bob", key_named("AKIAQQQQQQQQQQQQQQQ1"), KeyStatus::active, noon - std::chrono::hours(2400)});
    keys.push_back({"bob", key_named("AKIAQQQQQQQQQQQQQQQ2"), KeyStatus::inactive, noon});
    return keys;
}

TEST(Adoption, UsersMayWhatTheyMightAndTheirKeysAreKnown) {
    auto lab = example_lab();
    ASSERT_TRUE(lab.adopt(example(), keys_of_bob(), noon));
    const Client bob{lab, key_named("AKIAQQQQQQQQQQQQQQQ1")};
    EXPECT_EQ(bob.sts("GetCallerIdentity").text("//Arn"), "arn:aws:iam::123456789012:user/team/bob");
    const auto listed = bob.iam("ListAccessKeys");
    EXPECT_EQ(listed.text("//member[AccessKeyId='AKIAQQQQQQQQQQQQQQQ1']/CreateDate"), "2025-10-23T12:00:00Z");
    EXPECT_EQ(listed.text("//member[AccessKeyId='AKIAQQQQQQQQQQQQQQQ2']/Status"), "Inactive");
    EXPECT_EQ(bob.iam("ListUsers").code(), "AccessDenied") << "the boundary holds";
    EXPECT_EQ(bob.iam("ListUserTags", {{"UserName", "bob"}}).text("//Tags/member/Value"), "a");
    const Client other{lab, key_named("AKIAQQQQQQQQQQQQQQQ2")};
    EXPECT_NE(other.sts("GetCallerIdentity").status(), 200) << "that key is Inactive";
}

TEST(Adoption, APolicyOfAWSCountsInTheVersionThatTheAccountHas) {
    auto lab = example_lab();
    auto details = example();
    details.policies = {
        {"arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess", "/", may_list}};
    details.groups.front().attached = {"arn:aws:iam::aws:policy/AdministratorAccess"};
    details.users.front().inline_policies.clear();
    details.users.front().boundary.clear();
    ASSERT_TRUE(lab.adopt(details, keys_of_bob(), noon));
    const Client bob{lab, key_named("AKIAQQQQQQQQQQQQQQQ1")};
    EXPECT_EQ(bob.iam("ListAccessKeys").status(), 200);
    EXPECT_EQ(bob.iam("ListUsers").code(), "AccessDenied");
}

TEST(Adoption, WhatCannotBeTakenOverIsNamed) {
    auto details = example();
    details.users.front().inline_policies.front().document = R"({"Statement":{"Effect":"Perhaps"}})";
    auto lab = example_lab();
    const auto taken = lab.adopt(details, {}, noon);
    ASSERT_FALSE(taken);
    EXPECT_NE(taken.error().message.find("user bob: policy all: "), std::string::npos)
        << taken.error().message;

    details = example();
    details.groups.clear();
    auto another = example_lab();
    EXPECT_FALSE(another.adopt(details, {}, noon)) << "bob is in a group that is not there";
}

}  // namespace
}  // namespace keytide::lab
