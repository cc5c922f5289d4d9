#include "ledger/sqlite_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/event_json.hpp"
#include "ledger/ledger_file.hpp"
#include "ledger/private_file.hpp"

namespace keytide::ledger {

using rotation::Event;
using rotation::RotationId;

namespace {

Result<Database> open_checked(const SqliteLedger::Options& options, Sharing sharing) {
    auto database = open_ledger_file(options.database, options.patience, sharing);
    if (!database) return database;
    if (auto ok = check_ledger_file(*database, options.database); !ok) return std::unexpected(ok.error());
    return database;
}

}  // namespace

SqliteLedger::SqliteLedger(FolderLock lock, Database database, std::string id, RekeyedChain chain,
                           Sealing sealing, Anchor anchor, bool to_read)
    : lock_(std::move(lock)),
      database_(std::move(database)),
      chain_(std::move(chain)),
      sealing_(std::move(sealing)),
      anchor_(std::move(anchor)),
      to_read_(to_read),
      id_(std::move(id)),
      links_{chain_.origin(id_)} {}

bool SqliteLedger::exists(const Options& options) {
    return is_there(options.database);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const Options& options, ports::Entropy& entropy) {
    const auto folder = options.database.parent_path();
    if (auto ok = make_private_folder(folder); !ok) return std::unexpected(ok.error());
    auto lock = FolderLock::share(folder);
    if (!lock) return std::unexpected(lock.error());
    if (!exists(options)) {
        const auto key = options.given_key != nullptr
                             ? Result<Secret>(options.given_key->key.clone())
                             : load_or_make_sealing_key(options.sealing_key, entropy);
        if (!key) return std::unexpected(key.error());
        const auto chain = Chain::make(*key);
        if (!chain) return std::unexpected(chain.error());
        // The ledger must not be found one day without its key.
        if (options.given_key == nullptr)
            if (auto ok = sync_names(options.sealing_key); !ok) return std::unexpected(ok.error());
        if (auto ok = sync_names(options.database); !ok) return std::unexpected(ok.error());
        if (auto ok = make_ledger_file(options.database, *chain, entropy); !ok)
            return std::unexpected(ok.error());
    }
    return open_existing(options, std::move(*lock), entropy, false);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open_to_read(const Options& options,
                                                                 ports::Entropy& entropy) {
    if (!exists(options)) return failed("there is no ledger " + options.database.string() + " yet");
    auto lock = FolderLock::share(options.database.parent_path());
    if (!lock) return std::unexpected(lock.error());
    return open_existing(options, std::move(*lock), entropy, true);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open_existing(const Options& options, FolderLock lock,
                                                                  ports::Entropy& entropy, bool to_read) {
    auto database = open_checked(options, Sharing::with_others);
    if (!database && to_read && database.error().kind != ErrorKind::busy)
        // A full disk has no room for what SQLite shares with others; who is alone can look without.
        if (auto alone = open_checked(options, Sharing::alone)) database = std::move(alone);
    if (!database) return std::unexpected(database.error());
    if (to_read)
        if (auto ok = database->run("PRAGMA query_only=ON"); !ok) return std::unexpected(ok.error());
    // A process that was killed in its commit has left in the system's memory what we read from there, and
    // what a power cut would take away from under an anchor or a sealing key that was moved on for it.
    if (!to_read)
        if (auto ok = sync_private_file(options.database.string() + "-wal"); !ok)
            return std::unexpected(ok.error());
    auto identity = read_identity(*database);
    if (!identity) return std::unexpected(identity.error());

    auto key = find_sealing_key({options.sealing_key, options.given_key}, *identity, options.database);
    if (!key) return std::unexpected(key.error());
    if (key->is_new && !to_read)  // whoever changed the key did not come so far
        if (auto ok = drop_old_key(options.sealing_key, key->key); !ok) return std::unexpected(ok.error());
    auto sealing = Sealing::make(key->key, entropy);
    if (!sealing) return std::unexpected(sealing.error());
    if (auto ok = sealing->prove_round_trip(); !ok) return std::unexpected(ok.error());
    auto past = read_past_keys(*database, *sealing, identity->id);
    if (!past) return std::unexpected(past.error());

    std::unique_ptr<SqliteLedger> ledger(
        new SqliteLedger(std::move(lock), std::move(*database), std::move(identity->id),
                         RekeyedChain(std::move(key->chain), std::move(*past)), std::move(*sealing),
                         Anchor(options.anchors), to_read));
    // The anchor before the events: whoever appends meanwhile only makes the ledger longer.
    auto anchored = ledger->anchor_.read(ledger->id_);
    if (!anchored) return std::unexpected(anchored.error());
    if (auto ok = ledger->catch_up(); !ok) return std::unexpected(ok.error());
    if (!*anchored && ledger->head().count > 0) {
        // Another process may have begun the ledger since: it makes the anchor before the first event.
        anchored = ledger->anchor_.read(ledger->id_);
        if (!anchored) return std::unexpected(anchored.error());
        if (auto ok = ledger->catch_up(); !ok) return std::unexpected(ok.error());
    }
    if (!to_read && ledger->head().count == 0)  // it may be as new as that, and gets its anchor now
        if (auto ok = sync_names(options.database); !ok) return std::unexpected(ok.error());
    if (auto ok = ledger->check_anchor(*anchored); !ok) return std::unexpected(ok.error());
    ledger->database_.empty_log_on_close(!to_read);
    return ledger;
}

Result<void> SqliteLedger::check_anchor(const std::optional<Head>& anchored) {
    const auto file = anchor_.file(id_).string();
    const auto now = head();
    if (!anchored && now.count > 0)
        return failed(
            fmt::format("the anchor {} knows nothing of this ledger, which has {} events", file, now.count),
            fmt::format("put the anchor back; or, when you are sure that no newer copy of the ledger exists, "
                        "make it with the line '{}' and mode 0600",
                        to_text(now)));
    if (anchored && anchored->count > now.count)
        return failed(fmt::format("the ledger is older than its anchor {}: it has {} of {} events; was it "
                                  "restored from a backup?",
                                  file, now.count, anchored->count),
                      "put the newest ledger back: acting on an old one could delete a key that is in use");
    if (anchored && links_[anchored->count] != anchored->link)
        return failed(fmt::format("the ledger and its anchor {} tell different histories", file),
                      "put the ledger back that was last used here");
    if (to_read_) return {};
    return anchor_.advance(id_, now);
}

void SqliteLedger::remember(const RotationId& id, const Link& link) {
    auto& positions = positions_[id];
    if (positions.empty()) rotations_.push_back(id);
    positions.push_back(links_.size());
    links_.push_back(link);
}

ports::Sequence SqliteLedger::last_sequence(const RotationId& id) const {
    const auto found = positions_.find(id);
    return found == positions_.end() ? 0 : found->second.size();
}

// From the last event that we know, which must still be what it was: the file could have been put back under
// our feet.
Result<void> SqliteLedger::catch_up() {
    const auto known = links_.size() - 1;
    auto rows = database_.query(
        "SELECT position, rotation, sequence, json, link FROM events NOT INDEXED WHERE position >= ? "
        "ORDER BY position",
        std::int64_t(known));
    if (!rows) return std::unexpected(rows.error());
    bool last_known_seen = known == 0;
    for (;;) {
        const auto row = rows->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) break;
        const auto position = std::uint64_t(rows->integer(0));
        const auto link = rows->blob(4);
        if (!last_known_seen && position == known && link == bytes_of(links_.back())) {
            last_known_seen = true;
            continue;
        }
        const RotationId id(rows->text(1));
        const auto sequence = std::uint64_t(rows->integer(2));
        const auto expected =
            chain_.next(links_.back(), links_.size(), id, last_sequence(id) + 1, rows->text(3));
        if (!last_known_seen || position != links_.size() || sequence != last_sequence(id) + 1 ||
            link != bytes_of(expected) || !is_promised(position, expected))
            return not_whole(fmt::format("event {} was changed, moved or removed", links_.size()));
        remember(id, expected);
    }
    if (!last_known_seen) return not_whole(fmt::format("event {} was removed", known));
    return {};
}

bool SqliteLedger::is_promised(std::uint64_t position, const Link& link) const {
    const auto* const promised = chain_.promised(position);
    return promised == nullptr || *promised == link;
}

// What an earlier append could not.
void SqliteLedger::finish_wiping() {
    if (log_holds_wiped_) log_holds_wiped_ = !empty_log("PRAGMA wal_checkpoint(TRUNCATE)");
}

Result<ports::Sequence> SqliteLedger::append(const RotationId& id, ports::Sequence last_seen,
                                             const Event& event, std::span<const AccessKey* const> keys) {
    if (to_read_) return failed("the ledger was opened to read only");
    const auto json = to_json(event);
    if (!json) return std::unexpected(json.error());
    finish_wiping();

    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected(transaction.error());
    if (auto ok = catch_up(); !ok) return std::unexpected(ok.error());
    const auto last = last_sequence(id);
    if (last != last_seen)
        return std::unexpected(
            Error{ErrorKind::busy,
                  fmt::format("rotation {} has {} events, and this process has seen {}", id, last, last_seen),
                  "another process went on with it, or this one looked at an old ledger; look at 'keytide "
                  "status'"});

    const auto position = links_.size();
    const auto link = chain_.next(links_.back(), position, id, last + 1, *json);
    if (auto ok = database_.change("INSERT INTO events VALUES (?, ?, ?, ?, ?)", std::int64_t(position), id,
                                   std::int64_t(last + 1), *json, Blob{bytes_of(link)});
        !ok)
        return std::unexpected(ok.error());
    for (const auto* key : keys)
        if (auto ok = seal(id, *key); !ok) return std::unexpected(ok.error());
    if (is_end(event))
        if (auto ok = database_.change("DELETE FROM sealed WHERE rotation = ?", id); !ok)
            return std::unexpected(ok.error());
    if (auto ok = transaction->commit(); !ok) return std::unexpected(ok.error());

    // From here on the event is a fact: what still fails is made good later, but for an intent's anchor.
    remember(id, link);
    if (is_intent(event))
        if (const auto ok = anchor_.advance(id_, head()); !ok)
            return std::unexpected(Error{ok.error().kind,
                                         fmt::format("{} is recorded but not anchored, so its call is not "
                                                     "made: {}",
                                                     name_of(event), ok.error().message),
                                         ok.error().hint});
    if (is_end(event)) {
        static_cast<void>(anchor_.advance(id_, head()));
        log_holds_wiped_ = !empty_log("PRAGMA wal_checkpoint(TRUNCATE)");
        // The log's blocks were the room that another process may have reserved.
        static_cast<void>(make_room());
    }
    return last + 1;
}

Result<void> SqliteLedger::seal(const RotationId& id, const AccessKey& key) {
    const auto known = find_sealed(id, key.id);
    if (!known) return std::unexpected(known.error());
    if (*known && (*known)->same_as(key)) return {};
    if (*known)
        return failed("another secret of " + key.id.text() + " is sealed already for rotation " + id,
                      "a destination holds a wrong secret: look at what each holds");
    const auto sealed = sealing_.seal(id, key);
    if (!sealed) return std::unexpected(sealed.error());
    return database_.change("INSERT INTO sealed VALUES (?, ?, ?, ?, ?)", id, key.id.text(),
                            std::int64_t(links_.size()), Blob{sealed->nonce}, Blob{sealed->ciphertext});
}

Result<std::optional<AccessKey>> SqliteLedger::find_sealed(const RotationId& id, const AccessKeyId& key) {
    auto row = database_.query(
        "SELECT nonce, ciphertext FROM sealed WHERE rotation = ? AND access_key_id = ?", id, key.text());
    if (!row) return std::unexpected(row.error());
    const auto found = row->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return std::nullopt;
    auto unsealed = sealing_.unseal(id, key, {std::string(row->blob(0)), std::string(row->blob(1))});
    if (!unsealed) return std::unexpected(unsealed.error());
    return std::move(*unsealed);
}

Result<AccessKey> SqliteLedger::unseal(const RotationId& id, const AccessKeyId& key) {
    auto found = find_sealed(id, key);
    if (!found) return std::unexpected(found.error());
    if (*found) return std::move(**found);
    return lost(
        fmt::format("the ledger holds no secret of {} for rotation {}: it was never sealed, or was "
                    "wiped when the rotation ended",
                    key.text(), id));
}

Result<std::vector<ports::Recorded>> SqliteLedger::events(const RotationId& id) {
    if (auto ok = catch_up(); !ok) return std::unexpected(ok.error());
    const auto positions = positions_.find(id);
    if (positions == positions_.end())
        return failed("the ledger knows no rotation " + id, "'keytide status' lists those it knows");
    auto rows = database_.query(
        "SELECT json FROM events NOT INDEXED WHERE position BETWEEN ? AND ? AND rotation = ? ORDER BY "
        "position",
        std::int64_t(positions->second.front()), std::int64_t(positions->second.back()), id);
    if (!rows) return std::unexpected(rows.error());
    std::vector<ports::Recorded> result;
    for (const auto position : positions->second) {
        const auto row = rows->step();
        if (!row) return std::unexpected(row.error());
        const auto json = *row ? rows->text(0) : std::string_view();
        const auto sequence = result.size() + 1;
        if (chain_.next(links_[position - 1], position, id, sequence, json) != links_[position])
            return not_whole(fmt::format("event {} was changed", position));
        auto event = event_from_json(json);
        if (!event) return std::unexpected(event.error());
        result.push_back({sequence, std::move(*event)});
    }
    return result;
}

Result<std::vector<RotationId>> SqliteLedger::rotations() {
    if (auto ok = catch_up(); !ok) return std::unexpected(ok.error());
    return rotations_;
}

Result<void> SqliteLedger::reserve() {
    if (to_read_) return failed("the ledger was opened to read only");
    finish_wiping();
    if (auto ok = catch_up(); !ok) return ok;
    if (auto ok = anchor_.advance(id_, head()); !ok) return ok;
    return make_room();
}

Result<void> SqliteLedger::make_room() {
    auto transaction = Transaction::begin(database_);
    if (!transaction) return std::unexpected(transaction.error());
    if (auto ok = database_.run("INSERT INTO room VALUES (zeroblob(262144)); DELETE FROM room"); !ok)
        return ok;
    if (auto ok = transaction->commit(); !ok) return ok;
    return empty_log("PRAGMA wal_checkpoint(RESTART)");
}

// Everything into the file; the next transaction begins the log anew.
Result<void> SqliteLedger::empty_log(const char* how) {
    auto row = database_.query(how);
    if (!row) return std::unexpected(row.error());
    const auto found = row->step();
    if (!found) return std::unexpected(found.error());
    if (!*found || row->integer(0) != 0)
        return std::unexpected(Error{ErrorKind::busy,
                                     "another program has been reading the ledger for too long",
                                     "end it: an open sqlite3 shell, or a backup of the ledger"});
    return {};
}

}  // namespace keytide::ledger
