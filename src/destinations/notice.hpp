// Those who use the key are told that a new one was delivered: a command, a signal to the process of a pid
// file, a reload of a unit of systemd, a call over HTTP.
//
// To the protocol it is one more destination, the last one: it is repeated when it fails, waits for a person
// when it goes on failing, is told again on the way back, and only after it was answered does the time begin
// that ends with the old key's. It holds no key and is given no secret; it learns the id of the key that is
// in use from now on. It may be told more than once.
#pragma once

#include <memory>

#include "destinations/destination_uri.hpp"
#include "destinations/open_destination.hpp"

namespace keytide::destinations {

// For the kinds of `kinds()` that tell.
Result<std::unique_ptr<ports::Destination>> notice(const DestinationUri& uri, const Means& means);

}  // namespace keytide::destinations
