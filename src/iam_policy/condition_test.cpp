#include "iam_policy/condition.hpp"

#include <gtest/gtest.h>

namespace keytide::iam_policy {
namespace {

// What a request has of the key test:key: nothing, or these values.
using Values = std::optional<std::vector<std::string>>;

bool holds(std::string_view op, const std::vector<std::string>& wanted, const Values& values) {
    const auto condition = Condition::compile(op, "Test:Key", wanted, true);
    EXPECT_TRUE(condition) << op;
    MapContext context;
    if (values) context.set("test:key", *values);
    context.set("aws:username", {"bob"})
        .set("aws:TagKeys", {"one", "two"})
        .set("aws:PrincipalTag/star", {"*"});
    return condition && condition->holds(context);
}

struct Case {
    const char* op;
    std::vector<std::string> wanted;
    Values values;
    bool expected;
};

void check(const std::vector<Case>& cases) {
    for (const auto& [op, wanted, values, expected] : cases)
        EXPECT_EQ(holds(op, wanted, values), expected)
            << op << " " << testing::PrintToString(wanted) << " on " << testing::PrintToString(values);
}

const Values absent;

TEST(Condition, ComparesStrings) {
    check({{"StringEquals", {"a", "b"}, {{"b"}}, true},
           {"StringEquals", {"a", "b"}, {{"B"}}, false},
           {"StringEquals", {"a*"}, {{"ab"}}, false},
           {"StringEqualsIgnoreCase", {"Team"}, {{"tEAM"}}, true},
           {"StringLike", {"home/*"}, {{"home/bob"}}, true},
           {"StringLike", {"home/?"}, {{"home/bob"}}, false},
           {"StringLike", {"Home/*"}, {{"home/bob"}}, false},
           {"StringNotEquals", {"a", "b"}, {{"b"}}, false},
           {"StringNotEquals", {"a", "b"}, {{"c"}}, true},
           {"StringNotEqualsIgnoreCase", {"A"}, {{"a"}}, false},
           {"StringNotLike", {"a*", "b*"}, {{"bb"}}, false},
           {"StringNotLike", {"a*", "b*"}, {{"cb"}}, true}});
}

TEST(Condition, ComparesNumbersAsNumbers) {
    check({{"NumericEquals", {"10"}, {{"10.0"}}, true},
           {"NumericEquals", {"9007199254740993"}, {{"9007199254740992"}}, false},
           {"NumericNotEquals", {"1", "2"}, {{"2"}}, false},
           {"NumericLessThan", {"10"}, {{"9"}}, true},
           {"NumericLessThan", {"10"}, {{"10"}}, false},
           {"NumericLessThanEquals", {"10"}, {{"10"}}, true},
           {"NumericGreaterThan", {"-1"}, {{"0"}}, true},
           {"NumericGreaterThanEquals", {"3600"}, {{"3599.9"}}, false},
           {"NumericEquals", {"10"}, {{"ten"}}, false}});
}

// https://www.w3.org/TR/NOTE-datetime
TEST(Condition, ComparesDatesInEveryFormThatIsWritten) {
    check({{"DateEquals", {"2013-06-30T00:00:00Z"}, {{"2013-06-30"}}, true},
           {"DateEquals", {"1372550400"}, {{"2013-06-30T02:00:00+02:00"}}, true},
           {"DateNotEquals", {"2013"}, {{"2013-01-01"}}, false},
           {"DateLessThan", {"2013-07"}, {{"2013-06-30T23:59:59.999Z"}}, true},
           {"DateLessThanEquals", {"2013-07"}, {{"2013-07-01T00:00Z"}}, true},
           {"DateGreaterThan", {"2013-06-30T00:00:00Z"}, {{"2013-06-30T00:00:00Z"}}, false},
           {"DateGreaterThanEquals", {"2013-06-30T00:00:00Z"}, {{"2013-06-30T00:00:00Z"}}, true},
           {"DateGreaterThan", {"1999"}, {{"yesterday"}}, false}});
}

TEST(Condition, ComparesTruthsAndBinaries) {
    check({{"Bool", {"true"}, {{"True"}}, true},
           {"Bool", {"true"}, {{"false"}}, false},
           {"Bool", {"false"}, {{"no"}}, false},
           {"BinaryEquals", {"QmluYXJ5VmFsdWVJbkJhc2U2NA=="}, {{"QmluYXJ5VmFsdWVJbkJhc2U2NA"}}, true},
           {"BinaryEquals", {"QmluYXJ5"}, {{"qmluyxj5"}}, false}});
}

TEST(Condition, ComparesAddressesWithNetworks) {
    check({{"IpAddress", {"203.0.113.0/24"}, {{"203.0.113.200"}}, true},
           {"IpAddress", {"203.0.113.0/24"}, {{"203.0.114.1"}}, false},
           {"IpAddress", {"203.0.113.7"}, {{"203.0.113.7"}}, true},
           {"IpAddress", {"203.0.113.0/25"}, {{"203.0.113.128"}}, false},
           {"IpAddress", {"0.0.0.0/0"}, {{"8.8.8.8"}}, true},
           {"IpAddress", {"0.0.0.0/0"}, {{"2001:db8::1"}}, false},
           {"IpAddress", {"2001:DB8:1234:5678::/64"}, {{"2001:db8:1234:5678::1"}}, true},
           {"IpAddress", {"2001:DB8:1234:5678::/64"}, {{"2001:db8:1234:5679::1"}}, false},
           {"IpAddress", {"192.0.2.0/24"}, {{"::ffff:192.0.2.9"}}, true},
           {"NotIpAddress", {"192.0.2.0/24", "203.0.113.0/24"}, {{"203.0.113.1"}}, false},
           {"NotIpAddress", {"192.0.2.0/24", "203.0.113.0/24"}, {{"198.51.100.1"}}, true},
           {"IpAddress", {"192.0.2.0/24"}, {{"localhost"}}, false}});
}

// "Each of the six colon-delimited components of the ARN is checked separately and each can include
// multi-character match wildcards (*) or single-character match wildcards (?)."
TEST(Condition, ComparesArnsSegmentBySegment) {
    check({{"ArnEquals",
            {"arn:aws:sns:*:123456789012:Topic?"},
            {{"arn:aws:sns:eu-west-1:123456789012:Topic1"}},
            true},
           {"ArnLike", {"arn:aws:sns:*:Topic"}, {{"arn:aws:sns:eu-west-1:123456789012:Topic"}}, false},
           {"ArnLike", {"arn:*:iam::*:user/${aws:username}"}, {{"arn:aws:iam::123456789012:user/bob"}}, true},
           {"ArnLike", {"arn:aws:iam::*:role/*"}, {{"arn:aws:iam::123456789012:user/role/x"}}, false},
           {"ArnNotLike", {"arn:aws:iam::*:role/*"}, {{"arn:aws:iam::123456789012:role/x"}}, false},
           {"ArnNotEquals", {"arn:aws:iam::*:role/*"}, {{"arn:aws:iam::123456789012:user/x"}}, true},
           {"ArnLike", {"arn:*"}, {{"no arn"}}, false}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition.html: what is not
// there matches no positive operator and every negated one.
TEST(Condition, AKeyThatIsAbsentMatchesNegationsAndIfExists) {
    check({{"StringEquals", {"a"}, absent, false},
           {"StringNotEquals", {"a"}, absent, true},
           {"StringEqualsIfExists", {"a"}, absent, true},
           {"StringEqualsIfExists", {"a"}, {{"b"}}, false},
           {"NumericLessThan", {"5"}, absent, false},
           {"NumericLessThanIfExists", {"5"}, absent, true},
           {"Bool", {"false"}, absent, false},
           {"BoolIfExists", {"false"}, absent, true},
           {"NotIpAddress", {"192.0.2.0/24"}, absent, true},
           {"ArnNotLike", {"arn:aws:iam::*:role/*"}, absent, true},
           {"Null", {"true"}, absent, true},
           {"Null", {"false"}, absent, false},
           {"Null", {"true"}, {{"x"}}, false},
           {"Null", {"false"}, {{"x"}}, true}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
TEST(Condition, QuantifiersSpeakOfTheRequestsValues) {
    check({{"ForAllValues:StringEquals", {"a", "b"}, {{"a", "b"}}, true},
           {"ForAllValues:StringEquals", {"a", "b"}, {{"a", "c"}}, false},
           {"ForAllValues:StringEquals", {"a", "b"}, absent, true},
           {"ForAllValues:StringNotEquals", {"a", "b"}, {{"c", "d"}}, true},
           {"ForAllValues:StringNotEquals", {"a", "b"}, {{"c", "b"}}, false},
           {"ForAnyValue:StringEquals", {"a", "b"}, {{"c", "b"}}, true},
           {"ForAnyValue:StringEquals", {"a", "b"}, {{"c", "d"}}, false},
           {"ForAnyValue:StringEquals", {"a", "b"}, absent, false},
           {"ForAnyValue:StringNotEquals", {"a"}, absent, false},
           {"ForAnyValue:StringEqualsIfExists", {"a"}, absent, true},
           {"ForAnyValue:StringLike", {"pre*"}, {{"x", "prefix"}}, true},
           {"ForAllValues:IpAddress", {"192.0.2.0/24"}, {{"192.0.2.1", "192.0.3.1"}}, false}});
}

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
TEST(Condition, VariablesStandForTheRequestsValues) {
    check({{"StringEquals", {"${aws:username}"}, {{"bob"}}, true},
           {"StringEquals", {"${AWS:UserName}/x"}, {{"bob/x"}}, true},
           {"StringEqualsIgnoreCase", {"${aws:username}"}, {{"BOB"}}, true},
           {"StringLike", {"home/${aws:username}/*"}, {{"home/bob/pictures"}}, true},
           {"StringEquals", {"${aws:PrincipalTag/team, 'company-wide'}"}, {{"company-wide"}}, true},
           {"StringEquals", {"${aws:username, 'company-wide'}"}, {{"company-wide"}}, false},
           {"StringEquals", {"${aws:PrincipalTag/team}"}, {{""}}, false},
           {"StringNotEquals", {"${aws:PrincipalTag/team}"}, {{"x"}}, true},
           {"StringEquals", {"${aws:TagKeys}"}, {{"one"}}, false},  // it has several values
           {"StringLike", {"a${*}b"}, {{"a*b"}}, true},
           {"StringLike", {"a${*}b"}, {{"axb"}}, false},
           {"StringLike", {"${?}${$}"}, {{"?$"}}, true},
           {"StringLike", {"${aws:PrincipalTag/star}"}, {{"anything"}}, false}});
}

TEST(Condition, KnowsNoOtherOperators) {
    for (const char* op : {"", "stringEquals", "StringEqual", "StringEqualsIfExistsIfExists", "NullIfExists",
                           "ForAnyValue:Null", "ForSomeValue:StringEquals", "IfExists",
                           "ForAllValues:ForAnyValue:StringEquals"})
        EXPECT_FALSE(Condition::is_operator(op)) << op;
}

TEST(Condition, ValuesThatCouldNeverBeComparedAreNone) {
    for (const auto& [op, value] :
         {std::pair{"NumericEquals", "ten"}, std::pair{"NumericEquals", "inf"},
          std::pair{"NumericEquals", "0x10"}, std::pair{"NumericEquals", "1 "},
          std::pair{"DateEquals", "2013-02-30"}, std::pair{"DateEquals", "2013-06-30T25:00Z"},
          std::pair{"DateEquals", ""}, std::pair{"Bool", "yes"}, std::pair{"Null", "maybe"},
          std::pair{"IpAddress", "10.0.0.0/33"}, std::pair{"IpAddress", "10.0.0/8"},
          std::pair{"IpAddress", "10.0.0.0/"}, std::pair{"IpAddress", "::/129"},
          std::pair{"BinaryEquals", "not base64!"}})
        EXPECT_FALSE(Condition::compile(op, "test:key", {value}, true)) << op << " " << value;
}

}  // namespace
}  // namespace keytide::iam_policy
