// Python's configparser is the judge: what it reads we read, and what it refuses we refuse, on random files.
// (botocore uses nothing else; its two additions, nested values and profile names, are spelled out below.)

#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "credentials/profile_section.hpp"
#include "credentials/scratch_folder.hpp"

namespace keytide::credentials {
namespace {

constexpr const char* judge = R"(
import configparser, shlex, sys
for n in range(int(sys.argv[2])):
    parser = configparser.RawConfigParser(default_section=None)
    answer = ''
    try:
        parser.read([f'{sys.argv[1]}/{n}'], encoding='utf-8')
        for section in parser.sections():
            profile = '-'
            if section == 'default':
                profile = section.encode().hex()
            elif section.startswith('profile'):
                try:
                    words = shlex.split(section)
                except ValueError:
                    words = []
                if len(words) == 2:
                    profile = words[1].encode().hex()
            answer += f' [{section.encode().hex()}|{profile}'
            for key in parser.options(section):
                value = parser.get(section, key)
                if value.startswith('\n'):
                    for line in value.splitlines():
                        if line.strip():
                            _, _ = line.split('=', 1)
                answer += f' {key.encode().hex()}={value.encode().hex()}'
    except (configparser.Error, ValueError):
        answer = ' refused'
    print(f'{n}{answer}')
)";

std::string hex(std::string_view text) {
    std::string result;
    for (const unsigned char c : text)
        result += "0123456789abcdef"[c >> 4], result += "0123456789abcdef"[c & 15];
    return result;
}

std::string our_answer(const std::string& text) {
    const auto document = IniDocument::parse(text, "/f");
    if (!document) return " refused";
    std::string answer;
    for (const auto& section : document->sections()) {
        const auto profile = profile_name(FileKind::config, section.name);
        answer += " [" + hex(section.name) + "|" + (profile ? hex(*profile) : "-");
        for (const auto& entry : section.entries) answer += " " + hex(entry.key) + "=" + hex(entry.value);
    }
    return answer;
}

std::string random_text(std::mt19937& random) {
    static const std::vector<std::string> pieces{"[a]",
                                                 "[b]",
                                                 "[ a ]",
                                                 "[profile \"c d\"]",
                                                 "[profile 'x' ]",
                                                 "[profile \"x]",
                                                 "[profile a] # c]",
                                                 "[]",
                                                 "[a",
                                                 "]",
                                                 "x = 1",
                                                 "X=2",
                                                 "y : v # w",
                                                 "  z=3",
                                                 "",
                                                 "",
                                                 " ",
                                                 "\t",
                                                 "# c",
                                                 "  ; c",
                                                 "   continued",
                                                 "k\u00e9y = \u00fc\u00a0",
                                                 "\u3000x",
                                                 "\u2003q=1\u2028",
                                                 "s3 =",
                                                 "    nested = 1",
                                                 "=",
                                                 "a=",
                                                 "b =  c = d",
                                                 "\x0bv=1",
                                                 "aws_access_key_id=AKIAIOSFODNN7EXAMPLE",
                                                 "no delimiter",
                                                 "q:",
                                                 "\ufeff",
                                                 "a\u0085=b",
                                                 "[profile\\ x y]",
                                                 "[profile a b]",
                                                 "[default]",
                                                 "[profile a\\]"};
    static const std::vector<std::string> endings{"\n", "\n", "\n", "\r\n", "\r"};
    std::string text = random() % 3 != 0 ? "[s]\n" : "";
    for (auto n = random() % 9; n > 0; --n)
        text += pieces[random() % pieces.size()] + endings[random() % endings.size()];
    if (random() % 3 == 0) text = text.substr(0, text.find_last_not_of("\r\n") + 1);
    return text;
}

TEST(IniDocument, AgreesWithPythonsConfigparser) {
    if (std::system("command -v python3 >/dev/null") != 0)
        GTEST_SKIP() << "python3 is not installed, so nothing judges how the files are read";
    const ScratchFolder folder;
    std::mt19937 random(42);
    constexpr int count = 2000;
    std::vector<std::string> texts;
    for (int n = 0; n < count; ++n) {
        texts.push_back(random_text(random));
        folder.write(std::to_string(n), texts.back());
    }
    folder.write("judge.py", judge);
    const auto answers = folder / "answers";
    ASSERT_EQ(std::system(("python3 '" + (folder / "judge.py") + "' '" + folder.path() + "' " +
                           std::to_string(count) + " > '" + answers + "'")
                              .c_str()),
              0);
    std::ifstream lines(answers);
    std::string line;
    int accepted = 0;
    for (int n = 0; n < count; ++n) {
        ASSERT_TRUE(std::getline(lines, line));
        const auto ours = our_answer(texts[std::size_t(n)]);
        ASSERT_EQ(std::to_string(n) + ours, line) << texts[std::size_t(n)];
        accepted += ours != " refused";
    }
    EXPECT_GT(accepted, count / 4);
}

}  // namespace
}  // namespace keytide::credentials
