#include "iam_policy/operand.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cmath>

#include "iam_policy/lower_case.hpp"

namespace keytide::iam_policy {
namespace {

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// The number of exactly `digits` digits in front of `text`, which are taken away.
std::optional<int> take_digits(std::string_view& text, std::size_t digits) {
    if (text.size() < digits || !std::all_of(text.begin(), text.begin() + digits, is_digit))
        return std::nullopt;
    int value = 0;
    for (const char c : text.substr(0, digits)) value = value * 10 + (c - '0');
    text.remove_prefix(digits);
    return value;
}

bool take(std::string_view& text, char c) {
    if (text.empty() || lower_case(text.front()) != lower_case(c)) return false;
    text.remove_prefix(1);
    return true;
}

// Z, +hh:mm, +hhmm or nothing, which is taken as UTC; in seconds east.
std::optional<int> read_zone(std::string_view text) {
    if (text.empty() || text == "Z" || text == "z") return 0;
    const int sign = text.front() == '-' ? -1 : 1;
    if (!take(text, '+') && !take(text, '-')) return std::nullopt;
    const auto hours = take_digits(text, 2);
    take(text, ':');
    const auto minutes = take_digits(text, 2);
    if (!hours || !minutes || !text.empty() || *hours > 23 || *minutes > 59) return std::nullopt;
    return sign * (*hours * 3600 + *minutes * 60);
}

std::optional<Number> read_time_of_day(std::string_view text) {
    const auto hour = take_digits(text, 2);
    if (!hour || !take(text, ':')) return std::nullopt;
    const auto minute = take_digits(text, 2);
    if (!minute) return std::nullopt;
    std::optional<int> second = 0;
    if (take(text, ':')) second = take_digits(text, 2);
    if (!second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
    Number fraction = 0;
    if (take(text, '.')) {
        if (text.empty() || !is_digit(text.front())) return std::nullopt;
        for (Number scale = 0.1L; !text.empty() && is_digit(text.front()); scale /= 10) {
            fraction += scale * (text.front() - '0');
            text.remove_prefix(1);
        }
    }
    const auto zone = read_zone(text);
    if (!zone) return std::nullopt;
    return Number(*hour * 3600 + *minute * 60 + *second - *zone) + fraction;
}

}  // namespace

std::optional<Number> read_number(std::string_view text) {
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto digit = text.starts_with('-') ? 1U : 0U;
    if (text.size() <= digit || !is_digit(text[digit])) return std::nullopt;  // neither inf nor nan
    Number value = 0;
    const auto* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error != std::errc{} || at != end || !std::isfinite(value)) return std::nullopt;
    return value;
}

std::optional<Date> read_date(std::string_view text) {
    std::string_view rest = text;
    const bool epoch = text.size() != 4 && text.find('-', 1) == std::string_view::npos &&
                       text.find_first_of("Tt") == std::string_view::npos;
    if (epoch) {
        const auto seconds = read_number(text);
        return seconds ? std::optional(Date{*seconds}) : std::nullopt;
    }
    const auto year = take_digits(rest, 4);
    if (!year) return std::nullopt;
    std::optional<int> month = 1;
    std::optional<int> day = 1;
    if (take(rest, '-')) {
        month = take_digits(rest, 2);
        if (month && take(rest, '-')) day = take_digits(rest, 2);
    }
    if (!month || !day) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year(*year), std::chrono::month(unsigned(*month)),
                                           std::chrono::day(unsigned(*day))};
    if (!date.ok()) return std::nullopt;
    Number seconds = Number(std::chrono::sys_days(date).time_since_epoch().count()) * 86400;
    if (take(rest, 'T')) {
        const auto time = read_time_of_day(rest);
        if (!time) return std::nullopt;
        seconds += *time;
    } else if (!rest.empty()) {
        return std::nullopt;
    }
    return Date{seconds};
}

std::optional<Network> read_network(std::string_view text) {
    const auto slash = text.find('/');
    const std::string address(text.substr(0, slash));
    Network network;
    int longest = 128;
    if (in_addr four{}; inet_pton(AF_INET, address.c_str(), &four) == 1) {
        network.address[10] = network.address[11] = 0xff;
        const auto* bytes = reinterpret_cast<const std::uint8_t*>(&four);
        std::copy(bytes, bytes + 4, network.address.begin() + 12);
        longest = 32;
    } else if (inet_pton(AF_INET6, address.c_str(), network.address.data()) != 1) {
        return std::nullopt;
    }
    if (slash == std::string_view::npos) return network;
    const auto length = text.substr(slash + 1);
    int prefix = 0;
    if (length.empty() || length.size() > 3 || !std::all_of(length.begin(), length.end(), is_digit))
        return std::nullopt;
    for (const char c : length) prefix = prefix * 10 + (c - '0');
    if (prefix > longest) return std::nullopt;
    network.prefix = 128 - longest + prefix;
    return network;
}

bool Network::contains(const Network& other) const {
    if (other.prefix < prefix) return false;
    for (int bit = 0; bit < prefix; bit += 8) {
        const auto byte = std::size_t(bit / 8);
        const int rest = prefix - bit;
        const auto mask = rest >= 8 ? 0xff : 0xff & (0xff << (8 - rest));
        if (((address[byte] ^ other.address[byte]) & mask) != 0) return false;
    }
    return true;
}

std::optional<bool> read_truth(std::string_view text) {
    const auto word = lower_case(text);
    if (word == "true") return true;
    if (word == "false") return false;
    return std::nullopt;
}

std::optional<Binary> read_binary(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    const bool digits = std::all_of(text.begin(), text.end(), [](char c) {
        return is_digit(c) || (lower_case(c) >= 'a' && lower_case(c) <= 'z') || c == '+' || c == '/';
    });
    if (!digits) return std::nullopt;
    return Binary{std::string(text)};
}

}  // namespace keytide::iam_policy
