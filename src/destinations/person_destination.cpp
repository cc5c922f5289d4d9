#include "destinations/person_destination.hpp"

#include <fmt/format.h>

#include "credentials/atomic_file.hpp"
#include "destinations/encryption.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

class PersonDestination final : public Destination {
public:
    PersonDestination(std::string uri, std::string recipient, std::string outbox,
                      std::function<bool()> interrupted)
        : uri_(std::move(uri)),
          recipient_(std::move(recipient)),
          outbox_(std::move(outbox)),
          interrupted_(std::move(interrupted)) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override {
        return {.readable = false, .restorable = false, .atomic = true};
    }
    Result<std::optional<AccessKey>> read() override { return std::nullopt; }

    // A message without a key shows whether they can be written to.
    Result<void> check_writable() override {
        const auto message = encrypted("", recipient_, interrupted_);
        if (!message) return std::unexpected(about_it(message.error()));
        return {};
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId>) override {
        WipedString text;
        text.reserve(512);
        text.append("AWS_ACCESS_KEY_ID=").append(key.id.text()).append("\nAWS_SECRET_ACCESS_KEY=");
        text.append(key.secret.reveal()).append("\n");
        const auto message = encrypted(text, recipient_, interrupted_);
        if (!message) return DeliverRefused{about_it(message.error())};
        const auto file = outbox_ + "/" + key.id.text() + (is_for_age(recipient_) ? ".age" : ".asc");
        const auto lock = credentials::FileLock::take(file);
        if (!lock) return DeliverRefused{about_it(lock.error())};
        const auto before = credentials::read_regular_file(lock->path());
        if (!before) return DeliverRefused{about_it(before.error())};
        const auto written = credentials::replace_file(*lock, *before, *message);
        if (written) return DeliverDone{};
        if (written.error().may_have_happened) return DeliverUnknown{about_it(written.error().error)};
        return DeliverRefused{about_it(written.error().error)};
    }

private:
    Error about_it(Error error) const {
        error.message = uri_ + ": " + error.message;
        return error;
    }
    std::string uri_, recipient_, outbox_;
    std::function<bool()> interrupted_;
};

}  // namespace

std::unique_ptr<Destination> person_destination(std::string uri, std::string recipient, std::string outbox,
                                                std::function<bool()> interrupted) {
    return std::make_unique<PersonDestination>(std::move(uri), std::move(recipient), std::move(outbox),
                                               std::move(interrupted));
}

}  // namespace keytide::destinations
