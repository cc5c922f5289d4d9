#include "vocabulary/instant.hpp"

#include <fmt/compile.h>
#include <fmt/format.h>

#include <array>
#include <cctype>
#include <charconv>
#include <cstdint>

namespace keytide {
namespace {

using namespace std::chrono;

struct Civil {
    int year, month, day, hour, minute, second, millis;
};

Civil civil(Instant t) {
    const auto day_point = floor<days>(t);
    const year_month_day date{day_point};
    const hh_mm_ss time{t - day_point};
    return {int(date.year()),
            int(unsigned(date.month())),
            int(unsigned(date.day())),
            int(time.hours().count()),
            int(time.minutes().count()),
            int(time.seconds().count()),
            int(time.subseconds().count())};
}

std::optional<Instant> from_civil(const Civil& c) {
    const year_month_day date{year{c.year}, month{unsigned(c.month)}, day{unsigned(c.day)}};
    if (!date.ok() || c.hour > 23 || c.minute > 59 || c.second > 60) return std::nullopt;
    return Instant{sys_days{date}} + hours{c.hour} + minutes{c.minute} + seconds{c.second} +
           milliseconds{c.millis};
}

// Reads fixed fields from the front of a text; the first mismatch makes it false for good.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}
    explicit operator bool() const { return good_; }
    bool at_end() const { return good_ && rest_.empty(); }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    int number(std::size_t digits) {
        int value = 0;
        if (rest_.size() < digits) good_ = false;
        for (std::size_t i = 0; good_ && i < digits; ++i) {
            if (std::isdigit(static_cast<unsigned char>(rest_[i])) == 0) good_ = false;
            value = value * 10 + (rest_[i] - '0');
        }
        if (good_) rest_.remove_prefix(digits);
        return value;
    }
    bool take(char c) {
        if (peek() != c) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(std::string_view literal) {
        if (!rest_.starts_with(literal)) good_ = false;
        if (good_) rest_.remove_prefix(literal.size());
    }
    std::string_view word(std::size_t length) {
        if (rest_.size() < length) good_ = false;
        if (!good_) return {};
        const auto result = rest_.substr(0, length);
        rest_.remove_prefix(length);
        return result;
    }

private:
    std::string_view rest_;
    bool good_ = true;
};

constexpr std::array<std::string_view, 12> month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> day_names{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

}  // namespace

std::string to_rfc3339(Instant t, bool always_millis) {
    const auto c = civil(t);
    const auto head = fmt::format(FMT_COMPILE("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}"), c.year, c.month, c.day,
                                  c.hour, c.minute, c.second);
    if (c.millis == 0 && !always_millis) return head + "Z";
    return fmt::format("{}.{:03}Z", head, c.millis);
}

std::optional<Instant> parse_rfc3339(std::string_view text) {
    Reader r(text);
    Civil c{};
    c.year = r.number(4), r.expect("-"), c.month = r.number(2), r.expect("-"), c.day = r.number(2);
    if (!r.take('T') && !r.take('t')) r.expect(" ");
    c.hour = r.number(2), r.expect(":"), c.minute = r.number(2), r.expect(":"), c.second = r.number(2);
    if (r && r.take('.')) {
        int scale = 100;
        do {
            c.millis += r.number(1) * scale;
            scale /= 10;
        } while (r && std::isdigit(static_cast<unsigned char>(r.peek())) != 0);
    }
    if (!r) return std::nullopt;
    auto instant = from_civil(c);
    if (!instant) return std::nullopt;
    if (!r.take('Z') && !r.take('z')) {
        const int sign = r.take('-') ? -1 : 1;
        if (sign == 1) r.expect("+");
        const int offset_hours = r.number(2);
        r.expect(":");
        const int offset_minutes = r.number(2);
        if (offset_hours > 23 || offset_minutes > 59) return std::nullopt;
        *instant -= sign * (hours{offset_hours} + minutes{offset_minutes});
    }
    return r.at_end() ? instant : std::nullopt;
}

std::string to_amz_date(Instant t) {
    const auto c = civil(t);
    return fmt::format(FMT_COMPILE("{:04}{:02}{:02}T{:02}{:02}{:02}Z"), c.year, c.month, c.day, c.hour,
                       c.minute, c.second);
}

std::optional<Instant> parse_amz_date(std::string_view text) {
    Reader r(text);
    Civil c{};
    c.year = r.number(4), c.month = r.number(2), c.day = r.number(2), r.expect("T");
    c.hour = r.number(2), c.minute = r.number(2), c.second = r.number(2), r.expect("Z");
    return r.at_end() ? from_civil(c) : std::nullopt;
}

std::string to_http_date(Instant t) {
    const auto c = civil(t);
    const weekday day{floor<days>(t)};
    return fmt::format(FMT_COMPILE("{}, {:02} {} {:04} {:02}:{:02}:{:02} GMT"), day_names[day.c_encoding()],
                       c.day, month_names[std::size_t(c.month - 1)], c.year, c.hour, c.minute, c.second);
}

std::optional<Instant> parse_http_date(std::string_view text) {
    Reader r(text);
    Civil c{};
    r.word(3), r.expect(", "), c.day = r.number(2), r.expect(" ");
    const auto name = r.word(3);
    r.expect(" "), c.year = r.number(4), r.expect(" ");
    c.hour = r.number(2), r.expect(":"), c.minute = r.number(2), r.expect(":"), c.second = r.number(2);
    r.expect(" GMT");
    for (std::size_t i = 0; i < month_names.size(); ++i)
        if (month_names[i] == name) c.month = int(i) + 1;
    return r.at_end() ? from_civil(c) : std::nullopt;
}

Result<Duration> parse_duration(std::string_view text) {
    const auto bad = [&] {
        return usage_error(fmt::format("'{}' is not a duration", text), "write it as 90s, 15m, 2h, 7d or 0");
    };
    if (text == "0") return Duration{0};
    constexpr auto longest = duration_cast<Duration>(days{3650});
    Duration total{0};
    if (text.empty()) return bad();
    while (!text.empty()) {
        std::int64_t count = 0;
        const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), count);
        if (problem != std::errc{} || count < 0 || count > longest.count()) return bad();
        text.remove_prefix(std::size_t(end - text.data()));
        const auto unit = [&](std::string_view name, Duration one) {
            if (!text.starts_with(name)) return false;
            text.remove_prefix(name.size());
            total += std::min(count, longest.count() / one.count() + 1) * one;
            return true;
        };
        if (!unit("ms", milliseconds{1}) && !unit("s", seconds{1}) && !unit("m", minutes{1}) &&
            !unit("h", hours{1}) && !unit("d", days{1}))
            return bad();
        if (total > longest) return bad();
    }
    return total;
}

std::string to_text(Duration d) {
    if (d.count() == 0) return "0s";
    std::string text;
    const auto part = [&](std::string_view name, Duration one) {
        if (d < one) return;
        text += fmt::format("{}{}", d / one, name);
        d %= one;
    };
    part("d", days{1}), part("h", hours{1}), part("m", minutes{1}), part("s", seconds{1}),
        part("ms", Duration{1});
    return text;
}

}  // namespace keytide
