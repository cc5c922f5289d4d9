#include "destinations/exec_destination.hpp"

#include "destinations/conformance.hpp"

namespace keytide::destinations {
namespace {

// A store of a person's own: a script of a few lines around a file with "ID SECRET", as
// docs/destinations/exec.md tells to write one.
constexpr auto script = R"sh(
set -eu
read -r request
cd "$(dirname "$0")"
echo "$KEYTIDE_ACTION" >> calls
member() { printf %s "$request" | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p"; }
test ! -e not_let_in || { echo "token has expired" >&2; exit 4; }
case "$KEYTIDE_ACTION" in
read)
    test -e unreachable && exit 1
    if read -r id secret < store; then
        printf '{"access_key_id":"%s","secret_access_key":"%s"}\n' "$id" "$secret"
    else
        echo '{}'
    fi
    if test -e beaten; then echo "AKIASTRANGER sTrAnGeRsSeCrEt/K7MDENG/bPxRfiCYEXAMPLE" > store; fi ;;
deliver)
    if read -r id secret < store; then
        case "$request" in
        *"\"$id\""*) ;;
        *) printf '{"access_key_id":"%s"}\n' "$id"; exit 3 ;;
        esac
    fi
    printf '%s %s\n' "$(member access_key_id)" "$(member secret_access_key)" > store.new
    test -e cut_short && exit 1
    mv store.new store
    test -e answer_lost && kill -9 $$
    exit 0 ;;
*) exit 2 ;;
esac
)sh";

class Script final : public Place {
public:
    Script() {
        folder_.write("script", script);
        folder_.write("rest", "as it was");
    }
    std::unique_ptr<ports::Destination> open() override {
        return std::move(*open_destination(uri(), {{folder_.path(), ""}}));
    }
    std::string name() override { return "exec:sh"; }
    void put(const Pair& pair) override {
        folder_.write("store", pair == nothing ? "" : pair.id + " " + pair.secret + "\n");
    }
    Pair held() override {
        const auto text = credentials::text_at(folder_ / "store");
        const auto space = text.find(' ');
        if (space == std::string::npos) return nothing;
        return {text.substr(0, space), text.substr(space + 1, text.size() - space - 2)};
    }
    std::string rest() override { return credentials::text_at(folder_ / "rest"); }
    bool strike(Fault fault) override {
        const auto name = name_of(fault);
        if (name.empty()) return false;
        folder_.write(name, "");
        return true;
    }
    void heal() override {
        for (const auto fault : all_faults)
            if (const auto name = name_of(fault); !name.empty()) std::filesystem::remove(folder_ / name);
    }
    long writes() override {
        const auto calls = credentials::text_at(folder_ / "calls");
        long count = 0;
        for (auto at = calls.find("deliver"); at != std::string::npos; at = calls.find("deliver", at + 1))
            ++count;
        return count;
    }

private:
    static std::string uri() { return "exec:sh ./script"; }
    static std::string name_of(Fault fault) {
        switch (fault) {
            case Fault::unreachable: return "unreachable";
            case Fault::not_let_in: return "not_let_in";
            case Fault::cut_short: return "cut_short";
            case Fault::answer_lost: return "answer_lost";
            case Fault::beaten_by_another: return "beaten";
            default: return "";
        }
    }
    credentials::ScratchFolder folder_;
};

INSTANTIATE_TEST_SUITE_P(Exec, DestinationConformance,
                         testing::Values(Habitat{"Exec", [] { return std::make_unique<Script>(); }, 5}),
                         [](const auto& each) { return each.param.name; });

std::unique_ptr<ports::Destination> command(const std::string& text, bool is_readable = true) {
    return exec_destination({"exec:test", text, "/", is_readable, std::chrono::seconds{20}}, {});
}

std::string refusal(const std::string& text) {
    const auto held = command(text)->read();
    return held ? "(accepted)" : held.error().message;
}

TEST(Exec, UnderstandsNothingButItsAnswer) {
    EXPECT_FALSE(*command("echo '{}'")->read());
    EXPECT_FALSE(*command(R"(echo '{"access_key_id": null, "note": 1}')")->read());
    EXPECT_EQ(refusal("exit 7"), "exec:test: the command ended with status 7");
    EXPECT_EQ(refusal("true"), "exec:test: the answer to \"read\" is not JSON");
    EXPECT_EQ(refusal("echo hunter2"), "exec:test: the answer to \"read\" is not JSON");
    EXPECT_EQ(refusal(R"(echo '{"access_key_id":"AKIAX"}')"),
              "exec:test: the answer to \"read\" has half a key: secret_access_key is empty");
    EXPECT_EQ(refusal("yes"), "exec:test: the command says too much");
}

TEST(Exec, ACommandThatCannotReadIsCalledForDeliveriesOnly) {
    const auto d = command("test \"$KEYTIDE_ACTION\" = deliver", false);
    EXPECT_FALSE(d->capabilities().readable);
    EXPECT_TRUE(d->check_writable());
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*d)));
}

TEST(Exec, AnEndThatWasNotAgreedUponIsUnknown) {
    for (const auto* text : {"exit 1", "exit 127", "kill -9 $$"})
        EXPECT_TRUE(std::holds_alternative<ports::DeliverUnknown>(deliver_new(*command(text, false))))
            << text;
    EXPECT_TRUE(std::holds_alternative<ports::DeliverRefused>(deliver_new(*command("exit 4", false))));
    EXPECT_TRUE(std::holds_alternative<ports::DeliverRefused>(deliver_new(*command("exit 3", false))));
    const auto never_ends = exec_destination(
        {"exec:test", "read -r _; exec cat /dev/zero >/dev/null", "/", false, Duration{300}}, {});
    EXPECT_TRUE(std::holds_alternative<ports::DeliverUnknown>(deliver_new(*never_ends)));
}

// The secret is on the command's standard input, and in no list of arguments or variables.
TEST(Exec, TheSecretIsOnStandardInputAlone) {
    const credentials::ScratchFolder folder;
    const auto d = command("cat > " + (folder / "input") + "; tr '\\0' '\\n' < /proc/$$/environ > " +
                               (folder / "environment") + "; tr '\\0' '\\n' < /proc/$$/cmdline >> " +
                               (folder / "environment"),
                           false);
    EXPECT_TRUE(std::holds_alternative<ports::DeliverDone>(deliver_new(*d)));
    EXPECT_EQ(credentials::text_at(folder / "input"),
              R"({"version":1,"action":"deliver","access_key_id":")" + new_id + R"(","secret_access_key":")" +
                  new_secret + R"(","replaces":[")" + old_id + R"(",")" + new_id + "\"]}\n");
    const auto seen = credentials::text_at(folder / "environment");
    EXPECT_NE(seen.find("KEYTIDE_ACTION=deliver"), std::string::npos);
    EXPECT_EQ(seen.find(new_secret), std::string::npos);
}

}  // namespace
}  // namespace keytide::destinations
