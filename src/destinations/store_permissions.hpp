// What whoever signs must be allowed at a destination of AWS, for `keytide policy print`.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "destinations/destination_uri.hpp"

namespace keytide::destinations {

struct StorePermissions {
    std::vector<std::string> actions, resources;
};

// Nothing for a destination that AWS does not guard. `region` may be empty: any.
std::optional<StorePermissions> permissions_at(const DestinationUri& uri, std::string_view partition,
                                               std::string_view region);

}  // namespace keytide::destinations
