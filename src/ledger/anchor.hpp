// The anchor: how far each ledger had come, remembered outside of it, so that a ledger put back from an old
// backup does not act on yesterday's knowledge.
//
// A file of lines "LEDGER-ID COUNT LINK". An event is committed first and anchored next, so that a crash in
// between leaves the ledger ahead of its anchor, which is allowed; behind it, it never is by itself. The link
// is a keyed hash, so that the line cannot be made up for another history.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string_view>

#include "ledger/chain.hpp"
#include "vocabulary/error.hpp"

namespace keytide::ledger {

class Anchor {
public:
    // `patience`: how long advance() waits for another process that writes the file.
    Anchor(std::filesystem::path file, std::chrono::milliseconds patience)
        : file_(std::move(file)), patience_(patience) {}

    // Nothing when the ledger was never anchored here.
    Result<std::optional<Head>> read(std::string_view ledger_id) const;

    // Remembers `head` unless a later one is remembered already; always writes, which proves that it can.
    Result<void> advance(std::string_view ledger_id, const Head& head) const;

    const std::filesystem::path& file() const { return file_; }

private:
    std::filesystem::path file_;
    std::chrono::milliseconds patience_;
};

}  // namespace keytide::ledger
