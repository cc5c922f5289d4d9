#include "ledger/sealing_key.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t key_length = 32;

fs::path new_file_of(const fs::path& file) {
    return file.string() + ".new";
}

Result<std::optional<Secret>> load(const fs::path& file) {
    const auto bytes = read_private_file(file);
    if (!bytes) return std::unexpected(bytes.error());
    if (!*bytes) return std::nullopt;
    if ((*bytes)->size() != key_length)
        return failed(fmt::format("the sealing key {} has {} bytes instead of {}", file.string(),
                                  (*bytes)->size(), key_length),
                      "put it back from a backup");
    return Secret(**bytes);
}

// One of the candidates for a ledger's key.
class Candidate {
public:
    Candidate(Secret key, bool is_new, std::string from)
        : key_(std::move(key)), is_new_(is_new), from_(std::move(from)) {}

    // Nothing when the ledger's key is another one; `seen` collects what was tried, in words.
    Result<std::optional<FoundKey>> match(const Identity& ledger, std::string& seen) {
        auto chain = Chain::make(key_);
        if (!chain) return std::unexpected(chain.error());
        const auto origin = chain->origin(ledger.id);
        if (bytes_of(origin) == ledger.origin) return FoundKey{std::move(key_), std::move(*chain), is_new_};
        seen += fmt::format("{}{} (key {})", seen.empty() ? "" : " and ", from_, key_id(bytes_of(origin)));
        return std::nullopt;
    }

private:
    Secret key_;
    bool is_new_;
    std::string from_;
};

}  // namespace

Result<Secret> load_sealing_key(const fs::path& file) {
    auto key = load(file);
    if (!key) return std::unexpected(key.error());
    if (*key) return std::move(**key);
    return failed(
        fmt::format("the sealing key {} is missing", file.string()),
        "put it back from a backup: without it the ledger cannot be read, and no new key is made in "
        "its place");
}

Result<Secret> load_or_make_sealing_key(const fs::path& file, ports::Entropy& entropy) {
    if (auto ok = make_private_folder(file.parent_path()); !ok) return std::unexpected(ok.error());
    auto key = load(file);
    if (!key) return std::unexpected(key.error());
    if (*key) return std::move(**key);

    WipedString bytes(key_length, '\0');
    entropy.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    if (const auto made = create_private_file(file, bytes); !made) return std::unexpected(made.error());
    return load_sealing_key(file);  // ours, or that of whoever was faster; and proof that it can be read
}

Result<Secret> sealing_key_from_base64(std::string_view text, std::string_view from) {
    constexpr std::string_view space = " \t\r\n";
    text.remove_prefix(std::min(text.find_first_not_of(space), text.size()));
    text = text.substr(0, text.find_last_not_of(space) + 1);
    WipedString bytes(key_length + 1, '\0');
    std::size_t length = 0;
    const char* end = nullptr;
    const bool decoded =
        sodium_base642bin(reinterpret_cast<unsigned char*>(bytes.data()), bytes.size(), text.data(),
                          text.size(), nullptr, &length, &end, sodium_base64_VARIANT_ORIGINAL) == 0;
    if (!decoded || end != text.data() + text.size() || length != key_length)
        return usage_error(fmt::format("{} holds no sealing key", from),
                           "a key is 32 random bytes in base64, such as 'openssl rand -base64 32' prints");
    return Secret(std::string_view(bytes).substr(0, key_length));
}

Result<Secret> sealing_key_from_bytes(std::string_view bytes, std::string_view from) {
    if (bytes.size() == key_length) return Secret(bytes);
    return sealing_key_from_base64(bytes, from);
}

std::string key_id(std::string_view origin) {
    std::string id;
    for (const char byte : origin.substr(0, 8)) id += fmt::format("{:02x}", static_cast<unsigned char>(byte));
    return id;
}

Result<FoundKey> find_sealing_key(const KeyPlace& place, const Identity& ledger, const fs::path& database) {
    std::vector<Candidate> candidates;
    if (place.given != nullptr) {
        candidates.emplace_back(place.given->key.clone(), false, place.given->from);
    } else {
        auto key = load(place.file);
        if (!key) return std::unexpected(key.error());
        if (*key) candidates.emplace_back(std::move(**key), false, place.file.string());
        auto new_key = load(new_file_of(place.file));
        if (!new_key) return std::unexpected(new_key.error());
        if (*new_key) candidates.emplace_back(std::move(**new_key), true, new_file_of(place.file).string());
        if (candidates.empty()) return std::unexpected(load_sealing_key(place.file).error());
    }
    std::string seen;
    for (auto& candidate : candidates) {
        auto found = candidate.match(ledger, seen);
        if (!found) return std::unexpected(found.error());
        if (*found) return std::move(**found);
    }
    return failed(fmt::format("the sealing key is not the one of the ledger {} (key {}): {}",
                              database.string(), key_id(ledger.origin), seen),
                  "give the ledger's own key; a copy of the ledger from before its key was changed has the "
                  "key of that time");
}

bool has_new_key(const fs::path& file) {
    return is_there(new_file_of(file));
}

Result<Secret> prepare_new_key(const fs::path& file, const Secret* wanted, ports::Entropy& entropy) {
    const auto new_file = new_file_of(file);
    auto found = load(new_file);
    if (!found) return std::unexpected(found.error());
    if (*found && wanted != nullptr && !(*found)->same_as(*wanted))
        return usage_error(fmt::format("{} holds another new key: changing the key was begun with it and "
                                       "did not end",
                                       new_file.string()),
                           "run 'keytide ledger rekey' without naming a key");
    if (*found) return std::move(**found);
    WipedString bytes(key_length, '\0');
    entropy.fill(std::as_writable_bytes(std::span(bytes.data(), bytes.size())));
    if (wanted != nullptr) bytes.assign(wanted->reveal());
    if (const auto made = create_private_file(new_file, bytes); !made) return std::unexpected(made.error());
    return load_sealing_key(new_file);
}

Result<void> drop_old_key(const fs::path& file, const Secret& key) {
    const auto renamed = move_private_file(new_file_of(file), file);
    if (renamed) return {};
    const auto now = load_sealing_key(file);  // another process may have been faster
    if (now && now->same_as(key)) return {};
    return renamed;
}

}  // namespace keytide::ledger
