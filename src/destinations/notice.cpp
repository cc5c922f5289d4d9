#include "destinations/notice.hpp"

#include <fmt/format.h>
#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "credentials/regular_file.hpp"
#include "destinations/json_service.hpp"
#include "subprocess/command.hpp"
#include "vocabulary/json_text.hpp"

namespace keytide::destinations {
namespace {

using namespace ports;

class Notice : public Destination {
public:
    explicit Notice(std::string uri) : uri_(std::move(uri)) {}

    std::string uri() const override { return uri_; }
    Capabilities capabilities() const override { return {.atomic = true, .holds_key = false}; }
    Result<std::optional<AccessKey>> read() override { return std::nullopt; }
    Result<void> check_writable() override { return {}; }

    DeliverAnswer deliver(const AccessKey& key, std::span<const AccessKeyId>) override {
        const auto told = tell(key.id);
        if (told) return DeliverDone{};
        if (told.error().may_have_happened) return DeliverUnknown{told.error().error};
        return DeliverRefused{told.error().error};
    }

protected:
    virtual Told<void> tell(const AccessKeyId& id) = 0;

    Error about_it(std::string_view what, std::string hint = {}) const {
        return {ErrorKind::failed, fmt::format("{}: {}", uri_, what), std::move(hint)};
    }

private:
    std::string uri_;
};

class CommandNotice final : public Notice {
public:
    CommandNotice(std::string uri, subprocess::Command command)
        : Notice(std::move(uri)), command_(std::move(command)) {}

protected:
    Told<void> tell(const AccessKeyId& id) override {
        auto command = command_;
        command.with.push_back(WipedString("KEYTIDE_ACTION=notify"));
        command.with.push_back(WipedString("KEYTIDE_ACCESS_KEY_ID=").append(id.text()));
        const auto ended = subprocess::run(command);
        if (!ended)
            return std::unexpected(Trouble{about_it(ended.error().reason), ended.error().was_started});
        if (ended->status == 0) return {};
        return std::unexpected(Trouble{about_it(ended->in_words(), "see what it said above"), true});
    }

private:
    subprocess::Command command_;
};

// The first word of the file, as daemons write it. Neither init nor a group is ever meant.
class SignalNotice final : public Notice {
public:
    SignalNotice(std::string uri, std::string pid_file, int signal)
        : Notice(std::move(uri)), pid_file_(std::move(pid_file)), signal_(signal) {}

    Result<void> check_writable() override {
        const auto sent = send(0);
        if (!sent) return std::unexpected(sent.error().error);
        return {};
    }

protected:
    Told<void> tell(const AccessKeyId&) override { return send(signal_); }

private:
    Told<void> send(int signal) const {
        const auto pid = read_pid();
        if (!pid) return std::unexpected(Trouble{pid.error()});
        if (::kill(*pid, signal) == 0) return {};
        const auto why =
            errno == ESRCH ? std::string("there is no such process") : std::string(std::strerror(errno));
        return std::unexpected(Trouble{about_it(fmt::format("the process {}: {}", *pid, why))});
    }

    Result<pid_t> read_pid() const {
        const auto content = credentials::read_regular_file(pid_file_);
        if (!content) return std::unexpected(about_it(content.error().message, content.error().hint));
        if (!*content) return std::unexpected(about_it("there is no such file", "is its process running?"));
        const std::string_view text = (*content)->bytes;
        pid_t pid = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), pid);
        const bool is_whole = end == text.data() + text.size() || *end == '\n' || *end == ' ';
        if (error != std::errc{} || !is_whole || pid <= 1)
            return std::unexpected(about_it("the file holds no process id"));
        return pid;
    }

    std::string pid_file_;
    int signal_;
};

class UrlNotice final : public Notice {
public:
    UrlNotice(const DestinationUri& uri, const Means& means)
        : Notice(uri.text()), url_(uri.path), token_file_(uri.value("token-file")), connect_(means.connect) {}

    Result<void> check_writable() override {
        const auto headers = who_asks();
        if (!headers) return std::unexpected(headers.error());
        return {};
    }

protected:
    Told<void> tell(const AccessKeyId& id) override {
        auto headers = who_asks();
        if (!headers) return std::unexpected(Trouble{headers.error()});
        JsonService service(uri(), url_, connect_({}), std::move(*headers));
        WipedString body(R"({"version":1,"event":"delivered","access_key_id":)");
        body.append(json_text(id.text())).append("}");
        const auto reply = service.call({.method = "POST", .path = "", .body = std::move(body)});
        if (!reply) return std::unexpected(reply.error());
        if (reply->status >= 200 && reply->status < 300) return {};
        return service.in_doubt(fmt::format("the service answered with status {}", reply->status));
    }

private:
    Result<std::vector<signature::HeaderField>> who_asks() const {
        std::vector<signature::HeaderField> headers{{"User-Agent", "keytide"}};
        if (token_file_.empty()) return headers;
        const auto content = credentials::read_regular_file(token_file_);
        if (!content) return std::unexpected(about_it(content.error().message, content.error().hint));
        if (!*content) return std::unexpected(about_it("there is no " + token_file_));
        std::string_view token = (*content)->bytes;
        while (!token.empty() && (token.back() == '\n' || token.back() == '\r')) token.remove_suffix(1);
        const bool is_printable = std::ranges::all_of(token, [](char c) { return c > ' ' && c < '\x7f'; });
        if (token.empty() || !is_printable)
            return std::unexpected(about_it(token_file_ + " holds no token", "it is one word"));
        headers.push_back({"Authorization", "Bearer " + std::string(token)});
        return headers;
    }

    std::string url_, token_file_;
    std::function<std::unique_ptr<http::Http>(http::Tls)> connect_;
};

// As systemd names its units. https://www.freedesktop.org/software/systemd/man/252/systemd.unit.html
bool is_unit_name(std::string_view name) {
    const auto allowed = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view(":-_.\\@").find(c) != std::string_view::npos;
    };
    return name.size() < 256 && name.front() != '-' && std::ranges::all_of(name, allowed);
}

int signal_named(const std::string& name) {
    if (name == "USR1") return SIGUSR1;
    return name == "USR2" ? SIGUSR2 : SIGHUP;
}

}  // namespace

Result<std::unique_ptr<Destination>> notice(const DestinationUri& uri, const Means& means) {
    if (uri.kind == "notify-signal")
        return std::make_unique<SignalNotice>(uri.text(), uri.path, signal_named(uri.value("signal")));
    if (uri.kind == "notify-url") return std::make_unique<UrlNotice>(uri, means);
    const auto timeout = timeout_of(uri);
    if (!timeout) return std::unexpected(timeout.error());
    subprocess::Command command{.text = uri.path,
                                .folder = uri.value("folder"),
                                .timeout = *timeout,
                                .interrupted = means.interrupted};
    if (uri.kind == "notify-unit") {
        if (!is_unit_name(uri.path)) return usage_error("'" + uri.path + "' is no name of a unit of systemd");
        command.text =
            fmt::format("systemctl --{} {} -- '{}'", uri.value("manager"), uri.value("do"), uri.path);
    }
    return std::make_unique<CommandNotice>(uri.text(), std::move(command));
}

}  // namespace keytide::destinations
