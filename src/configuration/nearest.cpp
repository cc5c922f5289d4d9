#include <algorithm>
#include <numeric>
#include <utility>

#include "configuration/configuration.hpp"

namespace keytide::configuration {
namespace {

// Levenshtein's: letters put in, taken out or changed.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        auto diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const auto changed = diagonal + (a[i - 1] != b[j - 1]);
            diagonal = row[j];
            row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& known) {
    constexpr std::size_t longest = 64;  // the time taken is the product of the lengths
    if (word.size() > longest) return std::nullopt;
    std::optional<std::string> best;
    auto least = word.size() / 3 + 2;
    for (const auto& each : known)
        if (const auto d = distance(word, each); each.size() <= longest && d < least) {
            least = d;
            best = each;
        }
    return best;
}

}  // namespace keytide::configuration
