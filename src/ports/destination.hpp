// The door to one place where a key is used: a profile in a credentials file, an environment file, a secret
// store.
//
// deliver() is idempotent and compare-and-set: only a place that is empty or holds one of `replaceable` is
// written, id and secret change as one unit, and nothing else there is touched. The caller reads back.
//
// Not every place allows all of this. What it does not allow is in its capabilities, and the rotation asks
// for consent before anything is made. A place that shows nothing (GitHub's secrets) cannot compare: it is
// written whatever it holds. A place that cannot change both at one moment writes them in an order in which
// no reader takes half of a pair for a whole one, where there is such an order, and repeats what was cut
// short when it is delivered to again.
//
// Every error names the place, and none shows a secret. What a call that got no answer has done is unknown,
// and said so.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <variant>

#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ports {

struct Capabilities {
    bool readable = false;    // read() tells which key is held, and it can be recognised
    bool restorable = false;  // read() tells its secret as well, so that it can be written back
    bool atomic = false;      // id and secret change at one moment
    bool holds_key = true;    // false: its users are told, and there is nothing to read
    bool is_signed = false;   // what is asked of it is signed by whoever signs: sign_with() comes first
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
};  // it may or may not have been written, wholly or in part
using DeliverAnswer = std::variant<DeliverDone, DeliverStranger, DeliverRefused, DeliverUnknown>;

// What whoever was handed a key, and has not said yet that it is in use, is told again.
struct Reminder {
    std::string rotation;
    AccessKeyId key;
    Instant since;  // when it was handed over
};

class Destination {
public:
    virtual ~Destination() = default;

    virtual std::string uri()
        const = 0;  // canonical form, with an absolute path; names the place in every message
    virtual Capabilities capabilities() const = 0;

    // The key held now; nothing when the place exists without one or does not exist yet. Asked only where it
    // is readable.
    virtual Result<std::optional<AccessKey>> read() = 0;

    // How the key reads there once it is delivered: itself, but where something is derived from it.
    virtual AccessKey form_of(const AccessKey& key) const { return key.clone(); }

    // Who signs from now on, and the time that the signatures name. A place that is asked for nothing signed
    // takes no notice.
    virtual void sign_with(const AccessKey& /*signer*/, Instant /*at*/) {}

    // Whether what failed last failed because the signer is not heard of there yet, or because of too many
    // calls: nothing was changed by it, and the same again will work.
    virtual bool asks_for_patience() const { return false; }

    // Whether deliver() would be let in, as far as that can be told without changing anything.
    virtual Result<void> check_writable() = 0;

    virtual DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) = 0;

    // How long after the last time remind() comes next, where somebody is waited for; nothing: nobody can be
    // reminded.
    virtual std::optional<Duration> reminds_every() const { return std::nullopt; }
    virtual Result<void> remind(const Reminder& /*about*/) { return {}; }
};

}  // namespace keytide::ports
