// A bar chart as SVG, to stand in an HTML page: no script, no font, nothing from elsewhere.
// https://www.w3.org/TR/SVG2/
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace keytide::cli {

struct BarChart {
    struct Bar {
        std::string label;  // below it; may be empty
        std::string told;   // by a tool tip, and to screen readers
        std::size_t height;
        bool late = false;
    };
    std::string title, across;  // what the chart shows, and what stands below it
    std::vector<Bar> bars;
    std::optional<std::size_t> line_before;  // a dashed line before that bar
    std::string line_label;
};

std::string to_svg(const BarChart& chart);

// &, <, > and quotes written out.
std::string escaped(std::string_view text);

}  // namespace keytide::cli
