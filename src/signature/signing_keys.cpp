#include "signature/signing_keys.hpp"

#include <algorithm>

namespace keytide::signature {
namespace {

constexpr std::size_t most_kept = 8;

}  // namespace

const SigningKey* SigningKeys::find(const Scope& scope) const {
    const auto found = std::ranges::find(kept_, scope, &SigningKey::scope);
    return found == kept_.end() ? nullptr : &*found;
}

void SigningKeys::keep(SigningKey key) {
    if (kept_.size() == most_kept) kept_.erase(kept_.begin());
    kept_.push_back(std::move(key));
}

}  // namespace keytide::signature
