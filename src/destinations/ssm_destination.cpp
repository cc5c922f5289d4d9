#include "destinations/ssm_destination.hpp"

#include <algorithm>

#include "destinations/held_pair.hpp"
#include "destinations/json_secret.hpp"
#include "destinations/stored_parameter.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

// What both kinds share: they differ in what is read and what is written.
class SsmDestination : public Destination {
public:
    explicit SsmDestination(const DestinationUri& uri, aws::JsonService store)
        : uri_(uri.text()), calls_(std::move(store), "ssm", "ssm:" + uri.path) {}

    std::string uri() const override { return uri_; }
    void sign_with(const AccessKey& signer, Instant at) override { calls_.sign_with(signer, at); }
    bool asks_for_patience() const override { return calls_.asks_for_patience(); }

protected:
    static bool is_replaceable(const AccessKey& held, std::span<const AccessKeyId> replaceable) {
        return std::ranges::find(replaceable, held.id) != replaceable.end();
    }

    // Somebody was faster: whose key it is now.
    DeliverAnswer beaten(std::span<const AccessKeyId> replaceable) {
        const auto held = read();
        if (!held) return DeliverUnknown{held.error()};
        if (*held && !is_replaceable(**held, replaceable)) return DeliverStranger{(*held)->id};
        return DeliverRefused{
            {ErrorKind::failed, calls_.where() + " was written by another while it was delivered to", ""}};
    }

    const StoreCalls& calls() const { return calls_; }

private:
    std::string uri_;
    StoreCalls calls_;
};

class OneParameter final : public SsmDestination {
public:
    OneParameter(const DestinationUri& uri, aws::JsonService store)
        : SsmDestination(uri, std::move(store)),
          names_{uri.value("id"), uri.value("secret")},
          parameter_(uri.path, calls()) {}

    Capabilities capabilities() const override {
        return {.readable = true, .restorable = true, .atomic = true, .is_signed = true};
    }

    Result<std::optional<AccessKey>> read() override {
        const auto value = parameter_.read();
        if (!value) return std::unexpected(value.error().error);
        return key_in_json(value->text, names_, calls().where());
    }

    Result<void> check_writable() override {
        if (const auto held = read(); !held) return std::unexpected(held.error());
        return parameter_.check_writable();
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        const auto seen = parameter_.read();
        if (!seen) return DeliverRefused{seen.error().error};
        const auto held = key_in_json(seen->text, names_, calls().where());
        if (!held) return DeliverRefused{held.error()};
        if (*held && (*held)->same_as(key) && (*held)->session_token.empty()) return DeliverDone{};
        if (*held && !is_replaceable(**held, replaceable)) return DeliverStranger{(*held)->id};
        const auto text = json_with_key(seen->text, names_, key, calls().where());
        if (!text) return DeliverRefused{text.error()};
        const auto written = parameter_.write(*text, *seen);
        if (!written) return written.error().answer();
        if (*written == StoredParameter::Written::beaten) return beaten(replaceable);
        return DeliverDone{};
    }

private:
    JsonNames names_;
    StoredParameter parameter_;
};

// The secret is written first, so that an id is never found beside nothing. Between the two writes the old id
// stands beside the new secret; whoever reads the pair then is refused by AWS, and reads again.
class TwoParameters final : public SsmDestination {
public:
    TwoParameters(const DestinationUri& uri, aws::JsonService store)
        : SsmDestination(uri, std::move(store)),
          id_(uri.path + uri.value("id"), calls()),
          secret_(uri.path + uri.value("secret"), calls()) {}

    Capabilities capabilities() const override {
        return {.readable = true, .restorable = true, .atomic = false, .is_signed = true};
    }

    Result<std::optional<AccessKey>> read() override {
        const auto seen = look();
        if (!seen) return std::unexpected(seen.error().error);
        return key_of(*seen);
    }

    Result<void> check_writable() override {
        if (const auto held = read(); !held) return std::unexpected(held.error());
        if (auto secret = secret_.check_writable(); !secret) return secret;
        return id_.check_writable();
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        const auto seen = look();
        if (!seen) return DeliverRefused{seen.error().error};
        const auto held = key_of(*seen);
        if (!held) return DeliverRefused{held.error()};
        if (*held && (*held)->same_as(key)) return DeliverDone{};
        if (*held && !is_replaceable(**held, replaceable)) return DeliverStranger{(*held)->id};

        const bool has_secret =
            *held && (*held)->secret.same_as(key.secret);  // a delivery that was cut short
        if (!has_secret) {
            const auto written = secret_.write(key.secret.reveal(), seen->secret);
            if (!written) return written.error().answer();
            if (*written == StoredParameter::Written::beaten) return beaten(replaceable);
        }
        const auto written = id_.write(key.id.text(), seen->id);
        if (!written) return DeliverUnknown{written.error().error};  // the secret is there already
        if (*written == StoredParameter::Written::beaten) return beaten(replaceable);
        return DeliverDone{};
    }

private:
    struct Pair {
        ParameterValue id, secret;
    };

    std::expected<Pair, StoreTrouble> look() const {
        auto id = id_.read();
        if (!id) return std::unexpected(id.error());
        auto secret = secret_.read();
        if (!secret) return std::unexpected(secret.error());
        return Pair{std::move(*id), std::move(*secret)};
    }

    // Parameters are never empty: a hyphen is nothing.
    Result<std::optional<AccessKey>> key_of(const Pair& pair) const {
        const auto value = [](const ParameterValue& one) {
            return one.text == "-" ? std::string_view() : std::string_view(one.text);
        };
        return held_pair({id_.name(), value(pair.id)}, {secret_.name(), value(pair.secret)}, calls().where());
    }

    StoredParameter id_, secret_;
};

}  // namespace

Result<std::unique_ptr<Destination>> ssm_destination(const DestinationUri& uri, aws::JsonService store) {
    const bool id_apart = uri.value("id").starts_with('/'),
               secret_apart = uri.value("secret").starts_with('/');
    if (id_apart != secret_apart)
        return usage_error("'" + uri.text() + "' names a parameter and a member of a JSON object",
                           "begin both id and secret with a slash, or neither");
    if (id_apart && uri.value("id") == uri.value("secret"))
        return usage_error("'" + uri.text() + "' has one parameter for both id and secret");
    if (id_apart) return std::make_unique<TwoParameters>(uri, std::move(store));
    return std::make_unique<OneParameter>(uri, std::move(store));
}

}  // namespace keytide::destinations
