// vault:MOUNT/PATH: two values of a secret in the KV engine, version 2, of HashiCorp Vault or OpenBao.
// docs/destinations/vault.md
// https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2
#pragma once

#include <memory>

#include "destinations/open_destination.hpp"

namespace keytide::destinations {

Result<std::unique_ptr<ports::Destination>> vault_destination(const DestinationUri& uri, const Means& means);

}  // namespace keytide::destinations
