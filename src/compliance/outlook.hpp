// How old an account's active keys are, and when each reaches the limit: what is to be rotated, and when.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "compliance/account.hpp"

namespace keytide::compliance {

struct Outlook {
    struct Ages {
        int from, to;  // days; `to` is not among them, and in the last one has no meaning
        std::size_t keys;
    };
    struct Week {
        Instant begins;                  // seven days each, the first begins now
        std::vector<std::string> users;  // one for each key that falls due in it
    };
    std::vector<Ages> ages;   // ten days each, and the last of all that are older
    std::vector<Week> weeks;  // as many as the limit has, and a part of one
    std::size_t overdue = 0, keys = 0;
};

Outlook outlook(const Account& account, Duration limit, Instant now);

}  // namespace keytide::compliance
