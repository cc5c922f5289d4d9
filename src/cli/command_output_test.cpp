#include "cli/command_output.hpp"

#include <gmock/gmock.h>
#include <unistd.h>

namespace keytide::cli {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;

TEST(CommandOutput, WordsArePartedAsAShellPartsThem) {
    EXPECT_THAT(*words_of("pass show keytide"), ElementsAre("pass", "show", "keytide"));
    EXPECT_THAT(*words_of("  pass\t'my keys/a b'  \"it's\" x'y'\"z\" "),
                ElementsAre("pass", "my keys/a b", "it's", "xyz"));
    EXPECT_THAT(*words_of(R"(a\ b "c\"d\e" 'f\g' \' '')"), ElementsAre("a b", R"(c"d\e)", R"(f\g)", "'", ""));
    for (const auto* wrong : {"", "  ", "pass 'x", "pass \"x"}) EXPECT_FALSE(words_of(wrong)) << wrong;
}

TEST(CommandOutput, NothingHasAMeaningToAShell) {
    EXPECT_THAT(
        *words_of("echo $HOME `x` $(y) a*b ; c | d > e & # f"),
        ElementsAre("echo", "$HOME", "`x`", "$(y)", "a*b", ";", "c", "|", "d", ">", "e", "&", "#", "f"));
    EXPECT_EQ(*output_of("echo $HOME; true", seconds{20}), "$HOME; true\n");
}

TEST(CommandOutput, OnlyStandardOutputIsTakenAndThereIsNoInput) {
    EXPECT_EQ(*output_of("sh -c 'echo secret; echo advice >&2; cat'", seconds{20}), "secret\n");
}

TEST(CommandOutput, EveryOtherEndIsAnErrorThatHoldsNoOutput) {
    for (const auto& [command, what] : {std::pair{"sh -c 'echo secret; exit 3'", "ended with status 3"},
                                        {"sh -c 'echo secret; kill -9 $$'", "ended by signal 9"},
                                        {"/no/such/program", "could not be started"},
                                        {"yes", "too much"}}) {
        const auto output = output_of(command, seconds{20});
        ASSERT_FALSE(output) << command;
        EXPECT_EQ(output.error().kind, ErrorKind::usage);
        EXPECT_THAT(output.error().message, HasSubstr(what));
        EXPECT_THAT(output.error().hint, Not(HasSubstr("secret")));
    }
    EXPECT_THAT(output_of("sleep 1000", Duration{50}).error().message, HasSubstr("did not end within"));
    EXPECT_EQ(output_of("sleep 1000", seconds{20}, [] { return true; }).error().kind, ErrorKind::interrupted);
}

// As a program does that leaves an agent behind.
TEST(CommandOutput, WhoeverHoldsTheOutputOpenIsNotWaitedFor) {
    EXPECT_EQ(*output_of("sh -c 'sleep 30 & echo secret'", seconds{1000}), "secret\n");
}

TEST(CommandOutput, NothingThatWeHaveOpenIsHandedOn) {
    const int open_here = dup2(STDERR_FILENO, 7);
    EXPECT_EQ(
        *output_of("sh -c 'test -e /proc/$$/fd/2 && echo error; test -e /proc/$$/fd/7 && echo seven; true'",
                   seconds{20}),
        "error\n");
    close(open_here);
}

}  // namespace
}  // namespace keytide::cli
