#include "destinations/exec_destination.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "destinations/held_pair.hpp"
#include "destinations/json_values.hpp"
#include "subprocess/command.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

constexpr int done = 0, stranger = 3, refused = 4;

class ExecDestination final : public Destination {
public:
    ExecDestination(ExecPlace place, std::function<bool()> interrupted)
        : place_(std::move(place)), interrupted_(std::move(interrupted)) {}

    std::string uri() const override { return place_.uri; }
    Capabilities capabilities() const override {
        return {.readable = place_.is_readable, .restorable = place_.is_readable, .atomic = true};
    }

    Result<std::optional<AccessKey>> read() override {
        auto ended = run("read", "{\"version\":1,\"action\":\"read\"}\n");
        if (!ended) return failed(in_words(ended.error().reason), "run it by hand");
        if (ended->status != done) return failed(in_words(ended->in_words()), "see what it said above");
        return key_in(ended->output);
    }

    // A command that cannot read knows no action but to deliver, and must not be called for less.
    Result<void> check_writable() override {
        if (!place_.is_readable) return {};
        const auto held = read();
        if (!held) return std::unexpected(held.error());
        return {};
    }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) override {
        if (place_.is_readable) {
            const auto held = read();
            if (!held) return DeliverRefused{held.error()};
            if (*held && (*held)->same_as(key)) return DeliverDone{};
            if (*held && std::ranges::find(replaceable, (*held)->id) == replaceable.end())
                return DeliverStranger{(*held)->id};
        }
        auto ended = run("deliver", request_to_deliver(key, replaceable));
        if (!ended && !ended.error().was_started)
            return DeliverRefused{{ErrorKind::failed, in_words(ended.error().reason), ""}};
        if (!ended) return DeliverUnknown{{ErrorKind::failed, in_words(ended.error().reason), ""}};
        switch (ended->status) {
            case done: return DeliverDone{};
            case refused:
                return DeliverRefused{
                    {ErrorKind::failed, in_words("the command refused"), "see what it said above"}};
            case stranger: return answer_of_a_stranger(ended->output);
            default:
                return DeliverUnknown{
                    {ErrorKind::failed, in_words(ended->in_words()), "see what it said above"}};
        }
    }

private:
    std::string in_words(std::string_view what) const { return fmt::format("{}: {}", place_.uri, what); }

    std::expected<subprocess::Ended, subprocess::NotEnded> run(std::string_view action, WipedString input) {
        subprocess::Command command{.text = place_.command,
                                    .folder = place_.folder,
                                    .input = std::move(input),
                                    .keeps_output = true,
                                    .timeout = place_.timeout,
                                    .interrupted = interrupted_};
        command.with.push_back(WipedString("KEYTIDE_ACTION=").append(action));
        return subprocess::run(command);
    }

    static WipedString request_to_deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) {
        WipedString text(R"({"version":1,"action":"deliver","access_key_id":)");
        text.append(json_text(key.id.text()))
            .append(R"(,"secret_access_key":)")
            .append(json_text(key.secret.reveal()))
            .append(R"(,"replaces":[)");
        for (bool first = true; const auto& id : replaceable) {
            if (!std::exchange(first, false)) text += ',';
            text.append(json_text(id.text()));
        }
        return text.append("]}\n");
    }

    Result<std::optional<AccessKey>> key_in(std::string_view answer) const {
        const auto where = in_words("the answer to \"read\"");
        const auto id = optional_in_json(answer, "/access_key_id", where);
        if (!id) return std::unexpected(id.error());
        const auto secret = optional_in_json(answer, "/secret_access_key", where);
        if (!secret) return std::unexpected(secret.error());
        return held_pair({"access_key_id", id->value_or("")}, {"secret_access_key", secret->value_or("")},
                         where);
    }

    DeliverAnswer answer_of_a_stranger(std::string_view answer) const {
        const auto held = value_in_json(answer, "/access_key_id", place_.uri);
        if (const auto id = held ? AccessKeyId::parse(*held) : std::nullopt) return DeliverStranger{*id};
        return DeliverRefused{
            {ErrorKind::failed, in_words("the command says that a stranger's key is there"), ""}};
    }

    ExecPlace place_;
    std::function<bool()> interrupted_;
};

}  // namespace

std::unique_ptr<Destination> exec_destination(ExecPlace place, std::function<bool()> interrupted) {
    return std::make_unique<ExecDestination>(std::move(place), std::move(interrupted));
}

}  // namespace keytide::destinations
