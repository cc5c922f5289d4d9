// The sealing key is changed by a process that is killed at each of its system calls that touch a file.
#include <gmock/gmock.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>

#include <csignal>
#include <set>

#include "ledger/ledger_fixture.hpp"
#include "ledger/rekey.hpp"
#include "ledger/verify.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

bool touches_a_file(std::uint64_t number) {
    static const std::set<std::uint64_t> calls{
        SYS_openat,    SYS_write,  SYS_pwrite64, SYS_fsync,     SYS_fdatasync,
        SYS_ftruncate, SYS_linkat, SYS_unlinkat, SYS_fallocate, SYS_flock,
#ifdef SYS_rename
        SYS_rename,    SYS_link,   SYS_unlink,   SYS_open,
#endif
        SYS_renameat2,
    };
    return calls.contains(number);
}

enum class Ending { killed, well, badly, untraceable };

// Runs `life` in a process of its own and kills it before its call number `nth` that touches a file.
template <class Life>
Ending killed_before(int nth, const Life& life) {
    const pid_t child = in_another_process([&] {
        if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(77);
        raise(SIGSTOP);
        return life();
    });
    int status = 0;
    waitpid(child, &status, 0);
    if (!WIFSTOPPED(status)) return Ending::untraceable;
    ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_EXITKILL | PTRACE_O_TRACESYSGOOD);
    for (int seen = 0;;) {
        ptrace(PTRACE_SYSCALL, child, nullptr, nullptr);
        waitpid(child, &status, 0);
        if (WIFEXITED(status)) return WEXITSTATUS(status) == 0 ? Ending::well : Ending::badly;
        if (!WIFSTOPPED(status)) return Ending::badly;
        __ptrace_syscall_info call{};
        if (ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof call, &call) <= 0) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            return Ending::untraceable;
        }
        if (call.op != PTRACE_SYSCALL_INFO_ENTRY || !touches_a_file(call.entry.nr) || ++seen < nth) continue;
        kill(child, SIGKILL);
        waitpid(child, &status, 0);
        return Ending::killed;
    }
}

class RekeyCrashTest : public LedgerTest {
protected:
    void SetUp() override {
        ASSERT_TRUE(start(*open(), "r-1"));
        ASSERT_TRUE(start(*open(), "r-2"));
        ASSERT_TRUE(open()->append("r-1", 1, intent(1)));
        ASSERT_TRUE(open()->append("r-2", 1, resumed(1)));  // ahead of the anchor
        all_events = everything(*open());
        fs::copy(folder.path(), kept.path(), fs::copy_options::recursive);
    }

    void put_back() {
        for (const auto* name : {"state", "config"}) fs::remove_all(folder.path() / name);
        fs::copy(kept.path(), folder.path(), fs::copy_options::recursive);
    }

    void expect_whole(SqliteLedger& ledger) {
        EXPECT_EQ(everything(ledger), all_events);
        for (const auto* rotation : {"r-1", "r-2"}) {
            const auto key = ledger.unseal(rotation, old_key().id);
            ASSERT_TRUE(key) << key.error().message;
            EXPECT_TRUE(key->same_as(old_key()));
        }
    }
    void expect_sound() {
        const auto result = verify(options, entropy);
        ASSERT_TRUE(result) << result.error().message;
        for (const auto& finding : result->findings) ADD_FAILURE() << finding.what;
    }

    // How often it was killed; `look` sees what is left each time.
    template <class Life, class Look>
    int kill_everywhere(const Life& life, const Look& look) {
        for (int nth = 1;; ++nth) {
            put_back();
            const auto ending = killed_before(nth, life);
            if (ending == Ending::untraceable) return -1;
            EXPECT_NE(ending, Ending::badly) << nth;
            look(nth);
            if (ending != Ending::killed || HasFailure()) return nth - 1;
        }
    }

    Folder kept;
    std::string all_events;
};

constexpr auto why_skipped = "needs the right to trace a process of one's own (ptrace)";

TEST_F(RekeyCrashTest, WithTheKeyInItsFile) {
    const auto old_bytes = read_file(options.sealing_key);
    int with_old = 0, with_new = 0, between = 0;
    const int kills = kill_everywhere(
        [&] { return rekey(options, nullptr, entropy).has_value(); },
        [&](int nth) {
            SCOPED_TRACE("killed before call " + std::to_string(nth));
            expect_sound();
            expect_whole(*open_to_read());
            const bool begun = has_new_key(options.sealing_key);
            const bool old_file = read_file(options.sealing_key) == old_bytes;
            EXPECT_TRUE(old_file || !begun) << "the new key takes the old one's place at once";
            expect_whole(*open());
            const bool old_now = read_file(options.sealing_key) == old_bytes;
            ++(old_now ? with_old : with_new);
            between += old_file && !old_now ? 1 : 0;
            EXPECT_TRUE(old_now || !has_new_key(options.sealing_key)) << "whoever acts ends what was begun";
            ASSERT_TRUE(open()->append("r-2", 2, intent(5)));

            const auto again = rekey(options, nullptr, entropy);
            ASSERT_TRUE(again) << again.error().message;
            EXPECT_NE(read_file(options.sealing_key), old_bytes);
            EXPECT_FALSE(has_new_key(options.sealing_key));
            expect_sound();
            EXPECT_TRUE(open()->unseal("r-2", old_key().id)->same_as(old_key()));
            write_file(options.sealing_key, old_bytes);
            EXPECT_THAT(refusal().message, testing::HasSubstr("is not the one of the ledger"));
        });
    if (kills < 0) GTEST_SKIP() << why_skipped;
    EXPECT_GT(kills, 30);
    EXPECT_GT(with_old, 10);
    EXPECT_GT(with_new, 2);
    EXPECT_GT(between, 1) << "the ledger was sealed under the new key while the old one was in its place";
}

TEST_F(RekeyCrashTest, WithAKeyThatIsGiven) {
    const GivenKey before{Secret(read_file(options.sealing_key)), "before"};
    const GivenKey after{Secret(std::string(32, 'n')), "after"};
    options.given_key = &before;
    int with_old = 0, with_new = 0;
    const int kills =
        kill_everywhere([&] { return rekey(options, &after, entropy).has_value(); },
                        [&](int nth) {
                            SCOPED_TRACE("killed before call " + std::to_string(nth));
                            options.given_key = &after;
                            const bool is_new = SqliteLedger::open(options, entropy).has_value();
                            options.given_key = &before;
                            const bool is_old = SqliteLedger::open(options, entropy).has_value();
                            EXPECT_NE(is_new, is_old) << "one key opens it, and one only";
                            ++(is_old ? with_old : with_new);
                            const auto again = rekey(options, &after, entropy);
                            ASSERT_TRUE(again) << again.error().message;
                            EXPECT_EQ(again->old_key.empty(), is_new);
                            options.given_key = &after;
                            expect_sound();
                            expect_whole(*open());
                            options.given_key = &before;
                        });
    if (kills < 0) GTEST_SKIP() << why_skipped;
    EXPECT_GT(with_old, 10);
    EXPECT_GT(with_new, 2);
}

}  // namespace
}  // namespace keytide::ledger
