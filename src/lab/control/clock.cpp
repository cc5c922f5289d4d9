#include <boost/json.hpp>

#include "lab/control/fields.hpp"
#include "lab/control/topics.hpp"

namespace keytide::lab::control {

namespace json = boost::json;

Said show_clock(Rehearsal& rehearsal, Instant real) {
    return json::object{{"now", to_rfc3339(rehearsal.now(real), true)},
                        {"real", to_rfc3339(real, true)},
                        {"speed", rehearsal.clock().speed()}};
}

Said change_clock(Rehearsal& rehearsal, const json::object& told, Instant real) {
    Fields fields(told);
    const auto advance = fields.duration("advance");
    const auto set = fields.text("set");
    const auto speed = fields.number("speed");
    const auto to = set ? parse_rfc3339(*set) : std::nullopt;
    if (set && !to) fields.complain("set is a time like 2026-01-31T12:00:00Z");
    if (int(advance.has_value()) + int(set.has_value()) + int(speed.has_value()) != 1)
        fields.complain("one of advance, set and speed is needed");
    if (auto understood = fields.end(); !understood) return complain(understood.error().message);

    auto clock = rehearsal.clock();
    const auto changed = advance ? clock.advance(*advance, real)
                         : to    ? clock.set(*to, real)
                                 : clock.run_at(*speed, real);
    if (!changed) return complain(changed.error().message);
    if (auto kept = rehearsal.lab().keep_clock(clock.setting()); !kept)
        return std::unexpected(Complaint{500, kept.error().message});
    rehearsal.clock() = clock;
    return show_clock(rehearsal, real);
}

}  // namespace keytide::lab::control
