#include "lab/xml.hpp"

#include <gtest/gtest.h>

#include <pugixml.hpp>
#include <random>

namespace keytide::lab {
namespace {

TEST(Xml, EscapesWhatHasAMeaning) {
    XmlWriter xml;
    EXPECT_EQ(xml.open("A", "urn:a\"b").leaf("B", "<&>\"'\r").close("A").take(),
              "<A xmlns=\"urn:a&quot;b\"><B>&lt;&amp;&gt;&quot;&apos;&#xD;</B></A>");
}

TEST(Xml, ReplacesWhatXmlCannotCarry) {
    std::string out;
    append_escaped(out, std::string_view("a\0b\x1b\xff\xc3\xa9\xed\xa0\x80", 10));
    EXPECT_EQ(out, "a\uFFFDb\uFFFD\uFFFD\u00e9\uFFFD\uFFFD\uFFFD");
}

TEST(Xml, AnyBytesCanBeReadBack) {
    std::mt19937 random(7);
    for (int i = 0; i < 2000; ++i) {
        std::string bytes(random() % 40, '\0');
        for (char& c : bytes) c = char(random());
        XmlWriter xml;
        const auto text = xml.open("A").leaf("B", bytes).leaf("C", "end").close("A").take();
        pugi::xml_document document;
        ASSERT_TRUE(document.load_buffer(text.data(), text.size()));
        ASSERT_STREQ(document.select_node("/A/C").node().text().get(), "end");
    }
}

}  // namespace
}  // namespace keytide::lab
