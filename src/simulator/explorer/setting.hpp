// The kinds of rotation that are explored, each with small numbers: two places, one probe, two successes are
// steady.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "rotation/request.hpp"

namespace keytide::simulator {

enum Permission : std::uint16_t {
    may_create = 1,
    may_delete = 2,
    may_list = 4,
    may_update = 8,
    may_see_last_use = 16,
};

struct Setting {
    std::string name;
    rotation::Request request;
    std::uint16_t allowed = may_create | may_delete;
    Duration propagation{0};  // until a new key is taken
    Duration lifetime{0};     // of credentials that are handed out with what place 1 holds; 0: none are
    Duration beyond_window{
        0};  // AWS takes late calls so much longer than the protocol believes: a planted fault
};

const std::vector<Setting>& settings();

}  // namespace keytide::simulator
