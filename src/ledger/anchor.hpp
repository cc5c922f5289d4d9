// The anchor: how far each ledger had come, remembered outside of it, so that a ledger put back from an old
// backup does not act on yesterday's knowledge.
//
// A folder with a file for each ledger, named by its id, of one line "COUNT LINK". An event is committed
// first and anchored next, so that a crash in between leaves the ledger ahead of its anchor, which is
// allowed; behind it, it never is by itself. The link is a keyed hash, so that the line cannot be made up for
// another history.
//
// No lock: the file is replaced whole. Of two processes that write at once, the one that knew less may win,
// and the anchor is a little older until one of them writes again. A power cut may leave it older as well
// (its bytes are synced, its name only when it is made), but neither empty nor missing.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "ledger/chain.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ledger {

class Anchor {
public:
    explicit Anchor(std::filesystem::path folder) : folder_(std::move(folder)) {}

    // Nothing when the ledger was never anchored here.
    Result<std::optional<Head>> read(std::string_view ledger_id) const;

    // Remembers `head` unless it, or a later one, is remembered already. The folder is made when missing.
    Result<void> advance(std::string_view ledger_id, const Head& head) const;

    std::filesystem::path file(std::string_view ledger_id) const { return folder_ / ledger_id; }

private:
    std::filesystem::path folder_;
};

// "COUNT LINK", as the file has it.
std::string to_text(const Head& head);

}  // namespace keytide::ledger
