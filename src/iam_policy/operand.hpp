// The values of a condition, read once as what its operator compares: texts, numbers, dates, networks…
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "iam_policy/pattern.hpp"

namespace keytide::iam_policy {

using Number = long double;  // holds every 64-bit integer exactly

std::optional<Number> read_number(std::string_view text);  // digits, a sign, a fraction, an exponent

// Seconds since 1970. Dates are written as W3C writes ISO 8601 (2013, 2013-06, 2013-06-30,
// 2013-06-30T00:00:00Z, with a fraction, with another zone), or as such a number.
// https://www.w3.org/TR/NOTE-datetime
struct Date {
    Number seconds;
};
std::optional<Date> read_date(std::string_view text);

// An address with the length of its prefix; IPv4 ones lie in ::ffff:0:0/96, so that ::ffff:192.0.2.1 is in
// 192.0.2.0/24.
struct Network {
    std::array<std::uint8_t, 16> address{};
    int prefix = 128;

    bool contains(const Network& other) const;
};
std::optional<Network> read_network(std::string_view text);  // CIDR (RFC 4632), or one address

std::optional<bool> read_truth(std::string_view text);  // true or false, in any case of letters

// Base64 without its padding; nothing: it is not Base64.
struct Binary {
    std::string digits;
};
std::optional<Binary> read_binary(std::string_view text);

using Operand = std::variant<Pattern, Number, Date, Network, bool, Binary>;

}  // namespace keytide::iam_policy
