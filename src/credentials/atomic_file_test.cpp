#include "credentials/atomic_file.hpp"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>

#include "credentials/failing_disk.hpp"
#include "credentials/scratch_folder.hpp"

namespace keytide::credentials {
namespace {

struct AtomicFile : testing::Test {
    ScratchFolder folder;

    // Reads, locks and replaces, as a writer does.
    std::expected<void, ReplaceError> replace(const std::string& path, std::string_view bytes) {
        auto lock = FileLock::take(path);
        if (!lock) return std::unexpected(ReplaceError{lock.error()});
        auto content = read_regular_file(lock->path());
        if (!content) return std::unexpected(ReplaceError{content.error()});
        return replace_file(*lock, *content, bytes);
    }
};

TEST_F(AtomicFile, ReplacesContentAndLeavesNothingElseBehind) {
    const auto path = folder.write("f", "old", 0640);
    ASSERT_TRUE(replace(path, "new"));
    EXPECT_EQ(text_at(path), "new");
    EXPECT_EQ(mode_at(path), 0640u);
    EXPECT_EQ(folder.names(), std::set<std::string>{"f"});
}

TEST_F(AtomicFile, MakesANewFileAndItsFoldersForTheOwnerAlone) {
    const auto path = folder / "a/b/f";
    umask(0);
    ASSERT_TRUE(replace(path, "new"));
    EXPECT_EQ(text_at(path), "new");
    EXPECT_EQ(mode_at(path), 0600u);
    EXPECT_EQ(mode_at(folder / "a/b"), 0700u);
    EXPECT_EQ(mode_at(folder / "a"), 0700u);
}

TEST_F(AtomicFile, FoldersMadeInVainAreRemoved) {
    {
        const auto lock = FileLock::take(folder / "a/b/f");
        ASSERT_TRUE(lock);
    }
    EXPECT_TRUE(folder.names().empty());
}

TEST_F(AtomicFile, KeepsTheOwner) {
    if (geteuid() != 0) GTEST_SKIP() << "only root can give a file away: run as root to test that it stays";
    const auto path = folder.write("f", "old");
    ASSERT_EQ(chown(path.c_str(), 12345, 54321), 0);
    ASSERT_TRUE(replace(path, "new"));
    struct stat status {};
    ASSERT_EQ(stat(path.c_str(), &status), 0);
    EXPECT_EQ(status.st_uid, 12345u);
    EXPECT_EQ(status.st_gid, 54321u);
}

TEST_F(AtomicFile, KeepsExtendedAttributes) {
    const auto path = folder.write("f", "old");
    if (setxattr(path.c_str(), "user.note", "hello", 5, 0) != 0)
        GTEST_SKIP()
            << "the temporary folder's file system knows no extended attributes: set TMPDIR to another";
    ASSERT_TRUE(replace(path, "new"));
    char value[16];
    ASSERT_EQ(getxattr(path.c_str(), "user.note", value, sizeof value), 5);
    EXPECT_EQ(std::string(value, 5), "hello");
}

TEST_F(AtomicFile, FollowsSymbolicLinksAndKeepsThem) {
    folder.write("real/f", "old");
    std::filesystem::create_symlink("real/f", folder / "inner");
    std::filesystem::create_symlink(folder / "inner", folder / "outer");
    ASSERT_TRUE(replace(folder / "outer", "new"));
    EXPECT_EQ(text_at(folder / "real/f"), "new");
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "outer"));
    EXPECT_TRUE(std::filesystem::is_symlink(folder / "inner"));

    std::filesystem::create_symlink("real/missing", folder / "dangling");
    ASSERT_TRUE(replace(folder / "dangling", "made"));
    EXPECT_EQ(text_at(folder / "real/missing"), "made");

    std::filesystem::create_symlink("circle", folder / "circle");
    EXPECT_FALSE(replace(folder / "circle", "new"));
}

