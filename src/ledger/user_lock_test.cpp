#include "ledger/user_lock.hpp"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <spawn.h>

#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {
namespace {

using testing::HasSubstr;

class UserLockTest : public testing::Test {
protected:
    Folder folder;
    Result<UserLock> lock(std::string_view name, std::string_view user_id,
                          const char* account = "123456789012") {
        return UserLock::acquire(folder.path(), account, name, user_id);
    }
};

TEST_F(UserLockTest, LetsOneWorkOnAUserAtATime) {
    const auto first = lock("bob", "AIDAEXAMPLE");
    ASSERT_TRUE(first) << first.error().message;
    for (const auto& [name, user_id] : {std::pair{"bob", "AIDAEXAMPLE"},
                                        {"bob", ""},
                                        {"BOB", ""},
                                        {"renamed", "AIDAEXAMPLE"},
                                        {"bob", "AIDAANOTHER"}}) {
        const auto second = lock(name, user_id);
        ASSERT_FALSE(second) << name << " " << user_id;
        EXPECT_EQ(second.error().kind, ErrorKind::busy);
        EXPECT_EQ(second.error().message,
                  "another process works on this user (pid " + std::to_string(getpid()) + ")");
    }
    EXPECT_TRUE(lock("alice", "AIDAALICE"));
    EXPECT_TRUE(lock("bob", "AIDAEXAMPLE", "210987654321"));
}

TEST_F(UserLockTest, IsGoneWithItsHolder) {
    { ASSERT_TRUE(lock("bob", "AIDAEXAMPLE")); }
    EXPECT_TRUE(lock("bob", "AIDAEXAMPLE"));
}

TEST_F(UserLockTest, WhoIsTurnedAwayHoldsNothing) {
    const auto by_id = lock("renamed", "AIDAEXAMPLE");
    ASSERT_FALSE(lock("bob", "AIDAEXAMPLE")) << "takes the name first and fails at the UserId";
    EXPECT_TRUE(lock("bob", ""));
}

TEST_F(UserLockTest, EndsWhenItsProcessIsKilled) {
    std::array<int, 2> locked{};
    ASSERT_EQ(pipe(locked.data()), 0);
    const pid_t holder = in_another_process([&] {
        const auto held = lock("bob", "AIDAEXAMPLE");
        if (write(locked[1], held ? "y" : "n", 1) != 1) return false;
        pause();
        return true;
    });
    char answer = 0;
    ASSERT_EQ(read(locked[0], &answer, 1), 1);
    ASSERT_EQ(answer, 'y');
    EXPECT_THAT(lock("bob", "").error().message, HasSubstr("(pid " + std::to_string(holder) + ")"));
    const auto seen = [&](const char* name) { return UserLock::holder(folder.path(), "123456789012", name); };
    EXPECT_EQ(seen("Bob"), holder);
    EXPECT_EQ(seen("alice"), std::nullopt);
    kill(holder, SIGKILL);
    waitpid(holder, nullptr, 0);
    EXPECT_EQ(seen("bob"), std::nullopt);
    EXPECT_TRUE(lock("bob", "AIDAEXAMPLE"));
}

TEST_F(UserLockTest, IsNotInheritedByProgramsThatWeStart) {
    std::array<int, 2> input{}, output{};
    ASSERT_EQ(pipe2(input.data(), O_CLOEXEC), 0);
    ASSERT_EQ(pipe2(output.data(), O_CLOEXEC), 0);
    pid_t child = 0;
    {
        const auto held = lock("bob", "AIDAEXAMPLE");
        ASSERT_TRUE(held);
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, input[0], 0);
        posix_spawn_file_actions_adddup2(&actions, output[1], 1);
        std::string name = "cat";
        std::array<char*, 2> arguments{name.data(), nullptr};
        ASSERT_EQ(posix_spawnp(&child, "cat", &actions, nullptr, arguments.data(), environ), 0);
        posix_spawn_file_actions_destroy(&actions);
        char echo = 0;  // it answers: so it is cat by now, and no copy of us on its way there
        ASSERT_EQ(write(input[1], "x", 1), 1);
        ASSERT_EQ(read(output[0], &echo, 1), 1);
    }
    EXPECT_TRUE(lock("bob", "AIDAEXAMPLE")) << "cat is still running";
    close(input[1]);
    EXPECT_TRUE(ended_well(child));
}

TEST_F(UserLockTest, NamesCannotLeaveTheFolderOrMeet) {
    const auto odd = lock("../../etc/x", "");
    ASSERT_TRUE(odd) << odd.error().message;
    EXPECT_TRUE(lock("..%2f..%2fetc%2fx", "")) << "texts that differ are different locks";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder.path()))
        EXPECT_EQ(mode_of(entry.path()), entry.is_directory() ? 0700u : 0600u);
}

TEST_F(UserLockTest, LocksARotationToo) {
    const auto first = UserLock::acquire(folder.path(), "r-20260131T120000Z-1a2b3c");
    ASSERT_TRUE(first);
    EXPECT_THAT(UserLock::acquire(folder.path(), "r-20260131T120000Z-1a2b3c").error().message,
                HasSubstr("another process works on this rotation"));
    EXPECT_TRUE(UserLock::acquire(folder.path(), "r-20260131T120000Z-ffffff"));
}

}  // namespace
}  // namespace keytide::ledger
