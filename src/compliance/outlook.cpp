#include "compliance/outlook.hpp"

#include <algorithm>

namespace keytide::compliance {
namespace {

constexpr Duration day = std::chrono::hours{24};
constexpr int days_in_bin = 10;

}  // namespace

Outlook outlook(const Account& account, Duration limit, Instant now) {
    Outlook result;
    const auto limit_bins = std::size_t((limit + day * days_in_bin - Duration{1}) / (day * days_in_bin));
    for (std::size_t i = 0; i <= limit_bins * 2; ++i)
        result.ages.push_back({int(i) * days_in_bin, int(i + 1) * days_in_bin, 0});
    const auto weeks = (limit + day * 7 - Duration{1}) / (day * 7);
    for (Duration::rep i = 0; i < weeks; ++i) result.weeks.push_back({now + day * 7 * i, {}});

    for (const auto& user : account.users)
        for (const auto& key : user.keys) {
            if (!key.is_active() || !key.created) continue;
            ++result.keys;
            const auto age = std::max(now - *key.created, Duration{0});
            const auto bin = std::size_t(age / (day * days_in_bin));
            ++result.ages[std::min(bin, result.ages.size() - 1)].keys;
            const auto left = limit - age;
            if (left < Duration{0})
                ++result.overdue;
            else
                result.weeks[std::min(std::size_t(left / (day * 7)), result.weeks.size() - 1)]
                    .users.push_back(user.name);
        }
    return result;
}

}  // namespace keytide::compliance
