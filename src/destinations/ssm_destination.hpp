// ssm:/NAME?id=…&secret=…: a key in Parameter Store, as one parameter that is a JSON object, or as two, where
// id and secret begin with a slash and are added to the name. docs/destinations/ssm.md
//
// PutParameter has no compare-and-set. It tells the number of the version that it made: when that is not the
// next after the one that was looked at, what came between is put back.
// https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
#pragma once

#include <memory>

#include "aws/json_protocol.hpp"
#include "destinations/destination_uri.hpp"
#include "ports/destination.hpp"

namespace keytide::destinations {

// An error of kind usage when only one of the two names begins with a slash.
Result<std::unique_ptr<ports::Destination>> ssm_destination(const DestinationUri& uri,
                                                            aws::JsonService store);

}  // namespace keytide::destinations
