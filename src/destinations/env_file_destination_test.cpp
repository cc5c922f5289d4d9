#include "destinations/env_file_destination.hpp"

#include <random>

#include "destinations/file_place.hpp"

namespace keytide::destinations {
namespace {

Subject subject(const std::string& name, const std::string& parameters, const std::string& before,
                const std::string& quote) {
    const auto pair =
        before + "AWS_ACCESS_KEY_ID=" + old_id + "\n" + before + "AWS_SECRET_ACCESS_KEY=" + old_secret + "\n";
    const auto with_key = [=](const std::string& id, const std::string& secret) {
        return "# it's mine\n" + before + "AWS_SECRET_ACCESS_KEY=" + quote + secret + quote +
               "\nPATH=/bin:/usr/bin\n" + before + "AWS_ACCESS_KEY_ID=" + id + "\n" + before +
               "AWS_SESSION_TOKEN=\n\nAWS_REGION=x";
    };
    return {name,
            "env-file",
            parameters,
            with_key,
            "# AWS_ACCESS_KEY_ID=in-a-comment\nMY_AWS_ACCESS_KEY_ID=other\n",
            before + "AWS_ACCESS_KEY_ID=" + old_id + "\n",
            pair + before + "AWS_SESSION_TOKEN=token\n",
            pair + pair};
}

INSTANTIATE_TEST_SUITE_P(EnvFiles, FileDestinationConformance,
                         testing::Values(subject("Export", "", "export ", "'"),
                                         subject("Dotenv", "?format=dotenv", "", "\""),
                                         subject("Systemd", "?format=systemd", "", "\"")),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(EnvFiles, KeyFileConformance,
                         testing::Values(subject("Export", "", "export ", "'"),
                                         subject("Dotenv", "?format=dotenv", "", "\""),
                                         subject("Systemd", "?format=systemd", "", "\"")),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(EnvFiles, DestinationConformance,
                         testing::Values(habitat_of(subject("Export", "", "export ", "'")),
                                         habitat_of(subject("Dotenv", "?format=dotenv", "", "\"")),
                                         habitat_of(subject("Systemd", "?format=systemd", "", "\""))),
                         [](const auto& each) { return each.param.name; });

Result<std::optional<AccessKey>> read(std::string_view text, EnvFormat format = EnvFormat::shell) {
    return env_text("/e", format)->read(text);
}

std::string refusal(std::string_view text, EnvFormat format = EnvFormat::shell) {
    const auto key = read(text, format);
    return key ? "(accepted)" : key.error().message;
}

std::string written(std::string_view text, EnvFormat format) {
    const auto result = env_text("/e", format)->write(text, new_key());
    return result ? std::string(*result) : "error: " + result.error().message;
}

TEST(EnvFile, WritesLinesThatAShellCanSource) {
    EXPECT_EQ(written("", EnvFormat::shell),
              "export AWS_ACCESS_KEY_ID=" + new_id + "\nexport AWS_SECRET_ACCESS_KEY=" + new_secret + "\n");
    EXPECT_EQ(written("A=1", EnvFormat::systemd),
              "A=1\nAWS_ACCESS_KEY_ID=" + new_id + "\nAWS_SECRET_ACCESS_KEY=" + new_secret + "\n");
    EXPECT_EQ(written("A=1\r\n", EnvFormat::dotenv),
              "A=1\r\nAWS_ACCESS_KEY_ID=" + new_id + "\r\nAWS_SECRET_ACCESS_KEY=" + new_secret + "\r\n");
}

TEST(EnvFile, FillsLinesThatStandEmpty) {
    EXPECT_EQ(written("AWS_ACCESS_KEY_ID=\nAWS_SECRET_ACCESS_KEY=''\n", EnvFormat::shell),
              "AWS_ACCESS_KEY_ID=" + new_id + "\nAWS_SECRET_ACCESS_KEY='" + new_secret + "'\n");
}

TEST(EnvFile, UnderstandsTheShellsQuoting) {
    for (const std::string secret :
         {"'wJalr'", "\"wJalr\"", "wJ'al'\"r\"", "w\\Jalr", "wJalr # it's a comment"}) {
        const auto key =
            read("  export AWS_ACCESS_KEY_ID=" + old_id + "\nAWS_SECRET_ACCESS_KEY=" + secret +
                 "\nexport AWS_SECRET_ACCESS_KEY\nOTHER=\"$AWS_ACCESS_KEY_ID-${AWS_ACCESS_KEY_ID}\"\n");
        ASSERT_TRUE(key && *key) << secret;
        EXPECT_EQ((*key)->secret.reveal(), "wJalr");
    }
    const auto key = read("CERT='\nAWS_ACCESS_KEY_ID=inside a quotation\n'\nLONG=a\\\nAWS_ACCESS_KEY_ID=b\n");
    EXPECT_FALSE(key) << "the last line may set it or not";
    EXPECT_FALSE(*read("CERT='\nno key in\n'\n"));
}

TEST(EnvFile, RefusesWhatMightSetAKeyAndIsNotUnderstood) {
    for (const std::string line :
         {"AWS_ACCESS_KEY_ID=$(cat id)", "AWS_ACCESS_KEY_ID=$ID", "AWS_ACCESS_KEY_ID=`cat id`",
          "A=1 AWS_ACCESS_KEY_ID=x", "export A=1 AWS_ACCESS_KEY_ID=x", "AWS_ACCESS_KEY_ID=x; B=2",
          ": ${AWS_ACCESS_KEY_ID:=x}", "read AWS_ACCESS_KEY_ID", "unset AWS_ACCESS_KEY_ID",
          "if x; then AWS_ACCESS_KEY_ID=x; fi", "AWS_ACCESS_KEY_ID=\"$ID\"", "AWS_ACCESS_KEY_ID=x\r",
          "AWS_ACCESS_KEY_ID+=x", "AWS_ACCESS_KEY_ID=x y"})
        EXPECT_EQ(refusal("A=1\n" + line + "\n"),
                  "/e line 2 may set AWS_ACCESS_KEY_ID in a way that is not understood")
            << line;
    EXPECT_EQ(refusal("A='it\nB=2\n"), "/e line 1 opens a quotation that does not end");
    EXPECT_EQ(refusal("AWS_ACCESS_KEY_ID=a\nAWS_ACCESS_KEY_ID=b\n"),
              "/e line 2 sets AWS_ACCESS_KEY_ID again, after line 1");
}

TEST(EnvFile, EachFormatHasItsOwnRules) {
    const std::string text = "AWS_ACCESS_KEY_ID=" + old_id + "\r\nAWS_SECRET_ACCESS_KEY=\"wJalr\"\r\n";
    EXPECT_TRUE(read(text, EnvFormat::dotenv) && *read(text, EnvFormat::dotenv));
    EXPECT_TRUE(read(text, EnvFormat::systemd) && *read(text, EnvFormat::systemd));
    EXPECT_NE(refusal("export AWS_ACCESS_KEY_ID=x\n", EnvFormat::systemd), "(accepted)")
        << "systemd knows no export";
    EXPECT_NE(refusal("AWS_ACCESS_KEY_ID=x # c\n", EnvFormat::dotenv), "(accepted)")
        << "docker reads it as the value";
    EXPECT_NE(refusal("AWS_ACCESS_KEY_ID=x # c\n", EnvFormat::systemd), "(accepted)");
    EXPECT_FALSE(*read("; it's AWS_ACCESS_KEY_ID=x\nA=it's\n", EnvFormat::systemd));
    EXPECT_FALSE(*read("A=it's\nB=\"\n", EnvFormat::dotenv));
    EXPECT_TRUE(*read("A=b='c\n" + text + "B='\nC='\n", EnvFormat::systemd))
        << "no quotation opens inside a value";
}

TEST(EnvFile, QuotesWhatNeedsIt) {
    EXPECT_EQ(*quote("a b'c", EnvFormat::shell, ""), R"('a b'\''c')");
    EXPECT_EQ(*quote("a$\"b", EnvFormat::shell, "\"x\""), R"("a\$\"b")");
    EXPECT_EQ(*quote("a b", EnvFormat::systemd, ""), "\"a b\"");
    EXPECT_FALSE(quote("a b", EnvFormat::dotenv, ""));
    EXPECT_FALSE(quote("a\nb", EnvFormat::shell, ""));
}

// Random files of the pieces that make them hard: what is accepted can be changed and changed back.
TEST(EnvFile, ChangedAndChangedBackIsTheSameBytes) {
    const std::vector<std::string> pieces{"AWS_ACCESS_KEY_ID=" + old_id,
                                          "export AWS_ACCESS_KEY_ID='" + old_id + "'",
                                          "AWS_SECRET_ACCESS_KEY=" + old_secret,
                                          "  export AWS_SECRET_ACCESS_KEY=\"" + old_secret + "\" ",
                                          "AWS_SESSION_TOKEN=",
                                          "A='it",
                                          "is'",
                                          "B=\"x\\\"y\"",
                                          "C=a\\",
                                          "# it's",
                                          "; AWS_ACCESS_KEY_ID=\"",
                                          "",
                                          "D=$AWS_ACCESS_KEY_ID # don't",
                                          "export AWS_ACCESS_KEY_ID"};
    std::mt19937 random(7);
    int changed = 0;
    for (int round = 0; round < 30000; ++round) {
        const auto format =
            std::vector{EnvFormat::shell, EnvFormat::dotenv, EnvFormat::systemd}[random() % 3];
        std::string text;
        for (auto n = random() % 8; n > 0; --n) text += pieces[random() % pieces.size()] + "\n";
        if (random() % 2 == 0 && !text.empty()) text.pop_back();
        const auto held = read(text, format);
        if (!held || !*held) continue;
        const auto there = written(text, format);
        ASSERT_TRUE(read(there, format)) << text;
        ASSERT_TRUE((*read(there, format))->same_as(new_key())) << text;
        const auto back = env_text("/e", format)->write(there, old_key());
        ASSERT_TRUE(back) << text;
        ASSERT_EQ(*back, WipedString(text));
        ++changed;
    }
    EXPECT_GT(changed, 500);
}

// The shell itself is the judge.
TEST(EnvFile, AShellReadsWhatWasWritten) {
    const credentials::ScratchFolder folder;
    for (const std::string secret : {"a b'c\"d$e`f\\g", "je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY"}) {
        const auto text = env_text("/e", EnvFormat::shell)
                              ->write("AWS_SECRET_ACCESS_KEY=\"\"\n",
                                      {*AccessKeyId::parse(new_id), Secret(secret), Secret()});
        ASSERT_TRUE(text);
        const auto path = folder.write("env", *text);
        const auto command = ". '" + path + "'; printf %s \"$AWS_ACCESS_KEY_ID $AWS_SECRET_ACCESS_KEY\" > '" +
                             (folder / "out") + "'";
        ASSERT_EQ(std::system(command.c_str()), 0);
        EXPECT_EQ(credentials::text_at(folder / "out"), new_id + " " + secret);
    }
}

}  // namespace
}  // namespace keytide::destinations
