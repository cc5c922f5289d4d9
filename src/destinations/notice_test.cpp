#include "destinations/notice.hpp"

#include <gmock/gmock.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "destinations/fake_service.hpp"
#include "destinations/kinds.hpp"

namespace keytide::destinations {
namespace {

using testing::HasSubstr;

const Means by_hand{.origin = {"/", "/nonexistent"}};

std::unique_ptr<ports::Destination> open(const std::string& uri, const Means& means = by_hand) {
    auto opened = open_destination(uri, means);
    if (!opened) throw std::runtime_error(opened.error().message);
    return std::move(*opened);
}

std::string trouble(const ports::DeliverAnswer& answer) {
    if (const auto* unknown = std::get_if<ports::DeliverUnknown>(&answer))
        return "?" + unknown->error.message;
    if (const auto* refused = std::get_if<ports::DeliverRefused>(&answer)) return refused->error.message;
    return "";
}

TEST(Notice, EveryOneHoldsNoKeyAndHasANameThatSaysSo) {
    for (const auto& kind : kinds()) EXPECT_EQ(kind.is_notice, kind.name.starts_with("notify-")) << kind.name;
    const auto notice = open("notify-command:true");
    EXPECT_FALSE(notice->capabilities().holds_key);
    EXPECT_FALSE(notice->capabilities().readable);
}

TEST(Notice, NothingIsDerivedForIt) {
    EXPECT_FALSE(open_destination("notify-command:true?as=ses-smtp&region=us-east-1", by_hand));
}

TEST(Notice, ACommandIsToldTheIdAndNoSecret) {
    const credentials::ScratchFolder folder;
    const auto d = open("notify-command:env > told; cat >> told?folder=" + folder.path());
    EXPECT_EQ(trouble(deliver_new(*d)), "");
    const auto told = credentials::text_at(folder / "told");
    EXPECT_THAT(told, HasSubstr("KEYTIDE_ACTION=notify\n"));
    EXPECT_THAT(told, HasSubstr("KEYTIDE_ACCESS_KEY_ID=" + std::string(new_id) + "\n"));
    EXPECT_EQ(told.find(new_key().secret.reveal()), std::string::npos);
}

TEST(Notice, ACommandThatFailsHasToldNobody) {
    EXPECT_EQ(trouble(deliver_new(*open("notify-command:exit 3?folder=/"))),
              "?notify-command:exit%203?folder=/&timeout=60s: the command ended with status 3");
    EXPECT_THAT(trouble(deliver_new(*open("notify-command:true?folder=/nowhere"))),
                HasSubstr("notify-command:"));
}

// A process that waits for the signal, and ends by it.
class Daemon {
public:
    Daemon() {
        pid_ = fork();
        if (pid_ != 0) return;
        for (const int signal : {SIGHUP, SIGUSR1, SIGUSR2}) ::signal(signal, SIG_DFL);
        for (;;) pause();
    }
    ~Daemon() {
        if (pid_ == 0) return;
        kill(pid_, SIGKILL);
        waitpid(pid_, nullptr, 0);
    }
    std::string pid() const { return std::to_string(pid_); }
    int ended_by() {
        int status = 0;
        waitpid(std::exchange(pid_, 0), &status, 0);
        return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    }

private:
    pid_t pid_;
};

TEST(Notice, ASignalGoesToTheProcessOfThePidFile) {
    const credentials::ScratchFolder folder;
    for (const auto& [name, signal] :
         {std::pair("HUP", SIGHUP), std::pair("USR1", SIGUSR1), std::pair("USR2", SIGUSR2)}) {
        Daemon daemon;
        folder.write("pid", daemon.pid() + "\n");
        const auto d = open("notify-signal:" + (folder / "pid") + "?signal=" + name);
        EXPECT_TRUE(d->check_writable()) << "looking sends nothing";
        EXPECT_EQ(trouble(deliver_new(*d)), "");
        EXPECT_EQ(daemon.ended_by(), signal);
    }
}

TEST(Notice, APidFileThatNamesNoProcessTellsNobody) {
    const credentials::ScratchFolder folder;
    const auto d = open("notify-signal:" + (folder / "pid"));
    EXPECT_THAT(trouble(deliver_new(*d)), HasSubstr("there is no such file"));
    for (const auto* text : {"", "\n", "1\n", "0", "-1", "-4711", "12ab", "99999999999999", "word"}) {
        folder.write("pid", text);
        EXPECT_THAT(trouble(deliver_new(*d)), HasSubstr("the file holds no process id")) << text;
        EXPECT_FALSE(d->check_writable()) << text;
    }
    std::string gone;
    {
        Daemon daemon;
        gone = daemon.pid();
    }
    folder.write("pid", gone);
    EXPECT_THAT(trouble(deliver_new(*d)), HasSubstr("there is no such process"));
}

TEST(Notice, AUnitIsNamedAsSystemdNamesThem) {
    EXPECT_TRUE(open_destination("notify-unit:app@1.service", by_hand));
    for (const auto* unit : {"a'b", "a b", "-H", "a;b"})
        EXPECT_FALSE(open_destination(std::string("notify-unit:") + unit, by_hand)) << unit;
}

class Hook final : public FakeService {
public:
    ~Hook() override { stop(); }
    std::string token = "t0ken";
    int status = 204;
    FakeRequest last;

protected:
    bool is_let_in(const FakeRequest& request) override {
        const auto given = request.headers.find("authorization");
        return token.empty() || (given != request.headers.end() && given->second == "Bearer " + token);
    }
    FakeReply answer(const FakeRequest& request) override {
        last = request;
        return {status, "{}"};
    }
};

TEST(Notice, AUrlIsPostedTheIdWithTheTokenOfAFile) {
    const credentials::ScratchFolder folder;
    folder.write("token", "t0ken\n");
    Hook hook;
    const auto d =
        open("notify-url:" + hook.url() + "/hooks/rotated?token-file=" + (folder / "token"), hook.means({}));
    EXPECT_EQ(trouble(deliver_new(*d)), "");
    hook.settle();
    EXPECT_EQ(hook.last.method, "POST");
    EXPECT_EQ(hook.last.path, "/hooks/rotated");
    EXPECT_EQ(hook.last.body,
              R"({"version":1,"event":"delivered","access_key_id":")" + std::string(new_id) + R"("})");
}

TEST(Notice, AUrlThatDoesNotTakeItWasNotTold) {
    const credentials::ScratchFolder folder;
    Hook hook;
    const auto with_token =
        open("notify-url:" + hook.url() + "/?token-file=" + (folder / "token"), hook.means({}));
    EXPECT_THAT(trouble(deliver_new(*with_token)), HasSubstr("there is no "));
    EXPECT_FALSE(with_token->check_writable());
    folder.write("token", "two words");
    EXPECT_THAT(trouble(deliver_new(*with_token)), HasSubstr("holds no token"));
    folder.write("token", "another");
    EXPECT_THAT(trouble(deliver_new(*with_token)), HasSubstr("(401)"));
    hook.token.clear();
    const auto d = open("notify-url:" + hook.url(), hook.means({}));
    hook.status = 404;
    EXPECT_THAT(trouble(deliver_new(*d)), HasSubstr("status 404"));
    hook.fail(Fault::unreachable);
    EXPECT_NE(trouble(deliver_new(*d)), "");
}

TEST(Notice, AUrlBeyondLoopbackIsNotSpokenToInTheClear) {
    EXPECT_FALSE(open_destination("notify-url:http://hooks.example.com/x", by_hand));
    EXPECT_TRUE(open_destination("notify-url:https://hooks.example.com/x", by_hand));
}

}  // namespace
}  // namespace keytide::destinations
