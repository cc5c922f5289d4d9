// The programs that read environment files are the judges of what was written to one: a POSIX shell,
// systemd's own parser out of its library, python-dotenv.
#include <fstream>
#include <random>

#include "destinations/env_file_destination.hpp"
#include "destinations/file_place.hpp"

namespace keytide::destinations {
namespace {

constexpr auto systemd_judge = R"(
import ctypes, glob, os, sys
library = ctypes.CDLL(glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so")[0])
for path in sys.argv[1:]:
    found = ctypes.POINTER(ctypes.c_char_p)()
    library.load_env_file(None, path.encode(), ctypes.byref(found))
    values, i = {}, 0
    while found and found[i] is not None:
        name, _, value = found[i].decode().partition("=")
        values[name] = value
        i += 1
    print(values.get("AWS_ACCESS_KEY_ID", ""), values.get("AWS_SECRET_ACCESS_KEY", ""))
)";

constexpr auto dotenv_judge = R"(
import logging, sys
from dotenv import dotenv_values
logging.disable()
for path in sys.argv[1:]:
    values = dotenv_values(path, interpolate=True)
    print(values.get("AWS_ACCESS_KEY_ID") or "", values.get("AWS_SECRET_ACCESS_KEY") or "")
)";

constexpr auto shell_judge = R"(
import subprocess, sys
for path in sys.argv[1:]:
    subprocess.run(["sh", "-c", '. "$1" >/dev/null 2>&1; printf "%s %s\n" "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY"', "sh", path],
                   env={"PATH": "/usr/bin:/bin"})
)";

struct Judge {
    std::string name;
    EnvFormat format;
    std::string is_here, program;

    friend std::ostream& operator<<(std::ostream& out, const Judge& j) { return out << j.name; }
};

class EnvParsers : public testing::TestWithParam<Judge> {};

TEST_P(EnvParsers, ReadWhatWeRead) {
    if (std::system((GetParam().is_here + " >/dev/null 2>&1").c_str()) != 0)
        GTEST_SKIP() << GetParam().name << " is not installed, so nothing judges how it reads these files";
    const std::vector<std::string> pieces{"AWS_ACCESS_KEY_ID=" + old_id,
                                          "export AWS_ACCESS_KEY_ID='" + old_id + "'",
                                          "AWS_ACCESS_KEY_ID=\"" + old_id + "\"",
                                          "AWS_SECRET_ACCESS_KEY=" + old_secret,
                                          "AWS_SECRET_ACCESS_KEY=\"" + old_secret + "\"  ",
                                          "  AWS_SECRET_ACCESS_KEY='" + old_secret + "'",
                                          "AWS_SECRET_ACCESS_KEY=",
                                          "A='it",
                                          "is'",
                                          "B=\"x\\\"y\"",
                                          "C=a\\",
                                          "# it's",
                                          "# a comment \\",
                                          "; AWS_ACCESS_KEY_ID=\"",
                                          "",
                                          "D=\"two",
                                          "lines\"",
                                          "E=it's"};
    const credentials::ScratchFolder folder;
    std::mt19937 random(13);
    std::string expected, paths;
    int judged = 0;
    for (int n = 0; judged < 250; ++n) {
        ASSERT_LT(n, 100000);
        std::string text;
        for (auto lines = 2 + random() % 6; lines > 0; --lines)
            text += pieces[random() % pieces.size()] + "\n";
        const auto ours = env_text("/e", GetParam().format);
        const auto written = ours->write(text, new_key());
        if (!written) continue;
        ++judged;
        paths += " " + folder.write(std::to_string(judged), *written);
        expected += new_id + " " + new_secret + "\n";
    }
    folder.write("judge.py", GetParam().program);
    const auto out = folder / "out";
    ASSERT_EQ(std::system(
                  ("/usr/bin/python3 '" + (folder / "judge.py") + "'" + paths + " > '" + out + "'").c_str()),
              0);
    std::istringstream answers(credentials::text_at(out)), wanted(expected);
    std::string answer, want;
    for (int n = 1; std::getline(wanted, want); ++n) {
        std::getline(answers, answer);
        ASSERT_EQ(answer, want) << credentials::text_at(folder / std::to_string(n));
    }
}

INSTANTIATE_TEST_SUITE_P(Formats, EnvParsers,
                         testing::Values(Judge{"Shell", EnvFormat::shell, "command -v sh", shell_judge},
                                         Judge{"Systemd", EnvFormat::systemd,
                                               "ls /usr/lib/*/systemd/libsystemd-shared-*.so", systemd_judge},
                                         Judge{"Dotenv", EnvFormat::dotenv,
                                               "/usr/bin/python3 -c 'import dotenv'", dotenv_judge}),
                         [](const auto& each) { return each.param.name; });

TEST(EnvFile, ALineBehindACommentThatEndsInABackslashIsReadInTwoWays) {
    const auto text = env_text("/e", EnvFormat::systemd);
    const auto refused = text->read("# c \\\nAWS_ACCESS_KEY_ID=x\n");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "/e line 2: whether systemd reads AWS_ACCESS_KEY_ID there depends on its version, since the "
              "comment before it ends in a backslash");
    EXPECT_TRUE(text->read("# c \\\nA=x\n"));
    EXPECT_TRUE(
        env_text("/e", EnvFormat::shell)->read("# c \\\nAWS_ACCESS_KEY_ID=x\nAWS_SECRET_ACCESS_KEY=y\n"));
}

TEST(EnvFile, ALineBehindAQuotationOverSeveralLinesIsReadInTwoWays) {
    const auto text = env_text("/e", EnvFormat::dotenv);
    const auto refused = text->read("A='it\nAWS_ACCESS_KEY_ID=x\nis'\n");
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().message,
              "/e line 1 opens a quotation, and programs differ about where it ends; AWS_ACCESS_KEY_ID comes "
              "after it");
    EXPECT_TRUE(text->read("A='it'\nB=\"x\\\"y\"\nAWS_ACCESS_KEY_ID=\n"));
}

}  // namespace
}  // namespace keytide::destinations
