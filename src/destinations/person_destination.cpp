#include "destinations/person_destination.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "credentials/atomic_file.hpp"
#include "credentials/file_path.hpp"
#include "destinations/encryption.hpp"
#include "subprocess/command.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

class PersonDestination final : public Destination {
public:
    PersonDestination(const DestinationUri& uri, Duration remind, const Means& means)
        : uri_(uri.text()),
          recipient_(uri.path),
          send_(uri.value("send")),
          remind_(remind),
          outbox_(means.outbox),
          interrupted_(means.interrupted) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override {
        return {.readable = false, .restorable = false, .atomic = true};
    }
    Result<std::optional<AccessKey>> read() override { return std::nullopt; }

    // A message without a key shows whether they can be written to.
    Result<void> check_writable() override {
        const auto message = encrypted("", recipient_, interrupted_);
        if (!message) return std::unexpected(about_it(message.error()));
        // An outbox that is not there yet is made with the first message.
        if (access((outbox_ + "/.").c_str(), W_OK | X_OK) != 0 && errno != ENOENT)
            return std::unexpected(about_it(credentials::system_error("write into", outbox_, errno)));
        return {};
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId>) override {
        WipedString text;
        text.reserve(512);
        text.append("AWS_ACCESS_KEY_ID=").append(key.id.text()).append("\nAWS_SECRET_ACCESS_KEY=");
        text.append(key.secret.reveal()).append("\n");
        const auto message = encrypted(text, recipient_, interrupted_);
        if (!message) return DeliverRefused{about_it(message.error())};
        const auto file = message_of(key.id);
        const auto lock = credentials::FileLock::take(file);
        if (!lock) return DeliverRefused{about_it(lock.error())};
        const auto before = credentials::read_regular_file(lock->path());
        if (!before) return DeliverRefused{about_it(before.error())};
        const auto written = credentials::replace_file(*lock, *before, *message);
        if (!written && written.error().may_have_happened)
            return DeliverUnknown{about_it(written.error().error)};
        if (!written) return DeliverRefused{about_it(written.error().error)};
        if (send_.empty()) return DeliverDone{};
        const auto sent = send("deliver", key.id, *message, {});
        if (!sent) return DeliverUnknown{sent.error()};
        return DeliverDone{};
    }

    std::optional<Duration> reminds_every() const override {
        if (send_.empty() || remind_ == Duration{0}) return std::nullopt;
        return remind_;
    }

    // The message goes along, unless it was taken out of the outbox.
    Result<void> remind(const Reminder& about) override {
        const auto file = credentials::read_regular_file(message_of(about.key));
        if (!file) return std::unexpected(about_it(file.error()));
        return send("remind", about.key, *file ? std::string_view((*file)->bytes) : std::string_view(),
                    {"KEYTIDE_ROTATION=" + about.rotation, "KEYTIDE_SINCE=" + to_rfc3339(about.since)});
    }

private:
    std::string message_of(const AccessKeyId& key) const {
        return outbox_ + "/" + key.text() + (is_for_age(recipient_) ? ".age" : ".asc");
    }

    Result<void> send(std::string_view action, const AccessKeyId& key, std::string_view message,
                      std::initializer_list<std::string> more) const {
        subprocess::Command command{
            .text = send_, .input = WipedString(message), .interrupted = interrupted_};
        command.with.push_back(WipedString("KEYTIDE_ACTION=").append(action));
        command.with.push_back(WipedString("KEYTIDE_ACCESS_KEY_ID=").append(key.text()));
        command.with.push_back(WipedString("KEYTIDE_MESSAGE=").append(message_of(key)));
        for (const auto& variable : more) command.with.push_back(WipedString(variable));
        const auto ended = subprocess::run(command);
        if (!ended) return failed(fmt::format("{}: {}", uri_, ended.error().reason));
        if (ended->status == 0) return {};
        return failed(fmt::format("{}: {}", uri_, ended->in_words()), "see what it said above");
    }

    Error about_it(Error error) const {
        error.message = uri_ + ": " + error.message;
        return error;
    }
    std::string uri_, recipient_, send_;
    Duration remind_;
    std::string outbox_;
    std::function<bool()> interrupted_;
};

}  // namespace

Result<std::unique_ptr<Destination>> person_destination(const DestinationUri& uri, const Means& means) {
    const auto given = uri.value("remind");
    const auto remind = parse_duration(given.empty() ? "1d" : given);
    if (!remind)
        return usage_error(fmt::format("'{}' is no time between two reminders", given),
                           "write it as 12h or 1d; 0s sends none");
    if (!given.empty() && uri.value("send").empty())
        return usage_error(fmt::format("'{}' does not say how to send a reminder", uri.text()),
                           "add send=COMMAND, which is given the message on its standard input");
    return std::make_unique<PersonDestination>(uri, *remind, means);
}

}  // namespace keytide::destinations
