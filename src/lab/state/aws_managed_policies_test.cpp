#include "lab/state/aws_managed_policies.hpp"

#include <gtest/gtest.h>

namespace keytide::lab {
namespace {

// A document that could not be read would end the lab when somebody asks for it.
TEST(AwsManagedPolicies, CanAllBeReadAndSaySomething) {
    AwsManagedPolicies policies;
    const auto all = policies.all();
    EXPECT_EQ(all.size(), 8U);
    for (const auto& [name, policy] : all) {
        EXPECT_FALSE(policy->in_force().document.compiled.statements().empty()) << name;
        EXPECT_EQ(policies.find("arn:aws:iam::aws:policy/" + std::string(name)), policy);
    }
    EXPECT_EQ(policies.find("arn:aws:iam::aws:policy/NoSuchPolicy"), nullptr);
}

}  // namespace
}  // namespace keytide::lab
