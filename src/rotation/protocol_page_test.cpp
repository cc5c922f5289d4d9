#include "rotation/protocol_page.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

namespace keytide::rotation {
namespace {

TEST(ProtocolPage, SaysWhatTheCodeDoes) {
    const std::string path = std::string(KEYTIDE_SOURCE) + "/docs/protocol.md";
    if (std::getenv("KEYTIDE_REWRITE") != nullptr) std::ofstream(path) << protocol_page();
    std::ifstream file(path);
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_EQ(page, protocol_page()) << "run this test with KEYTIDE_REWRITE=1, and read the difference";
}

}  // namespace
}  // namespace keytide::rotation
