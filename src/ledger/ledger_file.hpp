// The ledger's SQLite file: how it is made, and what is looked at before a word of it is believed.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "ledger/chain.hpp"
#include "ledger/database.hpp"
#include "ledger/sealing.hpp"
#include "ports/entropy.hpp"

namespace keytide::ledger {

// Nothing, or the file: which of the two cannot be said of a file that is merely out of reach, and then it is
// there.
bool is_there(const std::filesystem::path& file);

// A private file, with the settings that every connection needs; nothing in it is looked at, and closing it
// leaves its log as it is, until somebody who has looked says otherwise.
// Alone: busy while another process has it open, and needs no room on the disk.
enum class Sharing { with_others, alone };
Result<Database> open_ledger_file(const std::filesystem::path& file, std::chrono::milliseconds patience,
                                  Sharing sharing = Sharing::with_others);

// That it is a ledger, of a version that we know, its schema word by word ours.
Result<void> check_ledger_file(Database& database, const std::filesystem::path& file);

// Made beside its place and published when it is complete, so that an empty or half-made file of that name is
// always damage. When another process is faster, its ledger is as good.
Result<void> make_ledger_file(const std::filesystem::path& file, const Chain& chain, ports::Entropy& entropy);

struct Identity {
    std::string id;
    std::string origin;  // Chain::origin() under the ledger's sealing key, which tells whether a key is right
};
Result<Identity> read_identity(Database& database);

bool has_past_keys(Database& database);  // an unreadable file has none
Result<std::vector<PastKey>> read_past_keys(Database& database, const Sealing& sealing,
                                            std::string_view ledger_id);

struct SealedRow {
    std::string rotation, access_key_id;
    Sealed sealed;
};
Result<std::vector<SealedRow>> read_sealed(Database& database);

// Of one row with one number or text; empty when there is none.
Result<std::string> single(Database& database, const char* sql);

std::unexpected<Error> not_whole(const std::string& what);

}  // namespace keytide::ledger
