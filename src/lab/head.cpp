#include "lab/head.hpp"

#include <algorithm>

#include "signature/sigv4.hpp"

namespace keytide::lab {

namespace {

std::string_view value_of(std::string_view line) {
    auto value = line.substr(std::min(line.size(), line.find(':') + 1));
    value.remove_prefix(std::min(value.size(), value.find_first_not_of(" \t")));
    return value.substr(0, value.find_last_not_of(" \t") + 1);
}

}  // namespace

bool is_unambiguous(std::string_view head) {
    int lengths = 0, encodings = 0, hosts = 0;
    for (bool first = true; !head.empty(); first = false) {
        const auto end = head.find('\n');
        if (end == std::string_view::npos || end == 0 || head[end - 1] != '\r') return false;
        const auto line = head.substr(0, end - 1);
        head.remove_prefix(end + 1);
        if (line.find('\r') != std::string_view::npos || line.find('\0') != std::string_view::npos)
            return false;
        if (first || line.empty()) continue;
        const auto name = line.substr(0, line.find(':'));
        if (name.find_first_of(" \t") != std::string_view::npos) return false;
        if (signature::same_header_name(name, "content-length")) {
            ++lengths;
            if (value_of(line).find_first_not_of("0123456789") != std::string_view::npos) return false;
        }
        if (signature::same_header_name(name, "transfer-encoding")) {
            ++encodings;
            if (!signature::same_header_name(value_of(line), "chunked")) return false;
        }
        hosts += signature::same_header_name(name, "host");
    }
    return lengths + encodings <= 1 && hosts <= 1;
}

}  // namespace keytide::lab
