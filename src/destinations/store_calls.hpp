// What secretsmanager: and ssm: share: calls that are signed by whoever signs just now, and what it means to
// a delivery when they fail.
#pragma once

#include <expected>
#include <optional>
#include <string>
#include <string_view>

#include "aws/json_protocol.hpp"
#include "ports/destination.hpp"

namespace keytide::destinations {

struct StoreTrouble {
    std::string code;       // AWS's; empty: AWS refused nothing
    bool is_known = false;  // nothing was done
    Error error;            // names the place

    ports::DeliverAnswer answer() const {
        if (is_known) return ports::DeliverRefused{error};
        return ports::DeliverUnknown{error};
    }
};

class StoreCalls {
public:
    // `where` names the place in every message; `service` is the first part of its permissions.
    StoreCalls(aws::JsonService store, std::string service, std::string where)
        : store_(std::move(store)), service_(std::move(service)), where_(std::move(where)) {}

    void sign_with(const AccessKey& signer, Instant at) {
        signer_ = signer.clone();
        signed_at_ = at;
    }

    std::expected<aws::JsonDocument, StoreTrouble> read(std::string_view action,
                                                        const aws::JsonMembers& members) const {
        return call(action, members, false);
    }
    std::expected<aws::JsonDocument, StoreTrouble> change(std::string_view action,
                                                          const aws::JsonMembers& members) const {
        return call(action, members, true);
    }

    // Whether that action is allowed, asked with parameters that can change nothing.
    Result<void> check_allowed(std::string_view action, const aws::JsonMembers& harmless) const;

    const std::string& where() const { return where_; }
    bool asks_for_patience() const { return asks_for_patience_; }  // after a failure

private:
    std::expected<aws::JsonDocument, StoreTrouble> call(std::string_view action,
                                                        const aws::JsonMembers& members, bool changing) const;

    aws::JsonService store_;
    std::string service_, where_;
    std::optional<AccessKey> signer_{};
    Instant signed_at_{};
    mutable bool asks_for_patience_ = false;
};

}  // namespace keytide::destinations
