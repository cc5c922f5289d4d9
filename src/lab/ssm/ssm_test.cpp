#include "lab/ssm/ssm.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class ParameterStoreApi : public ::testing::Test {
protected:
    JsonAnswer put(const std::string& name, const std::string& value, const std::string& more = "") {
        return root.ssm("PutParameter", fmt::format(R"({{"Name":"{}","Value":"{}"{}}})", name, value, more));
    }
    JsonAnswer get(const std::string& name, const std::string& more = "") {
        return root.ssm("GetParameter", fmt::format(R"({{"Name":"{}"{}}})", name, more));
    }

    const std::string text = R"(,"Type":"String")", again = R"(,"Overwrite":true)";
    Lab lab = example_lab();
    Client root = root_of(lab);
};

TEST_F(ParameterStoreApi, AParameterIsReplacedOnlyOnRequestAndCountsItsVersions) {
    const auto made = put("/app/key", "one", text);
    ASSERT_EQ(made.status(), 200) << made.reply.body;
    EXPECT_EQ(made.text("/Version"), "1");
    EXPECT_EQ(made.text("/Tier"), "Standard");
    const auto refused = put("/app/key", "two", text);
    EXPECT_EQ(refused.code(), "ParameterAlreadyExists");
    EXPECT_EQ(
        refused.message(),
        "The parameter already exists. To overwrite this value, set the overwrite option in the request "
        "to true.");
    EXPECT_EQ(put("/app/key", "two", again).text("/Version"), "2");
    const auto read = get("/app/key");
    EXPECT_EQ(read.text("/Parameter/Value"), "two");
    EXPECT_EQ(read.text("/Parameter/ARN"), "arn:aws:ssm:us-east-1:123456789012:parameter/app/key");
    EXPECT_EQ(get("/app/key:1").text("/Parameter/Value"), "one");
    EXPECT_EQ(get("/app/key:1").text("/Parameter/Selector"), ":1");
    EXPECT_EQ(get("/app/key:9").message(),
              "Systems Manager could not find version 9 of /app/key. Verify the version and try again.");
    EXPECT_EQ(get("arn:aws:ssm:us-east-1:123456789012:parameter/app/key:1").text("/Parameter/Value"), "one");
    const auto missing = get("/app/other");
    EXPECT_EQ(missing.reply.body, R"({"__type":"ParameterNotFound"})") << "AWS says no more";
}

TEST_F(ParameterStoreApi, ASecureStringIsShownOnRequestAlone) {
    put("/app/key", "hidden", R"(,"Type":"SecureString","KeyId":"alias/mine")");
    EXPECT_EQ(get("/app/key").reply.body.find("hidden"), std::string::npos);
    EXPECT_EQ(get("/app/key", R"(,"WithDecryption":true)").text("/Parameter/Value"), "hidden");
    EXPECT_EQ(put("/app/key", "x", R"(,"Type":"String","Overwrite":true)").code(),
              "HierarchyTypeMismatchException");
    const auto described = root.ssm("DescribeParameters", "{}");
    EXPECT_EQ(described.text("/Parameters/0/KeyId"), "alias/mine");
    EXPECT_EQ(described.reply.body.find("hidden"), std::string::npos);
    put("/app/key", "hidden", again);
    EXPECT_EQ(root.ssm("DescribeParameters", "{}").text("/Parameters/0/KeyId"), "alias/aws/ssm")
        << "who overwrites without a KeyId chooses the account's own";
}

TEST_F(ParameterStoreApi, TiersBoundTheSize) {
    const std::string large(4097, 'x');
    const auto refused = put("/app/key", large, text);
    EXPECT_EQ(refused.code(), "ValidationException");
    EXPECT_TRUE(refused.message().starts_with(
        "Standard tier parameters support a maximum parameter value of 4096 characters."));
    EXPECT_EQ(put("/app/key", large, text + R"(,"Tier":"Intelligent-Tiering")").text("/Tier"), "Advanced");
    EXPECT_EQ(put("/app/key", "x", again + R"(,"Tier":"Standard")").code(), "ValidationException");
    EXPECT_EQ(put("/app/key", std::string(8193, 'x'), again).code(), "ValidationException");
}