TEST_F(AtomicFile, FollowsNoLinkThatSomebodyElsePutIntoAnOpenFolder) {
    if (geteuid() != 0)
        GTEST_SKIP() << "only root can give a link away: run as root to test that it is refused";
    const auto target = folder.write("f", "old");
    std::filesystem::create_directory(folder / "open");
    std::filesystem::create_symlink(target, folder / "open/link");
    ASSERT_EQ(lchown((folder / "open/link").c_str(), 12345, 12345), 0);
    ASSERT_EQ(chmod((folder / "open").c_str(), 01777), 0);
    EXPECT_FALSE(replace(folder / "open/link", "new"));
    EXPECT_EQ(text_at(target), "old");
}

TEST_F(AtomicFile, RefusesWhatIsNoRegularFileAndNeverHangs) {
    ASSERT_EQ(mkfifo((folder / "fifo").c_str(), 0600), 0);
    std::filesystem::create_directory(folder / "folder");
    const auto refusal = [](const std::string& path) {
        const auto content = read_regular_file(path);
        return content ? "(read)" : content.error().message;
    };
    EXPECT_EQ(refusal(folder / "fifo"), (folder / "fifo") + " is a FIFO, not a regular file");
    EXPECT_EQ(refusal(folder / "folder"), (folder / "folder") + " is a folder, not a regular file");
    EXPECT_EQ(refusal("/dev/zero"), "/dev/zero is a device, not a regular file");
    EXPECT_EQ(refusal(folder.write("under", "") + "/f"),
              "cannot open " + (folder / "under/f") + ": Not a directory");
    EXPECT_FALSE(*read_regular_file(folder / "missing"));
    const auto big = folder.write("big", "");
    std::filesystem::resize_file(big, largest_file + 1);
    EXPECT_NE(refusal(big).find("larger than 4 MiB"), std::string::npos);
}

TEST_F(AtomicFile, RefusesAFileWithFurtherNames) {
    const auto path = folder.write("f", "old");
    std::filesystem::create_hard_link(path, folder / "other");
    const auto done = replace(path, "new");
    ASSERT_FALSE(done);
    EXPECT_FALSE(done.error().may_have_happened);
    EXPECT_EQ(text_at(path), "old");
    EXPECT_EQ(folder.names(), (std::set<std::string>{"f", "other"}));
}

TEST_F(AtomicFile, NoticesThatTheFileWasChangedMeanwhile) {
    const auto path = folder.write("f", "old");
    const auto lock = FileLock::take(path);
    ASSERT_TRUE(lock);
    const auto seen = *read_regular_file(path);
    folder.write("f", "odd");
    EXPECT_FALSE(replace_file(*lock, seen, "new"));
    EXPECT_EQ(text_at(path), "odd");

    std::filesystem::remove(path);
    EXPECT_FALSE(replace_file(*lock, seen, "new")) << "it was removed";
    EXPECT_FALSE(std::filesystem::exists(path));

    folder.write("f", "made by somebody");
    EXPECT_FALSE(replace_file(*lock, std::nullopt, "new")) << "it appeared";
    EXPECT_EQ(text_at(path), "made by somebody");
}

TEST_F(AtomicFile, AFailureBeforeTheRenameChangesNothing) {
    const auto path = folder.write("f", "old");
    const std::pair<DiskCall, int> faults[] = {{DiskCall::write, ENOSPC},
                                               {DiskCall::write, EDQUOT},
                                               {DiskCall::sync_file, EIO},
                                               {DiskCall::rename, EROFS}};
    for (const auto& [call, number] : faults) {
        const FailingDisk disk(call, number);
        for (const auto& at : {path, folder / "missing"}) {
            const auto done = replace(at, "new");
            ASSERT_FALSE(done);
            EXPECT_FALSE(done.error().may_have_happened);
        }
        EXPECT_EQ(text_at(path), "old");
        EXPECT_EQ(folder.names(), std::set<std::string>{"f"}) << "a temporary file stayed";
    }
}

