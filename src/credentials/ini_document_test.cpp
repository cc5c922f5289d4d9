#include "credentials/ini_document.hpp"

#include <gtest/gtest.h>

#include <random>

namespace keytide::credentials {
namespace {

IniDocument parsed(std::string_view text) {
    auto document = IniDocument::parse(text, "/f");
    if (!document) throw std::runtime_error(document.error().message);
    return std::move(*document);
}

std::string value(const IniDocument& document, std::string_view section, std::string_view key) {
    const auto* s = document.find(section);
    const auto* entry = s == nullptr ? nullptr : s->find(key);
    return entry == nullptr ? "(none)" : std::string(entry->value);
}

std::string refusal(std::string_view text) {
    const auto document = IniDocument::parse(text, "/f");
    return document ? "(accepted)" : document.error().message;
}

std::string text_of(const Result<IniDocument>& document) {
    return document ? std::string(document->text()) : "error: " + document.error().message;
}

TEST(IniDocument, ReadsWhatTheAwsCliReads) {
    const auto d = parsed(
        "# comment\n"
        "[default] ; tolerated\n"
        "AWS_Access_Key_Id=AKIAIOSFODNN7EXAMPLE\n"
        "aws_secret_access_key : wJalr=X # part of the value\n"
        "  ; an indented comment\n"
        "empty =\n"
        "\n"
        "[ spaced ]\n"
        "  region   =   eu-west-1  \n"
        "  output = json\n");
    EXPECT_EQ(value(d, "default", "aws_access_key_id"), "AKIAIOSFODNN7EXAMPLE");
    EXPECT_EQ(value(d, "default", "aws_secret_access_key"), "wJalr=X # part of the value");
    EXPECT_EQ(value(d, "default", "empty"), "");
    EXPECT_EQ(value(d, " spaced ", "region"), "eu-west-1");
    EXPECT_EQ(value(d, " spaced ", "output"), "json");
    EXPECT_EQ(d.find("spaced"), nullptr);
}

TEST(IniDocument, ReadsContinuationLines) {
    const auto d = parsed(
        "[default]\ns3 =\n  endpoint_url = http://a\n  # comment\n\n  max = 3\nlong = one\n two\n\n\nnext = "
        "1\n");
    EXPECT_EQ(value(d, "default", "s3"), "\nendpoint_url = http://a\n\nmax = 3");
    EXPECT_EQ(nested_value(value(d, "default", "s3"), "max"), "3");
    EXPECT_EQ(nested_value(value(d, "default", "s3"), "endpoint_url"), "http://a");
    EXPECT_EQ(nested_value(value(d, "default", "s3"), "other"), std::nullopt);
    EXPECT_EQ(value(d, "default", "long"), "one\ntwo");
    EXPECT_EQ(value(d, "default", "next"), "1");
    EXPECT_FALSE(d.find("default")->find("s3")->one_line);
}

TEST(IniDocument, KnowsEveryLineEndingAndUnicodesWhiteSpace) {
    const auto d = parsed("[a]\r\nx = 1\r\n[b]\ry = 2\u00a0\r\u3000\n[c]\nz = 3");
    EXPECT_EQ(value(d, "a", "x"), "1");
    EXPECT_EQ(value(d, "b", "y"), "2");
    EXPECT_EQ(value(d, "c", "z"), "3");
}

TEST(IniDocument, RefusesWhatTheAwsCliRefusesAndSaysWhere) {
    EXPECT_EQ(refusal("x = 1\n"), "/f line 1 stands before the first section");
    EXPECT_EQ(refusal("[a]\nx = 1\n\n[a]\n"), "/f line 4 starts the section [a] again, after line 1");
    EXPECT_EQ(refusal("[a]\nx = 1\nX = 2\n"), "/f line 3 gives x of [a] again, after line 2");
    EXPECT_EQ(refusal("[a]\naws_secret_access"),
              "/f line 2 is neither a section, a 'key = value' nor a comment");
    EXPECT_EQ(refusal("[a\nx = 1\n"), "/f line 1 stands before the first section");
    EXPECT_EQ(refusal("[a]\n[b\n"), "/f line 2 is neither a section, a 'key = value' nor a comment");
    EXPECT_EQ(refusal("[a]\n = 1\n"), "/f line 2 has no key before the delimiter");
    EXPECT_EQ(refusal("[a]\ns3 =\n  nonsense\n"), "/f line 2 starts a nested s3 with a line that has no '='");
    EXPECT_EQ(refusal("\xef\xbb\xbf[a]\n"),
              "/f starts with a byte order mark, which the AWS CLI does not read");
    EXPECT_EQ(refusal("[a]\n# caf\xe9\n"), "/f line 2 is not UTF-8");
    EXPECT_EQ(refusal(std::string_view("[a]\nx = \0\n", 10)), "/f line 2 holds a NUL byte");
}

TEST(IniDocument, ErrorsNeverShowAValue) {
    const auto message = refusal("[a]\nwJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n");
    EXPECT_EQ(message.find("wJalr"), std::string::npos) << message;
    const auto d = parsed("[a]\nx = 1\n");
    const auto written = d.with_value("a", "x", "wJalr\nEXAMPLE");
    ASSERT_FALSE(written);
    EXPECT_EQ(written.error().message.find("wJalr"), std::string::npos);
}

TEST(IniDocument, ReplacesTheBytesOfOneValueOnly) {
    const auto d = parsed("[a]\r\n  x\t=  old  \r\n# c\r\n[b]\r\nx = old");
    EXPECT_EQ(text_of(d.with_value("a", "x", "new")), "[a]\r\n  x\t=  new  \r\n# c\r\n[b]\r\nx = old");
    EXPECT_EQ(text_of(d.with_value("b", "x", "")), "[a]\r\n  x\t=  old  \r\n# c\r\n[b]\r\nx = ");
    EXPECT_EQ(text_of(parsed("[a]\nx=\n").with_value("a", "x", "new")), "[a]\nx=new\n");
}

TEST(IniDocument, PutsAMissingKeyAtTheEndOfItsSectionInTheFilesOwnStyle) {
    EXPECT_EQ(text_of(parsed("[a]\n  x=1\n\n# about b\n[b]\ny = 2\n").with_value("a", "k", "v")),
              "[a]\n  x=1\n  k=v\n\n# about b\n[b]\ny = 2\n");
    EXPECT_EQ(text_of(parsed("[a]\r\nx = 1").with_value("a", "k", "v")), "[a]\r\nx = 1\r\nk = v");
    EXPECT_EQ(text_of(parsed("[a]").with_value("a", "k", "v")), "[a]\nk = v");
    EXPECT_EQ(text_of(parsed("[a]\ns3 =\n  m = 1\n[b]\n").with_value("a", "k", "v")),
              "[a]\ns3 =\n  m = 1\nk = v\n[b]\n");
}

TEST(IniDocument, AddsASectionAtTheEnd) {
    EXPECT_EQ(text_of(parsed("").with_section("a")), "[a]\n");
    EXPECT_EQ(text_of(parsed("[b]\r\nx = 1").with_section("a")), "[b]\r\nx = 1\r\n\r\n[a]\r\n");
    EXPECT_FALSE(parsed("[b]\n").with_section("b"));
    EXPECT_FALSE(parsed("[b]\n").with_section("a]\n[c"));
    EXPECT_FALSE(parsed("[b]\n").with_section(""));
}

TEST(IniDocument, TakesOutOneLine) {
    EXPECT_EQ(
        text_of(parsed("[a]\nx = 1\naws_session_token = t\ny = 2\n").without_value("a", "aws_session_token")),
        "[a]\nx = 1\ny = 2\n");
    EXPECT_EQ(text_of(parsed("[a]\r\nx = 1\r\ny = 2").without_value("a", "y")), "[a]\r\nx = 1");
}

TEST(IniDocument, RefusesAnEditThatWouldReadOtherwise) {
    const auto d = parsed("[a]\nx = 1\nlong = 1\n  2\n");
    for (const auto* bad : {"a\nb", " a", "a ", "a\rb", "\xff", "\u00a0a"})
        EXPECT_FALSE(d.with_value("a", "x", bad)) << bad;
    EXPECT_FALSE(d.with_value("a", "k=", "v"));
    EXPECT_FALSE(d.with_value("a", "x] ", "v"));
    EXPECT_FALSE(d.with_value("a", "long", "v")) << "would lose a line";
    EXPECT_FALSE(d.without_value("a", "long"));
    EXPECT_FALSE(d.with_value("b", "x", "v")) << "no such section";
}

// Random texts of the pieces that make files hard, edited and edited back.
TEST(IniDocument, EditedAndEditedBackIsTheSameBytes) {
    std::mt19937 random(20260131);
    const auto pick = [&](std::size_t n) { return std::size_t(random() % n); };
    const std::vector<std::string> pieces{"[a]",
                                          "[b]",
                                          "[profile \"c d\"] # x",
                                          "x = 1",
                                          "X2=",
                                          "y : v # w",
                                          "  z=3",
                                          "",
                                          "   ",
                                          "# comment = 1",
                                          "  ; comment",
                                          "\tindented = 4",
                                          "aws_access_key_id = AKIAIOSFODNN7EXAMPLE",
                                          "k\u00e9y = \u00fc\u00a0",
                                          "s3 =",
                                          "    nested = 1"};
    const std::vector<std::string> endings{"\n", "\r\n", "\r"};
    int edits = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        const auto& ending = endings[pick(endings.size())];
        for (auto n = pick(12); n > 0; --n) text += pieces[pick(pieces.size())] + ending;
        if (pick(2) == 0 && !text.empty()) text.resize(text.size() - ending.size());

        const auto d = IniDocument::parse(text, "/f");
        if (!d || d->sections().empty()) continue;
        const auto& section = d->sections()[pick(d->sections().size())];
        for (const auto& entry : section.entries) {
            const auto there = d->with_value(section.name, entry.key, "wJalrXUtnFEMI/K7MDENG");
            if (!entry.one_line) {
                EXPECT_FALSE(there);
                continue;
            }
            ASSERT_TRUE(there) << text;
            const auto back = there->with_value(section.name, entry.key, entry.value);
            ASSERT_EQ(text_of(back), text);
            ++edits;
        }
        const auto added = d->with_value(section.name, "added", "v");
        if (!added) continue;  // refused where it would read otherwise
        ASSERT_EQ(text_of(added->without_value(section.name, "added")), text);
        ++edits;
    }
    EXPECT_GT(edits, 2000);
}

}  // namespace
}  // namespace keytide::credentials
