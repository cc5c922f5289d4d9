// What was handed out, on disk: of each key when the last credentials with it expire. It lies in a folder of
// its own, a file a key, and holds no secret.
//
// Reading the place where the key is and writing the record are one step under a lock: whoever looks at the
// record after a place was written sees all that was handed out of what it held before.
#pragma once

#include <filesystem>
#include <functional>

#include "ports/hand_outs.hpp"

namespace keytide::ledger {

class HandOutRecord final : public ports::HandOuts {
public:
    explicit HandOutRecord(std::filesystem::path folder) : folder_(std::move(folder)) {}

    Result<std::optional<Instant>> latest(const AccessKeyId& key) override;

    // The key that `read` finds; that credentials with it last until then is on disk before it is given.
    Result<AccessKey> hand_out(const std::function<Result<AccessKey>()>& read, Instant until);

private:
    Result<std::optional<Instant>> recorded(const AccessKeyId& key) const;
    std::filesystem::path file_of(const AccessKeyId& key) const;
    std::filesystem::path folder_;
};

}  // namespace keytide::ledger
