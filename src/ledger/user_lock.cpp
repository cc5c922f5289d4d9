#include "ledger/user_lock.hpp"

#include <fmt/format.h>

#include <cctype>

#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

// Any text as a file name; texts that differ stay different.
std::string as_file_name(std::string_view text) {
    std::string name;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        name += std::isalnum(byte) != 0 && byte < 0x80 ? std::string(1, c) : fmt::format("%{:02x}", byte);
    }
    return name;
}

std::string lower(std::string_view text) {
    std::string result(text);
    for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    return result;
}

std::string name_of_user(const AccountId& account, std::string_view user_name) {
    return fmt::format("user-{}-{}", as_file_name(account), as_file_name(lower(user_name)));
}

fs::path file_of(const fs::path& folder, const std::string& name) {
    return folder / "locks" / (name + ".lock");
}

Result<FileLock> take(const std::filesystem::path& folder, const std::string& name, std::string_view what) {
    const auto file = file_of(folder, name);
    if (auto ok = make_private_folder(file.parent_path()); !ok) return std::unexpected(ok.error());
    auto lock = FileLock::try_acquire(file);
    if (!lock) return std::unexpected(lock.error());
    if (*lock) return std::move(**lock);
    const auto pid = FileLock::holder(file);
    return std::unexpected(Error{ErrorKind::busy,
                                 pid > 0 ? fmt::format("another process works on this {} (pid {})", what, pid)
                                         : fmt::format("another process works on this {}", what),
                                 "wait until it has ended, or end it; what it has begun can be resumed"});
}

}  // namespace

Result<UserLock> UserLock::acquire(const std::filesystem::path& folder, const AccountId& account,
                                   std::string_view user_name, std::string_view user_id) {
    UserLock result;
    auto by_name = take(folder, name_of_user(account, user_name), "user");
    if (!by_name) return std::unexpected(by_name.error());
    result.locks_.push_back(std::move(*by_name));
    if (user_id.empty()) return result;
    auto by_id =
        take(folder, fmt::format("userid-{}-{}", as_file_name(account), as_file_name(user_id)), "user");
    if (!by_id) return std::unexpected(by_id.error());
    result.locks_.push_back(std::move(*by_id));
    return result;
}

Result<UserLock> UserLock::acquire(const std::filesystem::path& folder, const rotation::RotationId& id) {
    UserLock result;
    auto lock = take(folder, "rotation-" + as_file_name(id), "rotation");
    if (!lock) return std::unexpected(lock.error());
    result.locks_.push_back(std::move(*lock));
    return result;
}

std::optional<long> UserLock::holder(const fs::path& folder, const AccountId& account,
                                     std::string_view user_name) {
    const auto file = file_of(folder, name_of_user(account, user_name));
    if (!FileLock::is_held(file)) return std::nullopt;
    return FileLock::holder(file);
}

}  // namespace keytide::ledger
