#include "destinations/value_file_destination.hpp"

#include <fstream>
#include <random>

#include "destinations/file_place.hpp"
#include "destinations/json_values.hpp"
#include "destinations/yaml_values.hpp"

namespace keytide::destinations {
namespace {

using MakeText = std::function<std::string(const std::string&, const std::string&)>;

Subject json() {
    const MakeText empty = [](const std::string& id, const std::string& secret) {
        return R"({"services": [{"aws/key": )" + id + R"(, "secret": ")" + secret + R"("}]})";
    };
    return {.name = "Json",
            .scheme = "file",
            .parameters = "?format=json&id=/services/0/aws~1key&secret=/services/0/secret",
            .with_key =
                [](const std::string& id, const std::string& secret) {
                    return "{\r\n\t\"services\" : [ {\"secret\":\"" + secret + "\",  \"aws/key\": \"" + id +
                           "\" }, {\"secret\": \"}]{\\\"\"} ],\r\n\t\"n\": 1.50,\"n2\":null}";
                },
            .without_key = empty("null", ""),
            .half_key = empty("\"" + old_id + "\"", ""),
            .nonsense =
                R"({"services": [{"secret": ")" + old_secret + R"(", "secret": "x", "aws/key": "AKIAX"}]})",
            .filled = [empty](const std::string& id,
                              const std::string& secret) { return empty("\"" + id + "\"", secret); }};
}

Subject yaml() {
    const MakeText empty = [](const std::string& id, const std::string& secret) {
        return "services:\n- id: " + id + "\n  secret: " + secret + "\n";
    };
    return {.name = "Yaml",
            .scheme = "file",
            .parameters = "?format=yaml&id=/services/0/id&secret=/services/0/secret",
            .with_key =
                [](const std::string& id, const std::string& secret) {
                    return "# ours \xC3\xB6\r\nservices:\r\n  - {name: 'it''s', id: " + id + " , secret: \"" +
                           secret +
                           "\"}  # id: x\r\nother: &a [1, 2]\r\nagain: *a\r\ntext: |\r\n  id: no\r\n";
                },
            .without_key = empty("~", "''"),
            .half_key = empty(old_id, ""),
            .nonsense = "services:\n- id: AKIAX\n  secret: " + old_secret + "\n  secret: x\n",
            .filled = [empty](const std::string& id,
                              const std::string& secret) { return empty(id, "'" + secret + "'"); }};
}

Subject ini() {
    const MakeText empty = [](const std::string& id, const std::string& secret) {
        return "[database]\nkey=" + id + "\nsecret=" + secret + "\n[z]\n";
    };
    return {.name = "Ini",
            .scheme = "file",
            .parameters = "?format=ini&id=/database/Key&secret=/database/secret",
            .with_key =
                [](const std::string& id, const std::string& secret) {
                    return "; ours\n[other]\nkey = x\n[database]\nkey=" + id +
                           "\n\n# about it\nsecret : " + secret + "  \nhost = h";
                },
            .without_key = empty("", ""),
            .half_key = empty(old_id, ""),
            .nonsense = "[database]\nkey=AKIAX\nsecret=" + old_secret + "\nsecret=x\n",
            .filled = empty};
}

INSTANTIATE_TEST_SUITE_P(Values, FileDestinationConformance, testing::Values(json(), yaml(), ini()),
                         [](const auto& each) { return each.param.name; });
INSTANTIATE_TEST_SUITE_P(Values, DestinationConformance,
                         testing::Values(habitat_of(json()), habitat_of(yaml()), habitat_of(ini())),
                         [](const auto& each) { return each.param.name; });

std::string refusal(const Result<WipedString>& result) {
    return result ? "(accepted)" : result.error().message;
}

TEST(ValueFile, IsNeverMadeSinceNobodyKnowsWhatElseBelongsThere) {
    const auto text = value_text("/v", ValueFormat::json, "/a", "/b");
    EXPECT_FALSE(text->read(""));
    EXPECT_FALSE(text->write("", new_key()));
    EXPECT_FALSE(value_text("/v", ValueFormat::yaml, "/a", "/b")->read(""));
}

TEST(JsonValue, IsOneTextAndNothingElse) {
    const auto at = [](std::string_view text, std::string_view pointer) {
        return refusal(value_in_json(text, pointer, "/v"));
    };
    EXPECT_EQ(at(R"({"a": 1})", "/a"), "/v, /a: what is there is no text");
    EXPECT_EQ(at(R"({"a": {"b": "x"}})", "/a"), "/v, /a: what is there is no text");
    EXPECT_EQ(at(R"({"a": "x"})", "/a/b"), "/v, /a/b: it leads into a value");
    EXPECT_EQ(at(R"({"b": "x"})", "/a"), "/v, /a: there is no 'a'");
    EXPECT_EQ(at(R"({"a": "x", "\u0061": "y"})", "/a"), "/v, /a: a name there is written with escapes");
    EXPECT_EQ(at(R"({"a": "x", "a": "y"})", "/a"), "/v, /a: 'a' comes twice");
    EXPECT_EQ(at(R"({"a": "x\u0020"})", "/a"), "/v, /a: what is there is written with escapes");
    for (const auto* bad : {"", "{", "{'a': 1}", R"({"a": "x"} x)", R"({"a": "x",})", "// c\n{\"a\": \"x\"}"})
        EXPECT_EQ(at(bad, "/a"), "/v is not JSON") << bad;
    EXPECT_EQ(*value_in_json(R"({"a": "x\/y"})", "/a", "/v"), "x/y") << "as PHP writes it";
    EXPECT_EQ(at(R"({"a": "x"})", "a"), "'a' names no value in a file");
}

TEST(YamlValue, IsRefusedWhereItsPlaceIsNotPlain) {
    const auto put = [](std::string_view text) {
        const auto result = yaml_with_value(text, "/a", "wJalrXUtnFEMIK7MDENG", "/v");
        return result ? std::string(*result) : result.error().message;
    };
    EXPECT_EQ(put("a: x # c\n"), "a: wJalrXUtnFEMIK7MDENG # c\n");
    EXPECT_EQ(put("{a: 'x',b: y}"), "{a: 'wJalrXUtnFEMIK7MDENG',b: y}");
    EXPECT_EQ(put("\"a\" : \"x\\\"y\"\n"), "\"a\" : \"wJalrXUtnFEMIK7MDENG\"\n");
    EXPECT_EQ(put("a:\n  x\n"), "a:\n  wJalrXUtnFEMIK7MDENG\n");
    EXPECT_EQ(put("--- # first\na: x\n...\n"), "--- # first\na: wJalrXUtnFEMIK7MDENG\n...\n");
    for (const auto* bad : {"a: |\n  x\n", "a: >-\n  x\n", "a: &anchor x\nb: *anchor\n", "a: !!str x\n",
                            "b: &b x\na: *b\n", "a: x\n  y\n", "a: 'x\n  y'\n", "a:\n", "a: x y\n",
                            "a: [x]\n", "a: x\n---\na: y\n", "b: x\n", "a: x\na: y\n", "a: 'x\n"})
        EXPECT_TRUE(put(bad).starts_with("/v")) << bad << put(bad);
    EXPECT_TRUE(put("m: &m {a: x}\nn: *m\na: y\n").starts_with("m: &m {a: x}"))
        << "an alias of something else";
    const std::string laughs = "l0: &l0 [x, x, x, x, x, x, x, x, x, x]\n";
    std::string bomb = laughs;
    for (int n = 1; n < 12; ++n) {
        const auto before = "*l" + std::to_string(n - 1);
        bomb += "l" + std::to_string(n) + ": &l" + std::to_string(n) + " [" + before;
        for (int m = 0; m < 9; ++m) bomb += ", " + before;
        bomb += "]\n";
    }
    EXPECT_TRUE(put(bomb + "a: x\n").starts_with("/v")) << "and this test ends";
}

// Python's parsers read before and after, and see nothing change but the value.
TEST(ValueFile, IsTheSameToPythonsParsersButForTheKey) {
    if (std::system("/usr/bin/python3 -c 'import yaml' 2>/dev/null") != 0)
        GTEST_SKIP() << "python3-yaml is not installed, so nothing judges how the files are read";
    const credentials::ScratchFolder folder;
    std::mt19937 random(11);
    const auto one_of = [&](std::vector<std::string> pieces) { return pieces[random() % pieces.size()]; };
    int written = 0;
    for (int n = 0; n < 1500; ++n) {
        const bool is_json = n % 3 == 0;
        std::string text;
        if (is_json) {
            text = one_of({"{", " {\n", "{\"x\": [1, {\"k\": \"no\"}], "}) + one_of({"\"k\":", "\"k\" : "}) +
                   one_of({"\"x\"", "\"\"", "null", "\"a\\\"b\"", "\"\xC3\xB6\""}) +
                   one_of({"}", ", \"y\": \"}\\\\\"}\n", "\n,\"z\":{}}"});
        } else {
            for (auto lines = random() % 3; lines > 0; --lines)
                text += one_of({"# k: x\n", "b: |\n  k: no\n", "c: {k: no, d: [1, 2]}\n",
                                "'e': \"k: no\"\r\n", "f: \xC3\xB6\n", "g:\n- 1\n- k: no\n"});
            text += one_of({"k:", "\"k\":", "k :", "? k\n:"}) + one_of({" ", "   ", "\n  ", "\t"}) +
                    one_of({"x", "'x'", "\"x\"", "AKIAX # c", "~", "''", "'it''s'", "\"a\\\"b\" # c", "a b",
                            "x: y", "[x]", "&a x", "1.5", "yes"}) +
                    one_of({"\n", "\r\n", "", "\n# end", "\nh: 1\n", "\n  more\n"});
        }
        folder.write(std::to_string(n) + ".before", text);
        const std::string value =
            one_of({"wJalrXUtnFEMI/K7MDENG+bPx", "12345678901234567890", "0x1234567890abcdef12",
                    "AKIAIOSFODNN7EXAMPLE", "+abcdefghijklmnopqrstu="});
        const auto after =
            is_json ? json_with_value(text, "/k", value, "/v") : yaml_with_value(text, "/k", value, "/v");
        if (!after) continue;
        ++written;
        folder.write(std::to_string(n) + (is_json ? ".json" : ".yaml"), *after);
        folder.write(std::to_string(n) + ".value", value);
    }
    EXPECT_GT(written, 500);
    folder.write("judge.py", R"(
import json, pathlib, sys, yaml
for after in list(pathlib.Path(sys.argv[1]).glob("*.json")) + list(pathlib.Path(sys.argv[1]).glob("*.yaml")):
    load = json.loads if after.suffix == ".json" else yaml.safe_load
    text = lambda suffix: after.with_suffix(suffix).read_bytes().decode()
    try:
        old = load(text(".before"))
    except yaml.YAMLError:
        continue  # what Python did not read before, it need not read now
    new = load(text(after.suffix))
    want = text(".value")
    if new.get("k") != want or {**old, "k": want} != new:
        print(repr(text(".before")), repr(text(after.suffix)))
)");
    const auto out = folder / "out";
    ASSERT_EQ(std::system(("/usr/bin/python3 '" + (folder / "judge.py") + "' '" + folder.path() + "' > '" +
                           out + "' 2>&1")
                              .c_str()),
              0)
        << credentials::text_at(out);
    EXPECT_EQ(credentials::text_at(out), "");
}

}  // namespace
}  // namespace keytide::destinations
