#include "signature/signing_keys.hpp"

#include <algorithm>

namespace keytide::signature {
namespace {

constexpr std::size_t most_kept = 8;

}  // namespace

const SigningKey* SigningKeys::find(const Scope& scope) const {
    if (latest_ && latest_->scope() == scope) return &*latest_;
    const auto found = std::ranges::find(earlier_, scope, &SigningKey::scope);
    return found == earlier_.end() ? nullptr : &*found;
}

void SigningKeys::keep(SigningKey key) {
    if (latest_) {
        if (earlier_.size() + 1 == most_kept) earlier_.erase(earlier_.begin());
        earlier_.push_back(std::move(*latest_));
    }
    latest_ = std::move(key);
}

}  // namespace keytide::signature
