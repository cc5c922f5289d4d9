#include "lab/head.hpp"

#include <gtest/gtest.h>

#include <string>

namespace keytide::lab {
namespace {

constexpr const char* line = "POST / HTTP/1.1\r\n";

bool unambiguous(std::string_view fields) {
    return is_unambiguous(line + std::string(fields) + "\r\n");
}

TEST(Head, IsPlainMostOfTheTime) {
    EXPECT_TRUE(unambiguous(""));
    EXPECT_TRUE(unambiguous("Host: a\r\nContent-Length: 3\r\nX: a\r\nX: b\r\n"));
    EXPECT_TRUE(unambiguous("Transfer-Encoding: chunked\r\n"));
    EXPECT_TRUE(unambiguous("X:  \t spaced : value\t \r\nEmpty:\r\n"));
}

TEST(Head, HasOneLengthAndOneHost) {
    EXPECT_FALSE(unambiguous("Content-Length: 3\r\nContent-Length: 3\r\n"));
    EXPECT_FALSE(unambiguous("Content-Length: 3\r\ncontent-LENGTH: 4\r\n"));
    EXPECT_FALSE(unambiguous("Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"));
    EXPECT_FALSE(unambiguous("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"));
    EXPECT_FALSE(unambiguous("Host: a\r\nHost: b\r\n"));
    EXPECT_TRUE(unambiguous("Content-Length: \t 3 \t\r\n"));
    for (const char* length : {"5, 5", "+5", "-5", "0x5", "5 5"})
        EXPECT_FALSE(unambiguous("Content-Length: " + std::string(length) + "\r\n")) << length;
    EXPECT_TRUE(unambiguous("transfer-encoding: CHUNKED\r\n"));
    for (const char* encoding : {"identity", "xchunked", "chunked, chunked", "gzip, chunked", ""})
        EXPECT_FALSE(unambiguous("Transfer-Encoding: " + std::string(encoding) + "\r\n")) << encoding;
}

TEST(Head, HasLinesThatEndInOneWay) {
    EXPECT_FALSE(unambiguous("X: a\nContent-Length: 3\r\n"));
    EXPECT_FALSE(unambiguous("X: a\rContent-Length: 3\r\n"));
    EXPECT_FALSE(unambiguous("X: a\r\r\n"));
    EXPECT_FALSE(unambiguous(std::string_view("X: a\0b\r\n", 8)));
    EXPECT_FALSE(unambiguous("X: a\r\n folded: b\r\n"));
    EXPECT_FALSE(unambiguous("X: a\r\n\tfolded: b\r\n"));
    EXPECT_FALSE(unambiguous("Content-Length : 3\r\n"));
    EXPECT_FALSE(is_unambiguous("POST / HTTP/1.1\r\nX: cut off"));
}

}  // namespace
}  // namespace keytide::lab
