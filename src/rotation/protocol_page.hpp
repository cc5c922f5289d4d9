// docs/protocol.md, printed from the table that evolve() obeys, so that the page cannot drift from the code.
#pragma once

#include <string>

namespace keytide::rotation {

std::string protocol_page();

}  // namespace keytide::rotation
