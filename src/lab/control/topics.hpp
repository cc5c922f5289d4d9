// What can be asked and told of the control plane, one file each.
#pragma once

#include <boost/json/fwd.hpp>
#include <expected>
#include <string>

#include "lab/parameters.hpp"
#include "lab/rehearsal.hpp"

namespace keytide::lab::control {

struct Complaint {
    int status;
    std::string sentence;
};
using Said = std::expected<boost::json::value, Complaint>;

inline std::unexpected<Complaint> complain(std::string sentence) {
    return std::unexpected(Complaint{400, std::move(sentence)});
}

Said show_clock(Rehearsal& rehearsal, Instant real);
Said change_clock(Rehearsal& rehearsal, const boost::json::object& told, Instant real);

Said show_faults(Rehearsal& rehearsal);
Said add_faults(Rehearsal& rehearsal, const boost::json::object& told);
Said remove_faults(Rehearsal& rehearsal, const Parameters& query);

Said show_propagation(Rehearsal& rehearsal);
Said change_propagation(Rehearsal& rehearsal, const boost::json::object& told);

Said show_signatures(Rehearsal& rehearsal);
Said change_signatures(Rehearsal& rehearsal, const boost::json::object& told);

Said show_requests(Rehearsal& rehearsal, const Parameters& query);

}  // namespace keytide::lab::control
