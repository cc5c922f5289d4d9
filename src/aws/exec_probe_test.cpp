#include "aws/exec_probe.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace keytide::aws {
namespace {

using namespace std::chrono_literals;

AccessKey example_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            Secret()};
}

class ExecProbeTest : public testing::Test {
protected:
    void SetUp() override { ASSERT_NE(mkdtemp(folder_.data()), nullptr); }
    void TearDown() override { std::filesystem::remove_all(folder_); }
    std::string file(const std::string& name) const { return folder_ + "/" + name; }
    std::string content(const std::string& name) const {
        std::ostringstream text;
        text << std::ifstream(file(name)).rdbuf();
        return text.str();
    }

    std::string folder_ = "/tmp/keytide_exec_probe_XXXXXX";
};

TEST_F(ExecProbeTest, GivesTheCommandThisKeyAndNoOther) {
    setenv("AWS_PROFILE", "another", 1);
    setenv("AWS_SESSION_TOKEN", "of-another", 1);
    ExecProbe probe(
        "printf '%s|' \"$AWS_ACCESS_KEY_ID\" \"$AWS_SECRET_ACCESS_KEY\" \"$AWS_PROFILE\" "
        "\"$AWS_SESSION_TOKEN\" > " +
        file("seen") + "; cat >> " + file("seen"));
    EXPECT_NE(probe.attempt(example_key()).done(), nullptr);
    EXPECT_EQ(content("seen"), "AKIAIOSFODNN7EXAMPLE|wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY|||");
    unsetenv("AWS_PROFILE");
    unsetenv("AWS_SESSION_TOKEN");
    EXPECT_TRUE(probe.name().starts_with("exec:printf"));
}

TEST_F(ExecProbeTest, AnyEndButZeroIsARefusal) {
    const auto refused = ExecProbe("exit 3").attempt(example_key());
    ASSERT_NE(refused.refused(), nullptr);
    EXPECT_EQ(refused.refused()->code, "ExecFailed");
    EXPECT_EQ(refused.refused()->message, "the command ended with status 3");
    EXPECT_EQ(ExecProbe("kill -9 $$").attempt(example_key()).refused()->message,
              "the command was ended by signal 9");
    EXPECT_NE(ExecProbe("/no/such/program 2>/dev/null").attempt(example_key()).refused(), nullptr);
}

// The grandchild holds a pipe open: it is gone when the pipe has ended.
TEST_F(ExecProbeTest, WhatDoesNotEndInTimeIsKilledWithItsChildrenAndLeavesDoubt) {
    ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
    const int pipe = open(file("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    char bytes[16];
    const auto started = [&] { return read(pipe, bytes, sizeof bytes) > 0; };
    ExecProbe probe("(echo started; exec sleep 1000) > " + file("pipe") + " & wait", 600s, started);
    EXPECT_NE(probe.attempt(example_key()).indeterminate(), nullptr);
    fcntl(pipe, F_SETFL, 0);
    EXPECT_EQ(read(pipe, bytes, sizeof bytes), 0);
    close(pipe);

    EXPECT_EQ(ExecProbe("exec sleep 1000", 50ms).attempt(example_key()).indeterminate()->reason,
              "the command did not end in time");
}

TEST_F(ExecProbeTest, WhatTheCommandLeavesBehindEndsWithIt) {
    ASSERT_EQ(mkfifo(file("pipe").c_str(), 0600), 0);
    const int pipe = open(file("pipe").c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    ExecProbe probe("sleep 1000 > " + file("pipe") + " & kill -TERM 0; exit 0");
    EXPECT_NE(probe.attempt(example_key()).refused(), nullptr) << "SIGTERM ends the command, not the watcher";
    ExecProbe leaving("(exec sleep 1000) > " + file("pipe") + " & exit 0");
    EXPECT_NE(leaving.attempt(example_key()).done(), nullptr);
    fcntl(pipe, F_SETFL, 0);
    char byte = 0;
    EXPECT_EQ(read(pipe, &byte, 1), 0);
    close(pipe);
}

// The ledger's lock is a file that stays open: a child that held it would outlive us as its owner.
TEST_F(ExecProbeTest, LetsTheCommandInheritNoFile) {
    const int copy = dup(STDERR_FILENO);  // without close-on-exec
    EXPECT_NE(ExecProbe("test ! -e /proc/self/fd/" + std::to_string(copy)).attempt(example_key()).done(),
              nullptr);
    close(copy);
}

}  // namespace
}  // namespace keytide::aws
