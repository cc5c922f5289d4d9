// The door to one place where a key is used: a profile in a credentials file, an environment file, a secret
// store.
//
// deliver() is idempotent and compare-and-set: only a place that is empty or holds one of `replaceable` is
// written, id and secret change as one unit, and nothing else there is touched. The caller reads back.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ports {

struct Capabilities {
    bool readable = false;    // read() tells what is held
    bool restorable = false;  // what was held can be written back
    bool atomic = false;      // id and secret change at one moment
};

struct DeliverDone {};  // written, or it was there already
struct DeliverStranger {
    AccessKeyId held;
};  // holds a key of somebody else: untouched
struct DeliverRefused {
    Error error;
};  // nothing was changed
struct DeliverUnknown {
    Error error;
};  // it may or may not have been written
using DeliverAnswer = std::variant<DeliverDone, DeliverStranger, DeliverRefused, DeliverUnknown>;

class Destination {
public:
    virtual ~Destination() = default;

    virtual std::string uri()
        const = 0;  // canonical form, with an absolute path; names the place in every message
    virtual Capabilities capabilities() const = 0;

    // The key held now; nothing when the place exists without one or does not exist yet.
    virtual Result<std::optional<AccessKey>> read() = 0;

    // Whether deliver() would be let in, as far as that can be told without changing anything.
    virtual Result<void> check_writable() = 0;

    virtual DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) = 0;
};

}  // namespace keytide::ports
