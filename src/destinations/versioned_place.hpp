// A place at a service that keeps two named values under a version: what Vault and Kubernetes have in common.
// Read, compare, write with the version that was read; the service refuses a write that comes too late, so
// that nobody's change is overwritten.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "destinations/json_service.hpp"
#include "ports/destination.hpp"

namespace keytide::destinations {

struct Versioned {
    std::optional<AccessKey> key;
    std::string version;  // in the service's own form
    WipedString rest;     // what else a write needs of what was read
};

class VersionedStore {
public:
    virtual ~VersionedStore() = default;
    virtual Told<Versioned> read() = 0;
    // A version that is not the present one any more is Trouble, and nothing was changed.
    virtual Told<void> write(const Versioned& seen, const AccessKey& key) = 0;
    // As read, and where the service can tell, whether a write would be let in.
    virtual Told<void> check_writable() = 0;
};

std::unique_ptr<ports::Destination> versioned_place(std::string uri, std::unique_ptr<VersionedStore> store);

}  // namespace keytide::destinations
