// A person who alone can put the key where it is used: a console of somebody else's service, a safe. The key
// is encrypted to them by age or GPG, and the message lies in the outbox, from where it is sent as one likes.
//
// Nothing can be read back, compared or restored here; the rotation waits until `keytide ack` says that the
// key is in use. A command may send the message, and send it again as a reminder. RECIPIENT is an age or SSH
// public key, or anything that names a key of GPG's keyring. https://age-encryption.org/v1
// https://www.gnupg.org/documentation/manuals/gnupg/
#pragma once

#include <memory>

#include "destinations/destination_uri.hpp"
#include "destinations/open_destination.hpp"

namespace keytide::destinations {

// Of the kind "person"; an error when `remind` is no time. Messages lie in `means.outbox`, a folder that is
// made (0700) with the first one.
Result<std::unique_ptr<ports::Destination>> person_destination(const DestinationUri& uri, const Means& means);

}  // namespace keytide::destinations
