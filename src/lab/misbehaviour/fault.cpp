#include "lab/misbehaviour/fault.hpp"

#include <array>

namespace keytide::lab::misbehaviour {

std::string_view name_of(const Fault& fault) {
    constexpr std::array<std::string_view, std::variant_size_v<Fault>> names{
        "refuse", "lose_answer", "close", "reset", "truncate", "html", "delay", "hold", "throttle"};
    return names[fault.index()];
}

bool acts(const Fault& fault) {
    if (const auto* reset = std::get_if<Reset>(&fault)) return reset->acts;
    if (const auto* html = std::get_if<Html>(&fault)) return html->acts;
    return !std::holds_alternative<Refuse>(fault) && !std::holds_alternative<CloseUnheard>(fault) &&
           !std::holds_alternative<Throttle>(fault);
}

}  // namespace keytide::lab::misbehaviour
