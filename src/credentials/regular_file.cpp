#include "credentials/regular_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "credentials/file_path.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::credentials {
namespace {

FileVersion version_of(const struct stat& s) {
    const auto ns = [](const timespec& t) { return std::int64_t(t.tv_sec) * 1'000'000'000 + t.tv_nsec; };
    return {s.st_dev, s.st_ino, s.st_size, ns(s.st_mtim), ns(s.st_ctim)};
}

Result<void> check_kind(const struct stat& s, const std::string& path) {
    const char* kind = S_ISREG(s.st_mode)    ? nullptr
                       : S_ISDIR(s.st_mode)  ? "a folder"
                       : S_ISFIFO(s.st_mode) ? "a FIFO"
                       : S_ISSOCK(s.st_mode) ? "a socket"
                                             : "a device";
    if (kind != nullptr)
        return failed(fmt::format("{} is {}, not a regular file", path, kind), "name a regular file");
    if (std::size_t(s.st_size) > largest_file)
        return failed(fmt::format("{} is larger than {} MiB, too large for a file of this kind", path,
                                  largest_file >> 20));
    return {};
}

// Nothing when it changed meanwhile.
Result<std::optional<FileContent>> read_once(int file, const std::string& path) {
    struct stat before {
    }, after{};
    if (fstat(file, &before) != 0) return std::unexpected(system_error("read", path, errno));
    if (auto ok = check_kind(before, path); !ok) return std::unexpected(ok.error());

    FileContent content;
    content.bytes.resize(std::size_t(before.st_size) + 1);  // one more, to see that it grew
    std::size_t got = 0;
    while (got < content.bytes.size()) {
        const auto n = pread(file, content.bytes.data() + got, content.bytes.size() - got, off_t(got));
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return std::unexpected(system_error("read", path, errno));
        if (n == 0) break;
        got += std::size_t(n);
    }
    if (fstat(file, &after) != 0) return std::unexpected(system_error("read", path, errno));
    content.version = version_of(after);
    if (content.version != version_of(before) || got != std::size_t(after.st_size)) return std::nullopt;
    content.bytes.resize(got);
    return content;
}

}  // namespace

Result<std::optional<FileContent>> read_regular_file(const std::string& path) {
    // Looked at before it is opened, because opening a device can already do something; and again afterwards,
    // because it may have been exchanged in between. O_NONBLOCK keeps a FIFO from holding us.
    struct stat status {};
    if (stat(path.c_str(), &status) == 0) {
        if (auto ok = check_kind(status, path); !ok) return std::unexpected(ok.error());
    } else if (errno == ENOENT) {
        return std::nullopt;
    }
    const FileDescriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
    if (!file) {
        if (errno == ENOENT) return std::nullopt;
        return std::unexpected(system_error("open", path, errno));
    }
    for (int attempt = 0; attempt < 5; ++attempt) {
        auto content = read_once(file.get(), path);
        if (!content || *content) return content;
    }
    return failed(path + " keeps changing while it is read",
                  "find out which program writes it, and try again");
}

}  // namespace keytide::credentials
