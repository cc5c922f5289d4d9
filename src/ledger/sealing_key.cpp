#include "ledger/sealing_key.hpp"

#include <fmt/format.h>

#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

constexpr std::size_t key_length = 32;

Result<std::optional<Secret>> load(const std::filesystem::path& file) {
    const auto bytes = read_private_file(file);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return std::nullopt;
    if ((*bytes)->size() != key_length)
        return failed(fmt::format("the sealing key {} has {} bytes instead of {}", file.string(),
                                  (*bytes)->size(), key_length),
                      "put it back from a backup");
    return Secret(**bytes);
}

}  // namespace

Result<Secret> load_sealing_key(const std::filesystem::path& file) {
    auto key = load(file);
    if (!key) return std::unexpected(key.error());
    if (*key) return std::move(**key);
    return failed(
        fmt::format("the sealing key {} is missing", file.string()),
        "put it back from a backup: without it the ledger cannot be read, and no new key is made in "
        "its place");
}

Result<Secret> load_or_make_sealing_key(const std::filesystem::path& file, ports::Entropy& entropy) {
    if (auto ok = make_private_folder(file.parent_path()); !ok) return std::unexpected(ok.error());
    auto key = load(file);
    if (!key) return std::unexpected(key.error());
    if (*key) return std::move(**key);

    WipedString bytes(key_length, '\0');
    entropy.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    if (const auto made = create_private_file(file, bytes); !made) return std::unexpected(made.error());
    return load_sealing_key(file);  // ours, or that of whoever was faster; and proof that it can be read
}

}  // namespace keytide::ledger
