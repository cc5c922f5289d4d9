// Processes that are killed, and processes that meet.
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/statvfs.h>

#include <csignal>
#include <iostream>

#include "ledger/ledger_fixture.hpp"

namespace keytide::ledger {
namespace {

class CrashTest : public LedgerTest {};

// The child says after each append how far it is, and is killed at any moment after having said `n`.
TEST_F(CrashTest, WhatAppendPromisedSurvivesAKill) {
    open();
    ports::Sequence promised = 0;
    for (int n = 1; n <= 12; ++n) {
        std::array<int, 2> progress{};
        ASSERT_EQ(pipe(progress.data()), 0);
        const pid_t child = in_another_process([&] {
            auto ledger = SqliteLedger::open(options, entropy);
            if (!ledger) return false;
            for (auto last = promised;; ++last) {
                const auto appended = last == 0 ? Result<ports::Sequence>(start(**ledger, "r-1") ? 1 : 0)
                                                : (*ledger)->append("r-1", last, resumed(int(last)));
                if (appended != last + 1) return false;
                if (write(progress[1], "+", 1) != 1) return false;
            }
        });
        close(progress[1]);
        char said = 0;
        for (int i = 0; i < n; ++i) ASSERT_EQ(read(progress[0], &said, 1), 1);
        kill(child, SIGKILL);
        waitpid(child, nullptr, 0);
        promised += ports::Sequence(n);
        while (read(progress[0], &said, 1) == 1) ++promised;
        close(progress[0]);

        auto ledger = open();
        ASSERT_TRUE(ledger);
        const auto events = ledger->events("r-1");
        ASSERT_TRUE(events) << events.error().message;
        ASSERT_GE(events->size(), promised);
        ASSERT_LE(events->size(), promised + 1) << "at most the one that it was about to report";
        promised = events->size();
        EXPECT_TRUE(ledger->unseal("r-1", old_key().id)->same_as(old_key()));
    }
}

TEST_F(CrashTest, AWipeThatWasCutOffIsFinishedByTheNextProcess) {
    const pid_t child = in_another_process([&] {
        auto ledger = SqliteLedger::open(options, entropy);
        if (!ledger || !start(**ledger, "r-1")) return false;
        // A reader of the same process keeps the log from being emptied.
        sqlite3* reader = nullptr;
        sqlite3_open(options.database.c_str(), &reader);
        sqlite3_exec(reader, "BEGIN; SELECT * FROM sealed", nullptr, nullptr, nullptr);
        return (*ledger)->append("r-1", 1, rotation::Completed{at(2)}) == 2u && kill(getpid(), SIGKILL) == 0;
    });
    waitpid(child, nullptr, 0);
    ASSERT_GT(std::filesystem::file_size(options.database.string() + "-wal"), 0u) << "nothing was left to do";
    open().reset();
    EXPECT_FALSE(std::filesystem::exists(options.database.string() + "-wal"));
    EXPECT_FALSE(open()->unseal("r-1", old_key().id));
}

TEST_F(CrashTest, TwoProcessesNeverBothWriteTheSameEvent) {
    constexpr int target = 60;
    options.patience = std::chrono::seconds{20};
    ASSERT_TRUE(start(*open(), "r-1"));
    std::vector<pid_t> processes;
    for (int p = 0; p < 3; ++p)
        processes.push_back(in_another_process([&] {
            auto ledger = SqliteLedger::open(options, entropy);
            if (!ledger) return false;
            // Each takes the newest number that it sees and tries to be the next; losers look again.
            for (;;) {
                const auto seen = (*ledger)->events("r-1");
                if (!seen) return false;
                if (seen->size() >= target) return true;
                const auto appended = (*ledger)->append("r-1", seen->size(), resumed(int(seen->size())));
                if (!appended && appended.error().kind != ErrorKind::busy) return false;
            }
        }));
    for (const auto process : processes) EXPECT_TRUE(ended_well(process));
    const auto events = open()->events("r-1");
    ASSERT_TRUE(events) << events.error().message;
    for (std::size_t n = 1; n < events->size(); ++n)
        EXPECT_EQ(time_of((*events)[n].event), at(int(n))) << "each was written by one who had seen the last";
    EXPECT_EQ(events->size(), std::size_t(target));
}

TEST_F(CrashTest, ProcessesThatMakeTheLedgerAtOnceShareOne) {
    options.patience = std::chrono::seconds{20};
    std::vector<pid_t> processes;
    for (unsigned p = 1; p <= 6; ++p)
        processes.push_back(in_another_process([&] {
            SeededEntropy own(p);
            auto ledger = SqliteLedger::open(options, own);
            if (!ledger) std::cerr << ledger.error().message << '\n';
            return ledger && start(**ledger, "r-" + std::to_string(p));
        }));
    for (const auto process : processes) EXPECT_TRUE(ended_well(process));
    EXPECT_EQ(open()->rotations()->size(), 6u);
    EXPECT_EQ(std::distance(std::filesystem::directory_iterator(options.database.parent_path()), {}), 1)
        << "nothing half-made is left";
}

// No file may grow any more: what a full disk is to a file system whose free blocks are gone.
void let_no_file_grow(rlim_t bytes) {
    signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{bytes, RLIM_INFINITY};
    setrlimit(RLIMIT_FSIZE, &limit);
}

TEST_F(CrashTest, AfterReserveAnAppendNeedsNoNewRoom) {
    EXPECT_TRUE(ended_well(in_another_process([&] {
        auto ledger = SqliteLedger::open(options, entropy);
        if (!ledger || !start(**ledger, "r-1") || !(*ledger)->reserve()) return false;
        const auto file = std::filesystem::file_size(options.database);
        const auto log = std::filesystem::file_size(options.database.string() + "-wal");
        const auto key = new_key();
        const std::array<const AccessKey*, 1> keys{&key};
        const rotation::CreateIntended intent{at(1), "nonceabc", {"boot", 1, 2}, std::nullopt};
        if ((*ledger)->append("r-1", 1, intent) != 2u) return false;
        if ((*ledger)->append("r-1", 2, rotation::KeyCreated{at(2), key.id}, keys) != 3u) return false;
        return std::filesystem::file_size(options.database) == file &&
               std::filesystem::file_size(options.database.string() + "-wal") == log;
    })));
}

TEST_F(CrashTest, NoRoomIsAnErrorAndNothingIsLost) {
    EXPECT_TRUE(ended_well(in_another_process([&] {
        auto ledger = SqliteLedger::open(options, entropy);
        if (!ledger || !start(**ledger, "r-1")) return false;
        let_no_file_grow(std::filesystem::file_size(options.database.string() + "-wal"));
        const auto refused = (*ledger)->append("r-1", 1, resumed(1));
        const auto no_room = (*ledger)->reserve();
        if (refused || no_room) return false;
        if (no_room.error().hint.find("room") == std::string::npos) return false;
        if ((*ledger)->events("r-1")->size() != 1) return false;
        let_no_file_grow(RLIM_INFINITY);
        return (*ledger)->append("r-1", 1, resumed(1)) == 2u;
    })));
    EXPECT_EQ(open()->events("r-1")->size(), 2u);
}

// A file system of 2 MiB that only this process sees and that ends with it. Needs the right to mount.
bool mount_small_disk(const std::filesystem::path& place) {
    std::filesystem::create_directory(place);
    return unshare(CLONE_NEWNS) == 0 && mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
           mount("none", place.c_str(), "tmpfs", 0, "size=2m,mode=0700") == 0;
}

TEST_F(CrashTest, AFullDiskShowsBeforeTheCallAndNotAfterIt) {
    const auto disk = folder.path() / "disk";
    if (!mount_small_disk(disk))
        GTEST_SKIP()
            << "needs the right to mount a small file system; AfterReserveAnAppendNeedsNoNewRoom and "
               "NoRoomIsAnErrorAndNothingIsLost showed the same by file sizes";
    options.database = disk / "state/ledger.sqlite";
    const auto fill = [&] {
        std::ofstream filler(disk / "filler", std::ios::binary);
        const std::string block(4096, 'x');
        while (filler.write(block.data(), long(block.size())).flush()) {
        }
        struct statvfs room {};
        statvfs(disk.c_str(), &room);
        return room.f_bavail;
    };
    {
        auto ledger = open();
        EXPECT_TRUE(start(*ledger, "r-1"));
        EXPECT_EQ(fill(), 0u);
        const auto no_room = ledger->reserve();
        EXPECT_FALSE(no_room);
        EXPECT_EQ(ledger->events("r-1")->size(), 1u);

        std::filesystem::remove(disk / "filler");
        EXPECT_TRUE(ledger->reserve());
        EXPECT_EQ(fill(), 0u);
        const auto key = new_key();
        const std::array<const AccessKey*, 1> keys{&key};
        EXPECT_EQ(ledger->append("r-1", 1, rotation::CreateRefused{at(1), "Odd", std::string(40000, '?')}),
                  2u)
            << "though AWS's words are long";
        EXPECT_EQ(ledger->append("r-1", 2, rotation::KeyCreated{at(2), key.id}, keys), 3u);
        EXPECT_TRUE(ledger->unseal("r-1", key.id)->same_as(key));
    }
    EXPECT_EQ(open()->events("r-1")->size(), 3u) << "and the full disk does not hinder the next process";
    umount(disk.c_str());
}

TEST_F(CrashTest, AReadOnlyFileSystemIsAnErrorInWords) {
    const auto disk = folder.path() / "disk";
    if (!mount_small_disk(disk)) GTEST_SKIP() << "needs the right to mount a small file system";
    options.database = disk / "state/ledger.sqlite";
    EXPECT_TRUE(start(*open(), "r-1"));
    mount("none", disk.c_str(), "tmpfs", MS_REMOUNT | MS_RDONLY, "size=2m");
    EXPECT_FALSE(refusal().message.empty());
    mount("none", disk.c_str(), "tmpfs", MS_REMOUNT, "size=2m");
    EXPECT_EQ(open()->events("r-1")->size(), 1u);
    umount(disk.c_str());
}

}  // namespace
}  // namespace keytide::ledger
