#include "destinations/ses_smtp_destination.hpp"

#include <string.h>

#include "destinations/base64.hpp"
#include "signature/hash.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

std::string_view bytes_of(const signature::Digest& digest) {
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

class SesSmtpDestination final : public Destination {
public:
    SesSmtpDestination(std::string region, std::unique_ptr<Destination> place)
        : region_(std::move(region)), place_(std::move(place)) {}

    std::string uri() const override { return place_->uri(); }
    // From a password there is no way back to the secret.
    Capabilities capabilities() const override {
        auto can = place_->capabilities();
        can.restorable = false;
        return can;
    }
    Result<std::optional<AccessKey>> read() override { return place_->read(); }
    AccessKey form_of(const AccessKey& key) const override {
        return {key.id, ses_smtp_password(key.secret, region_), Secret()};
    }
    void sign_with(const AccessKey& signer, Instant at) override { place_->sign_with(signer, at); }
    bool asks_for_patience() const override { return place_->asks_for_patience(); }
    Result<void> check_writable() override { return place_->check_writable(); }
    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        return place_->deliver(form_of(key), replaceable);
    }
    std::optional<Duration> reminds_every() const override { return place_->reminds_every(); }
    Result<void> remind(const Reminder& about) override { return place_->remind(about); }

private:
    std::string region_;
    std::unique_ptr<Destination> place_;
};

}  // namespace

Secret ses_smtp_password(const Secret& secret_access_key, std::string_view region) {
    // A date that never was: the password does not expire with the day.
    WipedString seed("AWS4");
    seed.append(secret_access_key.reveal());
    auto signature = signature::hmac_sha256(seed, "11111111");
    for (const auto text : {region, std::string_view("ses"), std::string_view("aws4_request"),
                            std::string_view("SendRawEmail")})
        signature = signature::hmac_sha256(bytes_of(signature), text);
    WipedString versioned;
    versioned.reserve(64);
    versioned.append(1, '\x04').append(bytes_of(signature));
    explicit_bzero(signature.data(), signature.size());
    return Secret(to_base64(versioned));
}

std::unique_ptr<Destination> ses_smtp_destination(std::string region, std::unique_ptr<Destination> place) {
    return std::make_unique<SesSmtpDestination>(std::move(region), std::move(place));
}

}  // namespace keytide::destinations
