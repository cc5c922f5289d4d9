#include "ledger/private_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>

#include "vocabulary/file_descriptor.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

std::unexpected<Error> trouble(const fs::path& path, std::string_view what, int error) {
    return failed(fmt::format("{} {}: {}", path.string(), what, std::strerror(error)),
                  error == ENOSPC || error == EDQUOT ? "make room on its disk"
                  : error == EFBIG                   ? "a limit on the size of files is too low (ulimit -f)"
                                                     : "");
}

Result<void> judge(const fs::path& path, const struct stat& status, mode_t forbidden) {
    if (status.st_uid != geteuid())
        return failed(fmt::format("{} belongs to another user (uid {})", path.string(), status.st_uid),
                      "run keytide as that user, or give the file to yours");
    if ((status.st_mode & forbidden) != 0)
        return failed(
            fmt::format("{} is open to other users (mode {:04o})", path.string(), status.st_mode & 07777u),
            fmt::format("close it: chmod go-rwx '{}'", path.string()));
    return {};
}

fs::path folder_of(const fs::path& file) {
    return file.has_parent_path() ? file.parent_path() : fs::path(".");
}

Result<void> sync_folder(const fs::path& folder) {
    const FileDescriptor fd(open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd || fsync(fd.get()) != 0) return trouble(folder, "cannot be synced", errno);
    return {};
}

// A finished file under a passing name, in the folder of `file`.
Result<fs::path> write_beside(const fs::path& file, std::string_view bytes) {
    std::string name = file.string() + ".XXXXXX";
    const FileDescriptor fd(mkostemp(name.data(), O_CLOEXEC));  // mode 0600
    if (!fd) return trouble(folder_of(file), "cannot be written", errno);
    while (!bytes.empty()) {
        const auto written = write(fd.get(), bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) {
            const int error = errno;
            unlink(name.c_str());
            return trouble(file, "cannot be written", error);
        }
        bytes.remove_prefix(std::size_t(written));
    }
    if (fsync(fd.get()) != 0) {
        const int error = errno;
        unlink(name.c_str());
        return trouble(file, "cannot be written", error);
    }
    return fs::path(name);
}

}  // namespace

Result<void> check_private_folder(const fs::path& folder) {
    struct stat status {};
    if (stat(folder.c_str(), &status) != 0) return trouble(folder, "cannot be used", errno);
    if (!S_ISDIR(status.st_mode)) return failed(folder.string() + " is not a folder");
    return judge(folder, status, S_IWGRP | S_IWOTH);
}

Result<void> make_private_folder(const fs::path& folder) {
    struct stat status {};
    if (stat(folder.c_str(), &status) == 0) return check_private_folder(folder);
    if (errno != ENOENT) return trouble(folder, "cannot be used", errno);
    // Parents are made like it, but existing ones are the system's or the person's own affair.
    const auto parent = folder_of(folder);
    if (stat(parent.c_str(), &status) != 0)
        if (auto ok = make_private_folder(parent); !ok) return ok;
    if (mkdir(folder.c_str(), 0700) != 0) {
        if (errno == EEXIST) return make_private_folder(folder);  // another process was faster
        return trouble(folder, "cannot be made", errno);
    }
    return sync_folder(parent);
}

Result<void> check_private_file(const fs::path& file) {
    struct stat status {};
    if (stat(file.c_str(), &status) != 0) return trouble(file, "cannot be used", errno);
    if (!S_ISREG(status.st_mode)) return failed(file.string() + " is not a regular file");
    return judge(file, status, 077);
}

Result<std::optional<WipedString>> read_private_file(const fs::path& file) {
    constexpr off_t most = 1 << 20;
    // O_NONBLOCK: a FIFO of that name must not hold us up.
    const FileDescriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT) return std::nullopt;
    if (!fd) return trouble(file, "cannot be read", errno);
    struct stat status {};
    if (fstat(fd.get(), &status) != 0) return trouble(file, "cannot be read", errno);
    if (!S_ISREG(status.st_mode)) return failed(file.string() + " is not a regular file");
    if (auto ok = judge(file, status, 077); !ok) return std::unexpected(ok.error());
    if (status.st_size > most) return failed(file.string() + " is larger than 1 MiB");

    WipedString bytes(std::size_t(status.st_size), '\0');
    std::size_t length = 0;
    while (length < bytes.size()) {
        const auto got = read(fd.get(), bytes.data() + length, bytes.size() - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return trouble(file, "cannot be read", errno);
        if (got == 0) break;
        length += std::size_t(got);
    }
    bytes.resize(length);
    return bytes;
}

Result<void> sync_names(const fs::path& file) {
    auto folder = folder_of(file);
    if (auto ok = sync_folder(folder); !ok) return ok;
    for (struct stat status{}; stat(folder.c_str(), &status) == 0 && status.st_uid == geteuid();) {
        const auto above = folder_of(folder);
        if (above == folder) break;
        // One that we may not look into was there before us.
        if (access(above.c_str(), R_OK) == 0)
            if (auto ok = sync_folder(above); !ok) return ok;
        folder = above;
    }
    return {};
}

Result<void> sync_private_file(const fs::path& file) {
    const FileDescriptor fd(open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd && errno == ENOENT) return {};
    if (!fd || fsync(fd.get()) != 0) return trouble(file, "cannot be synced", errno);
    return {};
}

Result<bool> publish(const fs::path& from, const fs::path& to) {
    // link(2) never replaces, unlike rename(2).
    const bool first = link(from.c_str(), to.c_str()) == 0;
    const int error = errno;
    unlink(from.c_str());
    if (!first && error != EEXIST) return trouble(to, "cannot be made", error);
    if (auto ok = sync_folder(folder_of(to)); !ok) return std::unexpected(ok.error());
    return first;
}

Result<void> move_private_file(const fs::path& from, const fs::path& to) {
    if (rename(from.c_str(), to.c_str()) != 0) return trouble(to, "cannot be replaced", errno);
    return sync_folder(folder_of(to));
}

Result<bool> create_private_file(const fs::path& file, std::string_view bytes) {
    const auto temporary = write_beside(file, bytes);
    if (!temporary) return std::unexpected(temporary.error());
    return publish(*temporary, file);
}

Result<void> replace_private_file(const fs::path& file, std::string_view bytes) {
    const auto temporary = write_beside(file, bytes);
    if (!temporary) return std::unexpected(temporary.error());
    if (rename(temporary->c_str(), file.c_str()) != 0) {
        const int error = errno;
        unlink(temporary->c_str());
        return trouble(file, "cannot be written", error);
    }
    return {};
}

}  // namespace keytide::ledger
