#include "credentials/file_path.hpp"

#include <gtest/gtest.h>

namespace keytide::credentials {
namespace {

TEST(FilePath, IsExpandedAsPythonDoesIt) {
    const auto env = fixed_environment({{"HOME", "/home/bob"}, {"X", "x"}, {"EMPTY", ""}});
    EXPECT_EQ(expand_path("~/.aws/config", env), "/home/bob/.aws/config");
    EXPECT_EQ(expand_path("~", env), "/home/bob");
    EXPECT_EQ(expand_path("$HOME/${X}y/$X-$EMPTY.", env), "/home/bob/xy/x-.");
    EXPECT_EQ(expand_path("$MISSING/${MISSING}/${X", env), "$MISSING/${MISSING}/${X");
    EXPECT_EQ(expand_path("a~/$", env), "a~/$");
    EXPECT_EQ(expand_path("~root/f", env), "/root/f");
    EXPECT_EQ(expand_path("~no-such-user/f", env), "~no-such-user/f");
}

TEST(FilePath, IsTakenApart) {
    EXPECT_EQ(folder_of("/a/b"), "/a");
    EXPECT_EQ(folder_of("/a"), "/");
    EXPECT_EQ(folder_of("a"), ".");
    EXPECT_EQ(name_of("/a/b"), "b");
    EXPECT_EQ(name_of("b"), "b");
}

}  // namespace
}  // namespace keytide::credentials
