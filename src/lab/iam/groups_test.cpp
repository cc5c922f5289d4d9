#include "lab/iam/groups.hpp"

#include <gtest/gtest.h>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

class Groups : public ::testing::Test {
protected:
    void SetUp() override { made = root.iam("CreateGroup", {{"GroupName", "staff"}, {"Path", "/team/"}}); }
    Answer join(std::string_view user, std::string_view group) {
        return root.iam("AddUserToGroup", {{"UserName", user}, {"GroupName", group}});
    }

    Lab lab = example_lab();
    Client root = root_of(lab);
    Answer made;
};

TEST_F(Groups, AreMadeFoundListedAndDeleted) {
    EXPECT_EQ(made.text("/CreateGroupResponse/CreateGroupResult/Group/Arn"),
              "arn:aws:iam::123456789012:group/team/staff");
    EXPECT_TRUE(made.text("//GroupId").starts_with("AGPA"));
    EXPECT_EQ(root.iam("ListGroups").text("//Groups/member/GroupName"), "staff");
    EXPECT_EQ(root.iam("ListGroups", {{"PathPrefix", "/other/"}}).count("//Groups/member"), 0U);
    const auto again = root.iam("CreateGroup", {{"GroupName", "STAFF"}});
    EXPECT_EQ(again.code(), "EntityAlreadyExists");
    EXPECT_EQ(again.message(), "Group with name STAFF already exists.");
    EXPECT_EQ(root.iam("DeleteGroup", {{"GroupName", "staff"}}).status(), 200);
    const auto gone = root.iam("GetGroup", {{"GroupName", "staff"}});
    EXPECT_EQ(gone.status(), 404);
    EXPECT_EQ(gone.message(), "The group with name staff cannot be found.");
}

TEST_F(Groups, GiveTheirPoliciesToTheirMembers) {
    const auto bob = make_user(lab, "bob");
    root.iam("PutGroupPolicy",
             {{"GroupName", "staff"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied");
    EXPECT_EQ(join("bob", "staff").status(), 200);
    EXPECT_EQ(join("bob", "staff").status(), 200) << "as often as one likes";
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    EXPECT_EQ(root.iam("GetGroup", {{"GroupName", "staff"}}).text("//Users/member/UserName"), "bob");
    EXPECT_EQ(root.iam("ListGroupsForUser", {{"UserName", "bob"}}).text("//Groups/member/GroupName"),
              "staff");
    root.iam("RemoveUserFromGroup", {{"UserName", "bob"}, {"GroupName", "staff"}});
    EXPECT_EQ(bob.s3("GET", "/").code(), "AccessDenied");

    join("bob", "staff");
    root.iam("DeleteGroupPolicy", {{"GroupName", "staff"}, {"PolicyName", "p"}});
    root.iam("AttachGroupPolicy",
             {{"GroupName", "staff"}, {"PolicyArn", "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}});
    EXPECT_EQ(bob.s3("GET", "/").status(), 200);
    EXPECT_EQ(bob.s3("PUT", "/bucket").code(), "AccessDenied");
}

TEST_F(Groups, OfMembersOrWithPoliciesStay) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    join("bob", "staff");
    root.iam("PutGroupPolicy",
             {{"GroupName", "staff"}, {"PolicyName", "p"}, {"PolicyDocument", allow_everything}});
    const auto remove = [&] { return root.iam("DeleteGroup", {{"GroupName", "staff"}}); };
    EXPECT_EQ(remove().code(), "DeleteConflict");
    EXPECT_EQ(remove().message(), "Cannot delete entity, must remove users from group first.");
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).message(),
              "Cannot delete entity, must remove users from group first.");
    root.iam("RemoveUserFromGroup", {{"UserName", "bob"}, {"GroupName", "staff"}});
    EXPECT_EQ(remove().message(), "Cannot delete entity, must delete policies first.");
    root.iam("DeleteGroupPolicy", {{"GroupName", "staff"}, {"PolicyName", "p"}});
    EXPECT_EQ(remove().status(), 200);
    EXPECT_EQ(root.iam("DeleteUser", {{"UserName", "bob"}}).status(), 200);
}

TEST_F(Groups, KeepTheirMembersUnderANewName) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    join("bob", "staff");
    EXPECT_EQ(root.iam("UpdateGroup", {{"GroupName", "staff"}, {"NewGroupName", "crew"}, {"NewPath", "/"}})
                  .status(),
              200);
    const auto found = root.iam("GetGroup", {{"GroupName", "crew"}});
    EXPECT_EQ(found.text("//Group/GroupId"), made.text("//GroupId"));
    EXPECT_EQ(found.text("//Group/Arn"), "arn:aws:iam::123456789012:group/crew");
    EXPECT_EQ(found.text("//Users/member/UserName"), "bob");
    root.iam("UpdateUser", {{"UserName", "bob"}, {"NewUserName", "robert"}});
    EXPECT_EQ(root.iam("GetGroup", {{"GroupName", "crew"}}).text("//Users/member/UserName"), "robert");
}

TEST_F(Groups, AUserIsInTenAtMost) {
    root.iam("CreateUser", {{"UserName", "bob"}});
    for (int i = 0; i < 11; ++i) root.iam("CreateGroup", {{"GroupName", "g" + std::to_string(i)}});
    for (int i = 0; i < 10; ++i) EXPECT_EQ(join("bob", "g" + std::to_string(i)).status(), 200);
    EXPECT_EQ(join("bob", "g10").message(), "Cannot exceed quota for GroupsPerUser: 10");
    const auto page = root.iam("ListGroupsForUser", {{"UserName", "bob"}, {"MaxItems", "4"}});
    EXPECT_EQ(page.count("//Groups/member"), 4U);
    EXPECT_EQ(page.text("//IsTruncated"), "true");
}

}  // namespace
}  // namespace keytide::lab