TEST_F(AtomicFile, SaysThatTheDiskIsFullOrReadOnly) {
    const auto path = folder.write("f", "old");
    const auto message = [&](DiskCall call, int number) {
        const FailingDisk disk(call, number);
        const auto done = replace(path, "new");
        return done ? "" : done.error().error.message + "; " + done.error().error.hint;
    };
    EXPECT_NE(message(DiskCall::write, ENOSPC).find("No space left on device; make room"), std::string::npos);
    EXPECT_NE(message(DiskCall::rename, EROFS).find("Read-only file system; the file system is mounted"),
              std::string::npos);
}

TEST_F(AtomicFile, AFailureAfterTheRenameIsNotCalledUnchanged) {
    const auto path = folder.write("f", "old");
    const FailingDisk disk(DiskCall::sync_folder, EIO);
    const auto done = replace(path, "new");
    ASSERT_FALSE(done);
    EXPECT_TRUE(done.error().may_have_happened);
}

TEST_F(AtomicFile, AFolderThatMayBeGoneAfterAPowerCutIsNotWrittenInto) {
    const FailingDisk disk(DiskCall::sync_folder, EIO);
    const auto lock = FileLock::take(folder / "a/b/f");
    ASSERT_FALSE(lock);
    EXPECT_NE(lock.error().message.find("cannot make durable the folder"), std::string::npos)
        << lock.error().message;
    EXPECT_TRUE(folder.names().empty()) << "what was made is taken away";
}

TEST_F(AtomicFile, ATemporaryFileOfAKilledProcessIsInNobodysWay) {
    const auto path = folder.write("f", "old");
    folder.write(".f.keytide-new", "half of a sec", 0000);
    ASSERT_TRUE(replace(path, "new"));
    EXPECT_EQ(text_at(path), "new");
    EXPECT_EQ(folder.names(), std::set<std::string>{"f"});
}

TEST_F(AtomicFile, OneWriterAtATime) {
    const auto path = folder.write("f", "old");
    std::filesystem::create_symlink("f", folder / "link");
    {
        const auto held = FileLock::take(path);
        ASSERT_TRUE(held);
        const auto second = FileLock::take(folder / "link");
        ASSERT_FALSE(second);
        EXPECT_EQ(second.error().kind, ErrorKind::busy);
    }
    EXPECT_TRUE(FileLock::take(path));
    EXPECT_EQ(folder.names(), (std::set<std::string>{"f", "link"}));
}

TEST_F(AtomicFile, AProgramThatIsStartedDoesNotInheritTheLock) {
    const auto lock = FileLock::take(folder.write("f", "old"));
    ASSERT_TRUE(lock);
    int seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
        std::error_code gone;
        if (std::filesystem::read_symlink(entry, gone) != folder / ".f.keytide-lock") continue;
        EXPECT_TRUE(fcntl(std::stoi(entry.path().filename()), F_GETFD) & FD_CLOEXEC);
        ++seen;
    }
    EXPECT_EQ(seen, 1);
}

// Many processes add one line each: no line is lost, whoever finds the file busy tries again.
TEST_F(AtomicFile, ConcurrentWritersLoseNothing) {
    const auto path = folder.write("f", "");
    std::vector<pid_t> children;
    for (int n = 0; n < 4; ++n) {
        children.push_back(fork());
        if (children.back() != 0) continue;
        for (int line = 0; line < 10;) {
            auto lock = FileLock::take(path);
            if (!lock) continue;
            auto content = read_regular_file(path);
            auto text = (*content)->bytes;
            text += char('a' + n);
            if (!replace_file(*lock, *content, text)) _exit(1);
            ++line;
        }
        _exit(0);
    }
    for (const auto child : children) {
        int status = -1;
        waitpid(child, &status, 0);
        EXPECT_EQ(status, 0);
    }
    const auto text = text_at(path);
    for (int n = 0; n < 4; ++n) EXPECT_EQ(std::count(text.begin(), text.end(), char('a' + n)), 10);
}

}  // namespace
}  // namespace keytide::credentials
