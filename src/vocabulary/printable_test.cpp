#include "vocabulary/printable.hpp"

#include <gtest/gtest.h>

namespace keytide {
namespace {

using namespace std::string_literals;

TEST(Printable, LeavesWordsOfEveryScriptAsTheyAre) {
    for (const auto* text : {"", "plain", "schlüssel", "鍵", "🔑 key", "a\\x1b"}) {
        EXPECT_EQ(printable(text), text);
        EXPECT_EQ(as_utf8(text), text);
    }
}

TEST(Printable, WritesControlCharactersOut) {
    EXPECT_EQ(printable("x\x1b[2J\nkeytide: keys: \r\t"), "x\\x1b[2J\\x0akeytide: keys: \\x0d\\x09");
    EXPECT_EQ(printable("\0\x7f"s), "\\x00\\x7f");
    EXPECT_EQ(printable("\xC2\x80\xC2\x9B\xC2\x9F\xC2\xA0"), "\\x80\\x9b\\x9f\xC2\xA0");
    EXPECT_EQ(as_utf8("a\nb"), "a\nb");
}

TEST(Printable, ReplacesWhatIsNotUtf8ByteByByte) {
    const auto replaced = [](int count) {
        std::string text = "a";
        while (count-- > 0) text += "\xEF\xBF\xBD";
        return text + "z";
    };
    EXPECT_EQ(as_utf8("a\xFFz"), replaced(1));
    EXPECT_EQ(printable("a\x9Bz"), replaced(1));            // C1 as a single byte
    EXPECT_EQ(as_utf8("a\xC0\x8Az"), replaced(2));          // a newline, written too long
    EXPECT_EQ(as_utf8("a\xED\xA0\x80z"), replaced(3));      // a surrogate
    EXPECT_EQ(as_utf8("a\xF4\x90\x80\x80z"), replaced(4));  // beyond U+10FFFF
    EXPECT_EQ(as_utf8("a\xE9\x8Dz"), replaced(2));          // cut short
    EXPECT_EQ(as_utf8("\xE9\x8D"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

}  // namespace
}  // namespace keytide
