// Stories: plain text files that anyone can read, each with what the real orchestrator made of it.
//
// KEYTIDE_REWRITE=1 writes down what happens now; the difference is to be read before it is believed.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "simulator/stage.hpp"

namespace keytide::simulator {
namespace {

const std::filesystem::path folder = std::string(KEYTIDE_SOURCE) + "/src/simulator/stories";
const std::string what_happened = "\nWhat happened:\n\n";

std::vector<std::string> names() {
    std::vector<std::string> result;
    for (const auto& entry : std::filesystem::directory_iterator(folder))
        if (entry.path().extension() == ".txt") result.push_back(entry.path().stem());
    std::sort(result.begin(), result.end());
    return result;
}

class Story : public testing::TestWithParam<std::string> {};

TEST_P(Story, IsAsItIsTold) {
    const auto path = folder / (GetParam() + ".txt");
    std::ifstream file(path);
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    const auto told = text.substr(0, text.find(what_happened));
    const auto begins = told.find("\ngiven "), instead = told.find("\nwhen "),
               otherwise = told.find("\nthen ");
    const auto lines = std::min({begins, instead, otherwise});
    ASSERT_NE(lines, std::string::npos) << path << " has no line that begins with given, when or then";
    const auto script = parse_script(told.substr(lines + 1));
    ASSERT_TRUE(script) << script.error().message;

    Stage stage(Stage::Telling::aloud);
    const auto played = stage.play(*script);
    ASSERT_TRUE(played) << played.error().message;
    EXPECT_FALSE(stage.violation()) << *stage.violation() << "\n" << stage.transcript();

    const auto now = told.substr(0, lines + 1) + to_text(*script) + what_happened + stage.transcript();
    if (std::getenv("KEYTIDE_REWRITE") != nullptr) {
        std::ofstream(path) << now;
        return;
    }
    EXPECT_EQ(text, now) << "run this test with KEYTIDE_REWRITE=1, and read the difference";
}

INSTANTIATE_TEST_SUITE_P(Stories, Story, testing::ValuesIn(names()),
                         [](const auto& story) { return story.param; });

TEST(Stories, AreTold) {
    EXPECT_GE(names().size(), 50u);
}

}  // namespace
}  // namespace keytide::simulator
