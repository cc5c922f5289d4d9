#include "cli/rotations_chart.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cli/bar_chart.hpp"
#include "cli/words.hpp"

namespace keytide::cli {

using rotation::Rotation;

namespace {

constexpr std::size_t most_rows = 40;
constexpr double width = 760, row = 20, left = 150, right = 20, top = 10, below = 30;

std::string day(Instant at) {
    return to_rfc3339(at).substr(0, 10);
}

}  // namespace

std::string rotations_chart(const std::vector<Rotation>& rotations, Instant from, Instant to) {
    std::vector<const Rotation*> shown;
    for (const auto& r : rotations)
        if (r.changed >= from && r.started <= to) shown.push_back(&r);
    if (shown.empty()) return {};
    std::ranges::sort(shown, [](const auto* a, const auto* b) { return a->started > b->started; });
    shown.resize(std::min(shown.size(), most_rows));

    const auto x_of = [&](Instant at) {
        const double part = double((std::clamp(at, from, to) - from).count()) / double((to - from).count());
        return left + part * (width - left - right);
    };
    const double bottom = top + row * double(shown.size());
    auto svg =
        fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"Rotations from {} to {}\">\n",
                    width, bottom + below, day(from), day(to));
    for (std::size_t i = 0; i < shown.size(); ++i) {
        const auto& r = *shown[i];
        const double y = top + row * double(i);
        const double begins = x_of(r.started), ends = std::max(x_of(r.changed), begins + 4);
        svg += fmt::format(
            "<text class=\"side\" x=\"{}\" y=\"{:.1f}\">{}</text><rect class=\"{}\" x=\"{:.1f}\" "
            "y=\"{:.1f}\" "
            "width=\"{:.1f}\" height=\"{}\"><title>{}</title></rect>\n",
            left - 8, y + row * 0.65, escaped(r.request.user_name.substr(0, 22)),
            r.end == rotation::End::completed ? "bar" : "late", begins, y + row * 0.2, ends - begins,
            row * 0.6,
            escaped(fmt::format("{} {}: {}, {} to {}", r.id, r.request.user_name, standing(r),
                                to_rfc3339(r.started), to_rfc3339(r.changed))));
    }
    return svg + fmt::format(
                     "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2}\" y2=\"{2}\"/>"
                     "<text class=\"foot\" x=\"{0}\" y=\"{3}\">{4}</text>"
                     "<text class=\"side\" x=\"{1}\" y=\"{3}\">{5}</text>\n</svg>\n",
                     left, width - right, bottom + 4, bottom + 20, day(from), day(to));
}

}  // namespace keytide::cli
