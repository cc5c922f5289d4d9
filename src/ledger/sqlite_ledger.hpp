// The ledger in one SQLite file, its secrets sealed, its events chained, its head anchored elsewhere.
//
// Why a write-ahead log (journal_mode=WAL) with synchronous=FULL: a commit is one synced append; readers
// (status, history) never wait for a writer nor hold one up; and a log that has been emptied keeps its
// blocks, which is what makes room that is really reserved (below). A log torn by a crash loses at most what
// was never promised; one that is damaged later loses events, and the anchor tells when it matters.
//
// Anchoring: at opening, in reserve(), after each intent, before its call can leave, and after each end. What
// comes in between is anchored with the next of these. That is enough: nothing in the world can change but by
// a call whose intent is anchored. A ledger that has lost what came after its last intent is one whose
// process died with that call under way, and the protocol goes on from there by looking. An intent that is
// committed but cannot be anchored is an error of append(), so that its call is not made; resuming treats it
// as a call without an answer, which is safe, though slow for a creation, before which reserve() has
// therefore anchored. An outcome or an end is not refused for the anchor's sake: it is a fact, and losing it
// would be the greater harm.
//
// A process that is killed in its commit leaves an event in the system's memory that no sync has covered.
// Whoever opens the ledger to act syncs the log first, before an anchor or a sealing key follows what was
// read: else a power cut could leave the ledger behind its anchor, or with a key that is gone. A log that is
// refused is left as it is, and so is that of a ledger which is only looked at.
//
// Wiping: secure_delete overwrites what is deleted in the file, and the log, which still holds the sealed
// values, is then emptied. When a reader is in the way of that, it is done with the next append, or when the
// last process closes the ledger. Copies that others made (backups, snapshots) keep sealed values.
//
// Reserving: 64 pages are written and freed again, and the log is started over. The next transactions then
// overwrite blocks that the log has, and take pages that the file has: nothing has to be found on a full
// disk, and nobody can take the room away meanwhile, as could happen with a file that is deleted to make
// room. (File systems that write every change elsewhere, such as btrfs, promise this to nobody.)
//
// Every look at the ledger first checks the chain over what is new since the last look, from the first event
// on when it is opened.
#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>

#include "ledger/anchor.hpp"
#include "ledger/chain.hpp"
#include "ledger/database.hpp"
#include "ledger/folder_lock.hpp"
#include "ledger/rekeyed_chain.hpp"
#include "ledger/sealing.hpp"
#include "ledger/sealing_key.hpp"
#include "ports/entropy.hpp"
#include "ports/ledger.hpp"

namespace keytide::ledger {

class SqliteLedger final : public ports::Ledger {
public:
    // Each in a folder of ours; the sealing key and the folder of the anchors not in the database's folder.
    struct Options {
        std::filesystem::path database;
        std::filesystem::path sealing_key;         // a file
        std::filesystem::path anchors;             // a folder (anchor.hpp)
        std::chrono::milliseconds patience{5000};  // how long a lock of another process is waited for
        const GivenKey* given_key = nullptr;       // instead of the file; needed while the ledger is opened
    };

    // To act on: made, with its sealing key, when it does not exist. Refuses a ledger that is damaged, behind
    // its anchor, or of another sealing key. `entropy` outlives it.
    static Result<std::unique_ptr<SqliteLedger>> open(const Options& options, ports::Entropy& entropy);

    // To look at, while others may write: makes nothing and refuses to append. Missing: an error.
    static Result<std::unique_ptr<SqliteLedger>> open_to_read(const Options& options,
                                                              ports::Entropy& entropy);
    static bool exists(const Options& options);

    Result<ports::Sequence> append(const rotation::RotationId& id, ports::Sequence last_seen,
                                   const rotation::Event& event,
                                   std::span<const AccessKey* const> keys = {}) override;
    Result<std::vector<ports::Recorded>> events(const rotation::RotationId& id) override;
    Result<std::vector<rotation::RotationId>> rotations() override;
    Result<AccessKey> unseal(const rotation::RotationId& id, const AccessKeyId& key) override;
    Result<void> reserve() override;

    // Seals all that is sealed under `new_key`, reads it back, and goes on under it, in one transaction;
    // before that, nothing is changed. Busy while other processes have the ledger open (rekey.cpp).
    struct Rekeyed {
        std::string old_key;  // key(); empty when the change had been made before
        std::string new_key;
        std::size_t resealed = 0;  // values
    };
    Result<Rekeyed> rekey(const Secret& new_key, ports::Entropy& entropy);

    const std::string& id() const { return id_; }
    std::string key() const;  // key_id() of the sealing key

private:
    SqliteLedger(FolderLock lock, Database database, std::string id, RekeyedChain chain, Sealing sealing,
                 Anchor anchor, bool to_read);
    static Result<std::unique_ptr<SqliteLedger>> open_existing(const Options& options, FolderLock lock,
                                                               ports::Entropy& entropy, bool to_read);
    Result<void> check_anchor(const std::optional<Head>& anchored);
    Result<void> catch_up();
    bool is_promised(std::uint64_t position, const Link& link) const;
    Result<void> check_links(const RekeyedChain& chain);
    void remember(const rotation::RotationId& id, const Link& link);
    Head head() const { return {links_.size() - 1, links_.back()}; }
    ports::Sequence last_sequence(const rotation::RotationId& id) const;
    void finish_wiping();
    Result<void> seal(const rotation::RotationId& id, const AccessKey& key);
    Result<std::optional<AccessKey>> find_sealed(const rotation::RotationId& id, const AccessKeyId& key);
    Result<void> empty_log(const char* how);
    Result<void> make_room();

    FolderLock lock_;
    Database database_;
    RekeyedChain chain_;
    Sealing sealing_;
    Anchor anchor_;
    const bool to_read_;
    std::string id_;

    std::vector<Link> links_;  // by position; [0] is the origin
    std::map<rotation::RotationId, std::vector<std::uint64_t>> positions_;
    std::vector<rotation::RotationId> rotations_;  // oldest first
    bool log_holds_wiped_ = false;                 // values were wiped that the log may still hold
};

}  // namespace keytide::ledger
