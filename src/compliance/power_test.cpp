#include "compliance/power.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace keytide::compliance {
namespace {

const std::string bob = "arn:aws:iam::123456789012:user/bob";

std::string words_for(const std::vector<std::string>& texts, const std::string& boundary = {}) {
    std::vector<iam_policy::Policy> parsed;
    for (const auto& text : texts) parsed.push_back(iam_policy::Policy::parse(text).value());
    std::vector<iam_policy::NamedPolicy> named;
    for (const auto& policy : parsed) named.push_back({"p", &policy});
    iam_policy::Policies policies{.identity = named};
    iam_policy::Policy bound;
    iam_policy::NamedPolicy bounding{"b", &bound};
    if (!boundary.empty()) {
        bound = iam_policy::Policy::parse(boundary).value();
        policies.boundary = &bounding;
    }
    return in_words(power_of(policies, bob));
}

std::string allow(const std::string& action, const std::string& resource = "*",
                  const std::string& more = {}) {
    return fmt::format(
        R"({{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{}","Resource":"{}"{}}}]}})",
        action, resource, more);
}

const std::string deny_iam =
    R"({"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"iam:*","Resource":"*"}]})";

TEST(Power, OfAnAdministratorIsToldFirst) {
    EXPECT_EQ(words_for({allow("*")}), "is an administrator's: it may do everything");
    EXPECT_EQ(words_for({allow("*"), deny_iam}), "may use every service");
    EXPECT_EQ(words_for({allow("*")}, allow("s3:*")), "may use s3") << "a boundary bounds";
}

TEST(Power, ThatCanBeRaisedIsTold) {
    EXPECT_EQ(words_for({allow("iam:Put*")}),
              "may use iam; it could make itself an administrator's, by iam:PutUserPolicy");
    EXPECT_EQ(words_for({allow("iam:PutUserPolicy", "arn:aws:iam::123456789012:user/eve")}), "may use iam");
    EXPECT_EQ(words_for({allow("iam:AttachUserPolicy", "arn:aws:iam::123456789012:user/${aws:username}")}),
              "may use iam; it could make itself an administrator's, by iam:AttachUserPolicy");
}

TEST(Power, OverProductionIsTold) {
    EXPECT_EQ(words_for({allow("s3:GetObject", "arn:aws:s3:::acme-prod-data/*")}),
              "may use s3; its policies name production: arn:aws:s3:::acme-prod-data/*");
    EXPECT_EQ(words_for({allow("s3:GetObject", "arn:aws:s3:::Production/*")}),
              "may use s3; its policies name production: arn:aws:s3:::Production/*");
    EXPECT_EQ(words_for({allow("s3:GetObject", "arn:aws:s3:::products/*")}), "may use s3");
}

TEST(Power, MayBeNone) {
    EXPECT_EQ(words_for({}), "may do nothing of its own");
    EXPECT_EQ(words_for({deny_iam}), "may do nothing of its own");
}

}  // namespace
}  // namespace keytide::compliance
