#include "ledger/rekey.hpp"

#include <fmt/format.h>

#include "ledger/ledger_file.hpp"
#include "ledger/schema.hpp"

namespace keytide::ledger {
namespace {

Result<void> put(Database& database, std::string_view ledger_id, const Sealing& sealing, const PastKey& key) {
    const auto sealed = sealing.seal(ledger_id, key);
    return database.change("INSERT OR REPLACE INTO past_keys VALUES (?, ?, ?)", std::int64_t(key.until),
                           Blob{sealed.nonce}, Blob{sealed.ciphertext});
}

Result<void> make_table_of_past_keys(Database& database) {
    if (has_past_keys(database)) return {};
    if (auto ok = database.run(past_keys_schema); !ok) return ok;
    return database.run(fmt::format("PRAGMA user_version={}", version_with_past).c_str());
}

// How many there were.
Result<std::size_t> reseal(Database& database, const Sealing& before, const Sealing& after) {
    const auto all = read_sealed(database);
    if (!all) return std::unexpected(all.error());
    for (const auto& row : *all) {
        const auto id = AccessKeyId::parse(row.access_key_id);
        if (!id) return not_whole("a value is sealed for '" + row.access_key_id + "', which is no key");
        const auto key = before.unseal(row.rotation, *id, row.sealed);
        if (!key) return std::unexpected(key.error());
        const auto sealed = after.seal(row.rotation, *key);
        if (!sealed) return std::unexpected(sealed.error());
        if (auto ok = database.change(
                "UPDATE sealed SET nonce = ?, ciphertext = ? WHERE rotation = ? AND access_key_id = ?",
                Blob{sealed->nonce}, Blob{sealed->ciphertext}, row.rotation, row.access_key_id);
            !ok)
            return std::unexpected(ok.error());
    }
    const auto again = read_sealed(database);
    if (!again) return std::unexpected(again.error());
    bool same = again->size() == all->size();
    for (std::size_t i = 0; same && i < all->size(); ++i) {
        const auto id = *AccessKeyId::parse((*all)[i].access_key_id);
        const auto was = before.unseal((*all)[i].rotation, id, (*all)[i].sealed);
        const auto is = after.unseal((*again)[i].rotation, id, (*again)[i].sealed);
        same = was && is && was->same_as(*is);
    }
    if (!same) return failed("a sealed value could not be read back under the new key");
    return all->size();
}

std::string key_id_of(const Secret& key, std::string_view ledger_id) {
    const auto chain = Chain::make(key);
    return chain ? key_id(bytes_of(chain->origin(ledger_id))) : "";
}

}  // namespace

Result<SqliteLedger::Rekeyed> SqliteLedger::rekey(const Secret& new_key, ports::Entropy& entropy) {
    if (to_read_) return failed("the ledger was opened to read only");
    if (auto ok = lock_.take_alone(); !ok) return std::unexpected(ok.error());
    auto chain = Chain::make(new_key);
    if (!chain) return std::unexpected(chain.error());
    auto sealing = Sealing::make(new_key, entropy);
    if (!sealing) return std::unexpected(sealing.error());
    if (auto ok = sealing->prove_round_trip(); !ok) return std::unexpected(ok.error());
    const auto old_origin = chain_.present().origin(id_), new_origin = chain->origin(id_);

    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected(transaction.error());
    const auto identity = read_identity(database_);
    if (!identity) return std::unexpected(identity.error());
    if (identity->origin != bytes_of(old_origin))
        return std::unexpected(
            Error{ErrorKind::busy, "another process has just changed the sealing key", ""});
    if (auto ok = catch_up(); !ok) return std::unexpected(ok.error());
    const auto resealed = reseal(database_, sealing_, *sealing);
    if (!resealed) return std::unexpected(resealed.error());
    if (auto ok = make_table_of_past_keys(database_); !ok) return std::unexpected(ok.error());
    // A key that made no link is forgotten at once.
    if (chain_.promised(head().count) == nullptr)
        if (auto ok = put(database_, id_, *sealing,
                          {head().count, Chain::with_key(chain_.present().key().clone()), head().link});
            !ok)
            return std::unexpected(ok.error());
    for (const auto& key : chain_.past())
        if (auto ok = put(database_, id_, *sealing, key); !ok) return std::unexpected(ok.error());
    if (auto ok = database_.change("UPDATE ledger SET origin = ?", Blob{bytes_of(new_origin)}); !ok)
        return std::unexpected(ok.error());
    auto past = read_past_keys(database_, *sealing, id_);
    if (!past) return std::unexpected(past.error());
    RekeyedChain rekeyed(std::move(*chain), std::move(*past));
    if (auto ok = check_links(rekeyed); !ok) return std::unexpected(ok.error());
    if (auto ok = transaction->commit(); !ok) return std::unexpected(ok.error());

    chain_ = std::move(rekeyed);
    sealing_ = std::move(*sealing);
    log_holds_wiped_ = !empty_log("PRAGMA wal_checkpoint(TRUNCATE)");
    return Rekeyed{key_id(bytes_of(old_origin)), key_id(bytes_of(new_origin)), *resealed};
}

// That whoever opens the ledger with this chain finds the links that we know.
Result<void> SqliteLedger::check_links(const RekeyedChain& chain) {
    const auto wrong = not_whole("under the new key the chain is another one");
    if (chain.origin(id_) != links_.front()) return wrong;
    auto rows = database_.query(
        "SELECT position, rotation, sequence, json FROM events NOT INDEXED ORDER BY position");
    if (!rows) return std::unexpected(rows.error());
    for (std::uint64_t position = 1;; ++position) {
        const auto row = rows->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return position == links_.size() ? Result<void>() : wrong;
        if (position == links_.size() || std::uint64_t(rows->integer(0)) != position) return wrong;
        const auto link = chain.next(links_[position - 1], position, rows->text(1),
                                     std::uint64_t(rows->integer(2)), rows->text(3));
        const auto* const promised = chain.promised(position);
        if (link != links_[position] || (promised != nullptr && *promised != link)) return wrong;
    }
}

std::string SqliteLedger::key() const {
    return key_id(bytes_of(chain_.present().origin(id_)));
}

Result<SqliteLedger::Rekeyed> rekey(const SqliteLedger::Options& options, const GivenKey* wanted,
                                    ports::Entropy& entropy) {
    if (!SqliteLedger::exists(options))
        return usage_error("there is no ledger " + options.database.string() + " yet",
                           "the first rotation makes it, and its key");
    const bool from_file = options.given_key == nullptr;
    if (!from_file && wanted == nullptr)
        return usage_error(fmt::format("the sealing key comes from {}, where no new one can be put",
                                       options.given_key->from),
                           "make a new key ('openssl rand -base64 32'), name its file (--new-key-file), and "
                           "afterwards give it where the old one came from");

    const bool begun = from_file && has_new_key(options.sealing_key);
    auto ledger = SqliteLedger::open(options, entropy);
    if (!ledger && !from_file) {
        // Where a crash came after the change, the old key is still what is given.
        auto with_new_key = options;
        with_new_key.given_key = wanted;
        const auto changed = SqliteLedger::open_to_read(with_new_key, entropy);
        if (changed) return SqliteLedger::Rekeyed{"", (*changed)->key(), 0};
    }
    if (!ledger) return std::unexpected(ledger.error());
    const bool ended_now = begun && !has_new_key(options.sealing_key);  // by opening it
    if (ended_now || (wanted != nullptr && key_id_of(wanted->key, (*ledger)->id()) == (*ledger)->key()))
        return SqliteLedger::Rekeyed{"", (*ledger)->key(), 0};

    if (!from_file) return (*ledger)->rekey(wanted->key, entropy);
    const auto new_key =
        prepare_new_key(options.sealing_key, wanted != nullptr ? &wanted->key : nullptr, entropy);
    if (!new_key) return std::unexpected(new_key.error());
    auto rekeyed = (*ledger)->rekey(*new_key, entropy);
    if (!rekeyed) return rekeyed;
    if (auto ok = drop_old_key(options.sealing_key, *new_key); !ok) return std::unexpected(ok.error());
    return rekeyed;
}

}  // namespace keytide::ledger
