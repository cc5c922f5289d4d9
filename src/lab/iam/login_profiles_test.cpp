#include "lab/iam/login_profiles.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

constexpr const char* first = "First-secret-1";
constexpr const char* second = "Second-secret-2";

class LoginProfiles : public ::testing::Test {
protected:
    Answer create(std::string_view password, std::string_view reset = "false") {
        return root.iam("CreateLoginProfile",
                        {{"UserName", "bob"}, {"Password", password}, {"PasswordResetRequired", reset}});
    }
    Answer change(std::string_view former, std::string_view wanted) {
        return bob.iam("ChangePassword", {{"OldPassword", former}, {"NewPassword", wanted}});
    }
    Answer get() { return root.iam("GetLoginProfile", {{"UserName", "bob"}}); }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Client bob = make_user(lab, "bob", allow_everything);
};

TEST_F(LoginProfiles, AreMadeShownAndDeleted) {
    EXPECT_EQ(get().message(), "Login Profile for User bob cannot be found.");
    const auto made = create(first, "true");
    EXPECT_EQ(made.text("/CreateLoginProfileResponse/CreateLoginProfileResult/LoginProfile/UserName"), "bob");
    EXPECT_EQ(get().text("//PasswordResetRequired"), "true");
    EXPECT_EQ(get().text("//CreateDate"), "2026-01-31T12:00:00Z");
    EXPECT_EQ(create(first).code(), "EntityAlreadyExists");
    EXPECT_EQ(create(first).message(), "Login Profile for user bob already exists.");
    EXPECT_EQ(root.iam("DeleteLoginProfile", {{"UserName", "bob"}}).status(), 200);
    EXPECT_EQ(get().status(), 404);
}

TEST_F(LoginProfiles, WithoutANameAreTheCallersOwn) {
    EXPECT_EQ(bob.iam("CreateLoginProfile", {{"Password", first}}).text("//UserName"), "bob");
    EXPECT_EQ(bob.iam("GetLoginProfile").text("//UserName"), "bob");
    EXPECT_EQ(root.iam("GetLoginProfile").code(), "ValidationError") << "root has none";
    EXPECT_EQ(bob.iam("UpdateLoginProfile", {{"Password", second}}).code(), "ValidationError");
}

TEST_F(LoginProfiles, KeepTheirUserFromBeingDeleted) {
    root.iam("CreateUser", {{"UserName", "eve"}});
    root.iam("CreateLoginProfile", {{"UserName", "eve"}, {"Password", first}});
    const auto refused = root.iam("DeleteUser", {{"UserName", "eve"}});
    EXPECT_EQ(refused.code(), "DeleteConflict");
    EXPECT_EQ(refused.message(), "Cannot delete entity, must delete login profile first.");
    root.iam("DeleteLoginProfile", {{"UserName", "eve"}});
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "eve"}}).status(), 200);
}

TEST_F(LoginProfiles, AreChangedByWhoKnowsThePassword) {
    EXPECT_EQ(change(first, second).code(), "NoSuchEntity");
    create(first, "true");
    EXPECT_EQ(change(second, second).code(), "AccessDenied");
    EXPECT_EQ(change(first, "short").code(), "PasswordPolicyViolation");
    EXPECT_EQ(change(first, second).status(), 200);
    EXPECT_EQ(get().text("//PasswordResetRequired"), "false");
    EXPECT_EQ(change(first, second).code(), "AccessDenied");
    EXPECT_EQ(root.iam("ChangePassword", {{"OldPassword", second}, {"NewPassword", first}}).code(),
              "InvalidUserType");
}

TEST_F(LoginProfiles, AreChangedByAnAdministratorToo) {
    create(first);
    const auto update = [&](Fields fields) { return root.iam("UpdateLoginProfile", fields); };
    EXPECT_EQ(update({{"UserName", "bob"}, {"PasswordResetRequired", "true"}}).status(), 200);
    EXPECT_EQ(get().text("//PasswordResetRequired"), "true");
    EXPECT_EQ(update({{"UserName", "bob"}, {"Password", second}}).status(), 200);
    EXPECT_EQ(get().text("//PasswordResetRequired"), "true") << "what is not given stays";
    EXPECT_EQ(change(first, second).code(), "AccessDenied");
    EXPECT_EQ(change(second, first).status(), 200);
    EXPECT_EQ(update({{"UserName", "bob"}, {"Password", "12345678"}}).code(), "PasswordPolicyViolation");
}

TEST_F(LoginProfiles, OutliveANewNameOfTheirUser) {
    create(first);
    root.iam("UpdateUser", {{"UserName", "bob"}, {"NewUserName", "robert"}});
    EXPECT_EQ(root.iam("GetLoginProfile", {{"UserName", "robert"}}).text("//UserName"), "robert");
    EXPECT_EQ(change(first, second).status(), 200);
}

}  // namespace
}  // namespace keytide::lab
