// A person who alone can put the key where it is used: a console of somebody else's service, a safe. The key
// is encrypted to them by age or GPG, and the message lies in the outbox, from where it is sent as one likes.
//
// Nothing can be read back, compared or restored here; the rotation waits until `keytide ack` says that the
// key is in use. RECIPIENT is an age or SSH public key, or anything that names a key of GPG's keyring.
// https://age-encryption.org/v1 https://www.gnupg.org/documentation/manuals/gnupg/
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "ports/destination.hpp"

namespace keytide::destinations {

// `outbox`: a folder, made (0700) with the first message.
std::unique_ptr<ports::Destination> person_destination(std::string uri, std::string recipient,
                                                       std::string outbox, std::function<bool()> interrupted);

}  // namespace keytide::destinations
