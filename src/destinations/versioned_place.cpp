#include "destinations/versioned_place.hpp"

#include <algorithm>

namespace keytide::destinations {
namespace {

using namespace ports;

class VersionedPlace final : public Destination {
public:
    VersionedPlace(std::string uri, std::unique_ptr<VersionedStore> store)
        : uri_(std::move(uri)), store_(std::move(store)) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override {
        return {.readable = true, .restorable = true, .atomic = true};
    }
    Result<std::optional<AccessKey>> read() override {
        auto seen = store_->read();
        if (!seen) return std::unexpected(seen.error().error);
        return std::move(seen->key);
    }
    Result<void> check_writable() override {
        if (auto ok = store_->check_writable(); !ok) return std::unexpected(ok.error().error);
        return {};
    }
    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        const auto seen = store_->read();
        if (!seen) return DeliverRefused{seen.error().error};
        if (seen->key && seen->key->same_as(key)) return DeliverDone{};
        if (seen->key && std::ranges::find(replaceable, seen->key->id) == replaceable.end())
            return DeliverStranger{seen->key->id};
        const auto written = store_->write(*seen, key);
        if (written) return DeliverDone{};
        if (written.error().may_have_happened) return DeliverUnknown{written.error().error};
        return DeliverRefused{written.error().error};
    }

private:
    std::string uri_;
    std::unique_ptr<VersionedStore> store_;
};

}  // namespace

std::unique_ptr<Destination> versioned_place(std::string uri, std::unique_ptr<VersionedStore> store) {
    return std::make_unique<VersionedPlace>(std::move(uri), std::move(store));
}

}  // namespace keytide::destinations
