// secretsmanager:NAME?id=…&secret=…: a key in a JSON object that is the value of a secret.
// docs/destinations/secretsmanager.md
//
// As AWS's own rotation does it: the new value is put as AWSPENDING, read back, and becomes AWSCURRENT by one
// call that names the version which it replaces. That call is the compare-and-set.
// https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotate-secrets_lambda-functions.html
#pragma once

#include <memory>

#include "aws/json_protocol.hpp"
#include "destinations/destination_uri.hpp"
#include "ports/destination.hpp"

namespace keytide::destinations {

std::unique_ptr<ports::Destination> secretsmanager_destination(const DestinationUri& uri,
                                                               aws::JsonService store);

}  // namespace keytide::destinations
