// An audit as part of docs/output.schema.json.
#pragma once

#include <boost/json/fwd.hpp>

#include "cli/audited.hpp"

namespace keytide::cli {

boost::json::object to_object(const Audited& audited);

}  // namespace keytide::cli