TEST_F(ParameterStoreApi, NamesAreThoseThatAwsLeavesFree) {
    EXPECT_EQ(put("aws-key", "x", text).code(), "ValidationException");
    EXPECT_EQ(put("/aws/key", "x", text).code(), "AccessDeniedException");
    EXPECT_EQ(put("/ssmkey/a", "x", text).code(), "ValidationException");
    EXPECT_EQ(put("app/key", "x", text).message(), "Parameter name must be a fully qualified name.");
    EXPECT_EQ(put("/a b", "x", text).code(), "ValidationException");
    EXPECT_EQ(put("/1/2/3/4/5/6/7/8/9/10/11/12/13/14/15/16", "x", text).code(),
              "HierarchyLevelLimitExceededException");
    EXPECT_EQ(put("/app/key", "x").message(), "A parameter type is required when you create a parameter.");
    EXPECT_EQ(put("/app/key", "x", text + R"(,"AllowedPattern":"[0-9]+")").code(),
              "ParameterPatternMismatchException");
    EXPECT_EQ(put("/app/key", "x", text + R"(,"AllowedPattern":"(")").code(),
              "InvalidAllowedPatternException");
    EXPECT_EQ(put("/app/key", "x", text + R"(,"Policies":"[]")").code(), "ValidationException");
}

TEST_F(ParameterStoreApi, APathListsWhatIsBelowIt) {
    for (const auto* name : {"/app/one", "/app/two", "/app/deep/three", "/apple"}) put(name, "x", text);
    const auto direct = root.ssm("GetParametersByPath", R"({"Path":"/app"})");
    EXPECT_EQ(direct.text("/Parameters/0/Name"), "/app/one");
    EXPECT_EQ(direct.body().at("Parameters").as_array().size(), 2U);
    const auto page = root.ssm("GetParametersByPath", R"({"Path":"/app/","Recursive":true,"MaxResults":2})");
    const auto rest = root.ssm("GetParametersByPath", R"({"Path":"/app/","Recursive":true,"NextToken":")" +
                                                          page.text("/NextToken") + "\"}");
    EXPECT_EQ(rest.text("/Parameters/0/Name"), "/app/two");
    EXPECT_EQ(root.ssm("GetParametersByPath", R"({"Path":"/app","NextToken":"zz"})").code(),
              "InvalidNextToken");
    const auto several = root.ssm("GetParameters", R"({"Names":["/app/one","/none"]})");
    EXPECT_EQ(several.text("/InvalidParameters/0"), "/none");
    EXPECT_EQ(root.ssm("DescribeParameters",
                       R"({"ParameterFilters":[{"Key":"Name","Option":"BeginsWith","Values":["/apple"]}]})")
                  .text("/Parameters/0/Name"),
              "/apple");
}

TEST_F(ParameterStoreApi, AHundredVersionsAreKeptUnlessALabelHoldsTheOldest) {
    put("/app/key", "0", text);
    EXPECT_EQ(root.ssm("LabelParameterVersion", R"({"Name":"/app/key","Labels":["kept","aws-no","1st"]})")
                  .text("/InvalidLabels"),
              R"(["aws-no","1st"])");
    for (int i = 1; i < 100; ++i) ASSERT_EQ(put("/app/key", std::to_string(i), again).status(), 200);
    EXPECT_EQ(put("/app/key", "100", again).code(), "ParameterMaxVersionLimitExceeded");
    EXPECT_EQ(get("/app/key:kept").text("/Parameter/Value"), "0");
    root.ssm("LabelParameterVersion", R"({"Name":"/app/key","Labels":["kept"]})");
    EXPECT_EQ(get("/app/key:kept").text("/Parameter/Value"), "99") << "a label moves";
    EXPECT_EQ(put("/app/key", "100", again).text("/Version"), "101");
    EXPECT_EQ(get("/app/key:1").code(), "ParameterVersionNotFound");
}

TEST_F(ParameterStoreApi, PermissionIsAskedOnTheParameterAndForOverwriting) {
    put("/app/key", "one", text);
    const auto user = make_user(lab, "bob", R"({"Version":"2012-10-17","Statement":[
        {"Effect":"Allow","Action":["ssm:GetParameter"],
         "Resource":"arn:aws:ssm:us-east-1:123456789012:parameter/app/*"},
        {"Effect":"Allow","Action":"ssm:PutParameter","Resource":"*",
         "Condition":{"StringEquals":{"ssm:Overwrite":"false"}}}]})");
    EXPECT_EQ(user.ssm("GetParameter", R"({"Name":"/app/key:1"})").status(), 200);
    EXPECT_EQ(user.ssm("GetParameter", R"({"Name":"/other"})").message(),
              "User: arn:aws:iam::123456789012:user/bob is not authorized to perform: ssm:GetParameter on "
              "resource: arn:aws:ssm:us-east-1:123456789012:parameter/other because no identity-based policy "
              "allows the ssm:GetParameter action");
    EXPECT_EQ(user.ssm("PutParameter", R"({"Name":"/new","Value":"x","Type":"String"})").status(), 200);
    EXPECT_EQ(user.ssm("PutParameter", R"({"Name":"/new","Value":"x","Overwrite":true})").code(),
              "AccessDeniedException");
}

TEST_F(ParameterStoreApi, TagsAreKeptOutOfOverwriting) {
    put("/app/key", "one", text + R"(,"Tags":[{"Key":"team","Value":"a"}])");
    const auto tags = [&] {
        return root.ssm("ListTagsForResource", R"({"ResourceType":"Parameter","ResourceId":"/app/key"})")
            .text("/TagList");
    };
    EXPECT_EQ(tags(), R"([{"Key":"team","Value":"a"}])");
    EXPECT_EQ(put("/app/key", "two", again + R"(,"Tags":[{"Key":"team","Value":"b"}])").code(),
              "ValidationException");
    root.ssm("RemoveTagsFromResource",
             R"({"ResourceType":"Parameter","ResourceId":"/app/key","TagKeys":["team"]})");
    EXPECT_EQ(tags(), "[]");
    EXPECT_EQ(root.ssm("DeleteParameter", R"({"Name":"/app/key"})").reply.body, "{}");
    EXPECT_EQ(root.ssm("DeleteParameter", R"({"Name":"/app/key"})").code(), "ParameterNotFound");
}

}  // namespace
}  // namespace keytide::lab
