#include "cli/bar_chart.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace keytide::cli {
namespace {

constexpr double width = 760, height = 240;
constexpr double left = 44, right = 10, top = 26, below = 46;
constexpr double plot_width = width - left - right, plot_height = height - top - below;

// 1, 2 or 5 times a power of ten, so that there are at most five steps.
std::size_t step_for(std::size_t most) {
    for (std::size_t power = 1;; power *= 10)
        for (const std::size_t n : {1, 2, 5})
            if (n * power * 5 >= most) return n * power;
}

}  // namespace

std::string escaped(std::string_view text) {
    std::string result;
    for (const char c : text) switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\'': result += "&#39;"; break;
            default: result += c;
        }
    return result;
}

std::string to_svg(const BarChart& chart) {
    std::size_t most = 1;
    for (const auto& bar : chart.bars) most = std::max(most, bar.height);
    const auto step = step_for(most);
    const auto full = (most + step - 1) / step * step;
    const auto y_of = [&](std::size_t n) { return top + plot_height * (1 - double(n) / double(full)); };
    const double each = plot_width / double(std::max<std::size_t>(chart.bars.size(), 1));

    auto svg = fmt::format("<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">\n<title>{}</title>\n",
                           width, height, escaped(chart.title), escaped(chart.title));
    for (std::size_t n = 0; n <= full; n += step)
        svg += fmt::format(
            "<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>"
            "<text class=\"side\" x=\"{3}\" y=\"{4:.1f}\">{5}</text>\n",
            left, width - right, y_of(n), left - 6, y_of(n) + 4, n);
    for (std::size_t i = 0; i < chart.bars.size(); ++i) {
        const auto& bar = chart.bars[i];
        const double x = left + each * double(i);
        svg += fmt::format(
            "<rect class=\"{}\" x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" "
            "height=\"{:.1f}\"><title>{}</title></rect>",
            bar.late ? "late" : "bar", x + each * 0.1, y_of(bar.height), each * 0.8,
            top + plot_height - y_of(bar.height), escaped(bar.told));
        if (!bar.label.empty())
            svg += fmt::format("<text class=\"foot\" x=\"{:.1f}\" y=\"{:.1f}\">{}</text>", x + each / 2,
                               top + plot_height + 15, escaped(bar.label));
        svg += '\n';
    }
    if (chart.line_before) {
        const double x = left + each * double(*chart.line_before);
        svg += fmt::format(
            "<line class=\"limit\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>"
            "<text class=\"limit\" x=\"{3:.1f}\" y=\"{4}\">{5}</text>\n",
            x, top - 8, top + plot_height, x + 5, top - 6, escaped(chart.line_label));
    }
    return svg + fmt::format("<text class=\"across\" x=\"{}\" y=\"{}\">{}</text>\n</svg>\n",
                             left + plot_width / 2, height - 10, escaped(chart.across));
}

}  // namespace keytide::cli
