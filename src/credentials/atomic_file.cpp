#include "credentials/atomic_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <stdio.h>  // renameat2
#include <sys/stat.h>
#include <sys/xattr.h>

#include <cerrno>
#include <vector>

#include "credentials/file_path.hpp"
#include "credentials/sync_folder.hpp"

namespace keytide::credentials {
namespace {

std::string temporary_path(const FileLock& lock) {
    return folder_of(lock.path()) + "/." + name_of(lock.path()) + ".keytide-new";
}

std::unexpected<ReplaceError> unchanged(Error error) {
    return std::unexpected(ReplaceError{std::move(error)});
}

// Removes the temporary file unless it was given its name.
class Temporary {
public:
    explicit Temporary(std::string path) : path_(std::move(path)) {}
    Temporary(const Temporary&) = delete;
    Temporary& operator=(const Temporary&) = delete;
    ~Temporary() {
        if (!path_.empty()) unlink(path_.c_str());
    }
    void is_renamed() { path_.clear(); }

private:
    std::string path_;
};

Result<void> write_all(int file, std::string_view bytes, const std::string& path) {
    while (!bytes.empty()) {
        const auto n = write(file, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("write", path, errno));
        bytes.remove_prefix(std::size_t(n));
    }
    return {};
}

// Security labels are the system's to give: they are copied where that is allowed.
Result<void> copy_attributes(int from, int to, const std::string& path) {
    std::vector<char> names(65536), value(65536);  // Linux's largest
    const auto length = flistxattr(from, names.data(), names.size());
    if (length < 0 && errno == ENOTSUP) return {};
    if (length < 0) return std::unexpected(system_error("read the extended attributes of", path, errno));
    for (const char* name = names.data(); name < names.data() + length;) {
        const std::string_view text(name);
        const auto size = fgetxattr(from, name, value.data(), value.size());
        const bool copied = size >= 0 && fsetxattr(to, name, value.data(), std::size_t(size), 0) == 0;
        if (!copied && !text.starts_with("security."))
            return std::unexpected(system_error(fmt::format("keep the attribute {} of", text), path, errno));
        name += text.size() + 1;
    }
    return {};
}

Result<void> keep_appearance(int old_file, int new_file, const std::string& path) {
    struct stat status {
    }, made{};
    if (fstat(old_file, &status) != 0 || fstat(new_file, &made) != 0)
        return std::unexpected(system_error("read the mode of", path, errno));
    if (status.st_nlink > 1)
        return failed(fmt::format("{} has {} names (hard links); only one of them would be replaced", path,
                                  status.st_nlink),
                      "make it one file, or a symbolic link");
    const bool other_owner = status.st_uid != made.st_uid || status.st_gid != made.st_gid;
    if (other_owner && fchown(new_file, status.st_uid, status.st_gid) != 0)
        return std::unexpected(system_error("keep the owner of", path, errno));
    if (fchmod(new_file, status.st_mode & 07777) != 0)
        return std::unexpected(system_error("keep the mode of", path, errno));
    return copy_attributes(old_file, new_file, path);
}

Result<void> check_unchanged(const std::string& path, const std::optional<FileContent>& expected) {
    auto now = read_regular_file(path);
    if (!now) return std::unexpected(now.error());
    const bool same =
        now->has_value() == expected.has_value() &&
        (!expected || ((*now)->version == expected->version && (*now)->bytes == expected->bytes));
    if (same) return {};
    return failed("another program changed " + path + " at this moment", "try again when it has ended");
}

// Gives the temporary file its name without replacing one that appeared meanwhile. NFS knows no
// RENAME_NOREPLACE, FAT no links.
bool rename_to_new(const std::string& temporary, const std::string& path) {
    if (renameat2(AT_FDCWD, temporary.c_str(), AT_FDCWD, path.c_str(), RENAME_NOREPLACE) == 0) return true;
    if (errno != EINVAL && errno != ENOSYS) return false;
    return link(temporary.c_str(), path.c_str()) == 0 && unlink(temporary.c_str()) == 0;
}

Result<void> prepare(const std::string& temporary, const std::string& path, bool exists,
                     std::string_view bytes) {
    const FileDescriptor file(
        open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
    if (!file) return std::unexpected(system_error("make the temporary file", temporary, errno));
    if (auto ok = write_all(file.get(), bytes, temporary); !ok) return ok;
    if (exists) {
        const FileDescriptor old_file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
        if (!old_file) return std::unexpected(system_error("open", path, errno));
        if (auto ok = keep_appearance(old_file.get(), file.get(), path); !ok) return ok;
    }
    if (fsync(file.get()) != 0) return std::unexpected(system_error("write", temporary, errno));
    return {};
}

}  // namespace

std::expected<void, ReplaceError> replace_file(const FileLock& lock,
                                               const std::optional<FileContent>& expected,
                                               std::string_view bytes) {
    const auto& path = lock.path();
    const auto temporary = temporary_path(lock);
    if (unlink(temporary.c_str()) != 0 && errno != ENOENT)
        return unchanged(system_error("remove the old temporary file", temporary, errno));
    Temporary cleanup(temporary);
    if (auto ok = prepare(temporary, path, expected.has_value(), bytes); !ok) return unchanged(ok.error());

    // Last of all, so that a writer without our lock has the smallest gap to slip through.
    if (auto ok = check_unchanged(path, expected); !ok) return unchanged(ok.error());
    const bool renamed =
        expected ? rename(temporary.c_str(), path.c_str()) == 0 : rename_to_new(temporary, path);
    if (!renamed) return unchanged(system_error("replace", path, errno));
    cleanup.is_renamed();
    if (auto ok = sync_folder(folder_of(path)); !ok) return std::unexpected(ReplaceError{ok.error(), true});
    return {};
}

Result<void> make_durable(const FileLock& lock) {
    const FileDescriptor file(open(lock.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file || fsync(file.get()) != 0)
        return std::unexpected(system_error("make durable", lock.path(), errno));
    return sync_folder(folder_of(lock.path()));
}

}  // namespace keytide::credentials
