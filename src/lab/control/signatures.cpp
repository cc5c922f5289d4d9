#include <boost/json.hpp>

#include "lab/control/fields.hpp"
#include "lab/control/topics.hpp"

namespace keytide::lab::control {

namespace json = boost::json;

Said show_signatures(Rehearsal& rehearsal) {
    return json::object{{"window", to_text(rehearsal.lab().signature_window())}};
}

Said change_signatures(Rehearsal& rehearsal, const json::object& told) {
    Fields fields(told);
    const auto window = fields.duration("window");
    if (!window || *window < Lab::shortest_window || *window > Lab::longest_window)
        fields.complain("window is a time from 1s to 15m");
    if (auto understood = fields.end(); !understood) return complain(understood.error().message);
    rehearsal.lab().set_signature_window(*window);
    return show_signatures(rehearsal);
}

}  // namespace keytide::lab::control
