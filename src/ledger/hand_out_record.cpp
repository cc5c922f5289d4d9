#include "ledger/hand_out_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>

#include <cerrno>
#include <cstring>

#include "ledger/private_file.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::ledger {
namespace {

// Waits for its turn; a signal ends the waiting. It ends with its owner, however that dies (flock(2)).
Result<FileDescriptor> lock(const std::filesystem::path& folder) {
    const auto file = folder / "lock";
    FileDescriptor fd(open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (fd && flock(fd.get(), LOCK_EX) == 0) return fd;
    if (errno == EINTR) return std::unexpected(Error{ErrorKind::interrupted, "interrupted", ""});
    return failed(fmt::format("the lock {} cannot be taken: {}", file.string(), std::strerror(errno)));
}

}  // namespace

std::filesystem::path HandOutRecord::file_of(const AccessKeyId& key) const {
    return folder_ / (key.text() + ".until");
}

Result<std::optional<Instant>> HandOutRecord::recorded(const AccessKeyId& key) const {
    const auto text = read_private_file(file_of(key));
    if (!text) return std::unexpected(text.error());
    if (!*text) return std::nullopt;
    auto line = std::string_view(**text);
    if (line.ends_with('\n')) line.remove_suffix(1);
    if (const auto until = parse_rfc3339(line)) return until;
    return failed(file_of(key).string() + " holds no time");
}

Result<std::optional<Instant>> HandOutRecord::latest(const AccessKeyId& key) {
    std::error_code error;
    if (!std::filesystem::exists(folder_, error) && !error) return std::nullopt;
    if (auto ok = check_private_folder(folder_); !ok) return std::unexpected(ok.error());
    const auto held = lock(folder_);
    if (!held) return std::unexpected(held.error());
    return recorded(key);
}

Result<AccessKey> HandOutRecord::hand_out(const std::function<Result<AccessKey>()>& read, Instant until) {
    if (auto ok = make_private_folder(folder_); !ok) return std::unexpected(ok.error());
    const auto held = lock(folder_);
    if (!held) return std::unexpected(held.error());
    auto key = read();
    if (!key) return key;
    const auto before = recorded(key->id);
    if (!before) return std::unexpected(before.error());
    if (*before && **before >= until) return key;
    const auto file = file_of(key->id);
    if (auto ok = replace_private_file(file, to_rfc3339(until, true) + "\n"); !ok)
        return std::unexpected(ok.error());
    if (auto ok = sync_names(file); !ok) return std::unexpected(ok.error());
    return key;
}

}  // namespace keytide::ledger
