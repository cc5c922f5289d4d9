// The key under which secrets are sealed and the ledger is chained: 32 random bytes outside the ledger's
// folder, so that a copy of the ledger alone gives nothing away. They lie in a file of mode 0600, or are
// given by whoever starts us (a command, the environment, a credential of systemd), and then no file is
// looked at.
//
// A new key lies beside the file, with the ending ".new", from before the ledger is sealed under it until it
// takes the file's place. Whoever finds both takes the one that is the ledger's.
#pragma once

#include <filesystem>
#include <optional>

#include "ledger/chain.hpp"
#include "ledger/ledger_file.hpp"
#include "ports/entropy.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/secret.hpp"

namespace keytide::ledger {

// The key that is there. Missing, of another length, or open to others: an error, never a new key.
Result<Secret> load_sealing_key(const std::filesystem::path& file);

// For a ledger that is yet to be made. Processes that do this at once end with the same key.
Result<Secret> load_or_make_sealing_key(const std::filesystem::path& file, ports::Entropy& entropy);

// 32 bytes in base64, with white space around them. `from` says in words where they came from.
Result<Secret> sealing_key_from_base64(std::string_view text, std::string_view from);

// What a file with a key holds: the 32 bytes themselves, or base64.
Result<Secret> sealing_key_from_bytes(std::string_view bytes, std::string_view from);

struct GivenKey {
    Secret key;
    std::string from;  // "KEYTIDE_SEALING_KEY", "the command 'pass keytide'"
};

struct KeyPlace {
    std::filesystem::path file;
    const GivenKey* given = nullptr;  // instead of the file
};

// Names a key in messages, for one ledger; tells nothing of the key itself.
std::string key_id(std::string_view origin);

// The key of the ledger with this identity; an error that names both keys when it is another one's.
struct FoundKey {
    Secret key;
    Chain chain;
    bool is_new = false;  // it lies in the file of the new key
};
Result<FoundKey> find_sealing_key(const KeyPlace& place, const Identity& ledger,
                                  const std::filesystem::path& database);

bool has_new_key(const std::filesystem::path& file);

// The new key, on disk: `wanted`, or a random one, or one that is there already.
Result<Secret> prepare_new_key(const std::filesystem::path& file, const Secret* wanted,
                               ports::Entropy& entropy);

// The new key takes the old one's place, who is gone then. `key` is that new key.
Result<void> drop_old_key(const std::filesystem::path& file, const Secret& key);

}  // namespace keytide::ledger
