// kubernetes:NAMESPACE/NAME: two values of a Secret.
// docs/destinations/kubernetes.md
// https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/
#pragma once

#include <memory>

#include "destinations/open_destination.hpp"

namespace keytide::destinations {

Result<std::unique_ptr<ports::Destination>> kubernetes_destination(const DestinationUri& uri,
                                                                   const Means& means);

}  // namespace keytide::destinations
