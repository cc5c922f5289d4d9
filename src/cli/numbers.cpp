#include "cli/numbers.hpp"

#include <array>
#include <charconv>

namespace keytide::cli {
namespace {

using rotation::Numbers;

struct Named {
    std::string_view name;
    Duration Numbers::*duration;
};

constexpr auto durations = std::to_array<Named>({
    {"verify_deadline", &Numbers::verify_deadline},
    {"mismatch_deadline", &Numbers::mismatch_deadline},
    {"settle_deadline", &Numbers::settle_deadline},
    {"poll", &Numbers::poll},
    {"in_flight", &Numbers::in_flight},
    {"late_call_window", &Numbers::late_call_window},
    {"evidence_life", &Numbers::evidence_life},
    {"last_use_step", &Numbers::last_use_step},
    {"last_use_lag", &Numbers::last_use_lag},
    {"gate_deadline", &Numbers::gate_deadline},
});

constexpr std::string_view steady = "steady";

std::string all_names() {
    std::string names(steady);
    for (const auto& each : durations) names += ", " + std::string(each.name);
    return names;
}

}  // namespace

Result<void> set_number(Numbers& numbers, std::string_view assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string_view::npos)
        return usage_error("--set " + std::string(assignment) + " is not NAME=VALUE",
                           "the names are: " + all_names());
    const auto name = assignment.substr(0, equals), value = assignment.substr(equals + 1);
    if (name == steady) {
        int count = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), count);
        if (error != std::errc{} || end != value.data() + value.size() || count < 1 || count > 100)
            return usage_error("--set steady takes a number from 1 to 100, not '" + std::string(value) + "'");
        numbers.steady = count;
        return {};
    }
    for (const auto& each : durations) {
        if (each.name != name) continue;
        const auto duration = parse_duration(value);
        if (!duration) return usage_error("--set " + std::string(name) + ": " + duration.error().message);
        numbers.*each.duration = *duration;
        return {};
    }
    return usage_error("--set knows no number named '" + std::string(name) + "'",
                       "the names are: " + all_names());
}

Result<void> check_numbers(const Numbers& n, bool on_loopback) {
    using namespace std::chrono_literals;
    if (n.evidence_life < 1s)
        return usage_error("--set evidence_life takes at least 1s: evidence must live until it is used");
    if (n.spread >= n.verify_deadline || n.spread >= n.settle_deadline)
        return usage_error("--verify-spread " + to_text(n.spread) + " does not fit into verify_deadline (" +
                               to_text(n.verify_deadline) + ") and settle_deadline (" +
                               to_text(n.settle_deadline) + ")",
                           "lengthen them with --set, or shorten it");
    if (!on_loopback && n.late_call_window < 15min)
        return usage_error("--set late_call_window takes at least 15m: AWS takes a signature that long");
    if (n.late_call_window < 1s)
        return usage_error("--set late_call_window takes at least 1s: a call takes time to land");
    return {};
}

}  // namespace keytide::cli
