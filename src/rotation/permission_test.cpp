#include "rotation/permission.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

namespace keytide::rotation {
namespace {

TEST(Permission, ThePageAndTheCodeAgree) {
    std::ifstream file(std::string(KEYTIDE_SOURCE) + "/docs/permissions.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    EXPECT_NE(page.find(permissions_table()), std::string::npos)
        << "docs/permissions.md is to hold this table:\n"
        << permissions_table();
}

TEST(Permission, WhatIsNotRequiredBuysAGuaranteeThatHasAName) {
    for (const auto& p : permissions()) {
        const bool required = p.by_user == Need::required || p.by_administrator == Need::required;
        EXPECT_EQ(p.buys.has_value(), !required) << p.action;
        EXPECT_EQ(p.name.empty(), required) << p.action;
        if (p.buys) EXPECT_EQ(permission_for(*p.buys), &p);
    }
    EXPECT_EQ(permission_for(Guarantee::grace), nullptr);
}

}  // namespace
}  // namespace keytide::rotation
