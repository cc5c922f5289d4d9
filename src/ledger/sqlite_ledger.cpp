#include "ledger/sqlite_ledger.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "ledger/event_json.hpp"
#include "ledger/private_file.hpp"
#include "ledger/schema.hpp"
#include "ledger/sealing_key.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;
using rotation::Event;
using rotation::RotationId;

constexpr auto settings =
    "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; "
    "PRAGMA temp_store=MEMORY;";

std::string_view bytes_of(const Link& link) {
    return {reinterpret_cast<const char*>(link.data()), link.size()};
}

std::unexpected<Error> not_whole(const std::string& what) {
    return failed("the ledger is not whole: " + what,
                  "put the newest whole copy back; nothing is done on the word of a damaged ledger");
}

// Nothing, or the file: which of the two cannot be said of a file that is merely out of reach, and then it is
// there.
bool is_there(const fs::path& file) {
    std::error_code error;
    const auto type = fs::symlink_status(file, error).type();
    return type != fs::file_type::not_found;
}

// Of one row with one number or text.
Result<std::string> single(Database& database, const char* sql) {
    auto statement = database.query(sql);
    if (!statement) return std::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    return std::string(*row ? statement->text(0) : std::string_view());
}

Result<void> check_schema(Database& database, const fs::path& file) {
    const auto application = single(database, "PRAGMA application_id");
    if (!application) return std::unexpected(application.error());
    if (*application != std::to_string(application_id))
        return failed(file.string() + " is not a ledger of keytide", "move it away");
    const auto version = single(database, "PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    if (*version != std::to_string(schema_version))
        return failed(fmt::format("the ledger {} has the schema {}, and this keytide knows {}", file.string(),
                                  *version, schema_version),
                      "use the version of keytide that wrote it, or a newer one");

    // Word by word: a trigger or a column of somebody else's making must not act on our behalf.
    constexpr auto all =
        "SELECT group_concat(type || name || ifnull(sql, ''), char(10)) "
        "FROM (SELECT * FROM sqlite_schema ORDER BY name)";
    auto model = Database::open({}, {});
    if (!model) return std::unexpected(model.error());
    if (auto ok = model->run(schema); !ok) return ok;
    const auto expected = single(*model, all), found = single(database, all);
    if (!expected) return std::unexpected(expected.error());
    if (!found) return std::unexpected(found.error());
    if (*expected != *found) return not_whole("its schema was changed");
    return {};
}

Result<Database> open_database(const fs::path& file, std::chrono::milliseconds patience) {
    if (auto ok = check_private_file(file); !ok) return std::unexpected(ok.error());
    auto database = Database::open(file, patience);
    if (!database) return database;
    if (auto ok = database->run(settings); !ok) return std::unexpected(ok.error());
    if (auto ok = check_schema(*database, file); !ok) return std::unexpected(ok.error());
    const auto journal = single(*database, "PRAGMA journal_mode");
    if (!journal) return std::unexpected(journal.error());
    if (*journal != "wal") return not_whole("it has lost its write-ahead log");
    return database;
}

// Made beside its place and published when it is complete, so that an empty or half-made file of that name is
// always damage.
Result<void> make_database(const fs::path& file, const Chain& chain, ports::Entropy& entropy) {
    if (is_there(file.string() + "-wal"))
        return failed(fmt::format("{0}-wal is there without {0}", file.string()),
                      "put the ledger back that it belongs to, or move both away");
    std::array<std::byte, 16> random{};
    entropy.fill(random);
    std::string id;
    for (const auto byte : random) id += fmt::format("{:02x}", std::to_integer<int>(byte));

    const fs::path making = fmt::format("{}.{}", file.string(), id);
    const auto made = create_private_file(making, "");
    if (!made) return std::unexpected(made.error());
    const auto fill = [&]() -> Result<void> {
        auto database = Database::open(making, {});
        if (!database) return std::unexpected(database.error());
        const auto numbers = fmt::format("{} PRAGMA application_id={}; PRAGMA user_version={};", settings,
                                         application_id, schema_version);
        if (auto ok = database->run(numbers.c_str()); !ok) return ok;
        if (auto ok = database->run(schema); !ok) return ok;
        const auto origin = chain.origin(id);
        if (auto ok = database->change("INSERT INTO ledger VALUES (?, ?)", id, Blob{bytes_of(origin)}); !ok)
            return ok;
        return database->run("PRAGMA journal_mode=WAL");
    };
    if (auto ok = fill(); !ok) {
        std::error_code ignored;
        fs::remove(making, ignored);
        return ok;
    }
    const auto published = publish(making, file);  // or another process was faster, which is as good
    if (!published) return std::unexpected(published.error());
    return {};
}

}  // namespace

SqliteLedger::SqliteLedger(Database database, Chain chain, Sealing sealing, Anchor anchor, bool to_read)
    : database_(std::move(database)),
      chain_(std::move(chain)),
      sealing_(std::move(sealing)),
      anchor_(std::move(anchor)),
      to_read_(to_read) {}

bool SqliteLedger::exists(const Options& options) {
    return is_there(options.database);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open(const Options& options, ports::Entropy& entropy) {
    if (auto ok = make_private_folder(options.database.parent_path()); !ok)
        return std::unexpected(ok.error());
    const bool found = exists(options);
    const auto key = found ? load_sealing_key(options.sealing_key)
                           : load_or_make_sealing_key(options.sealing_key, entropy);
    if (!key) return std::unexpected(key.error());
    if (!found) {
        const auto chain = Chain::make(*key);
        if (!chain) return std::unexpected(chain.error());
        if (auto ok = make_database(options.database, *chain, entropy); !ok)
            return std::unexpected(ok.error());
    }
    return open_existing(options, *key, entropy, false);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open_to_read(const Options& options,
                                                                 ports::Entropy& entropy) {
    if (!exists(options)) return failed("there is no ledger " + options.database.string() + " yet");
    const auto key = load_sealing_key(options.sealing_key);
    if (!key) return std::unexpected(key.error());
    return open_existing(options, *key, entropy, true);
}

Result<std::unique_ptr<SqliteLedger>> SqliteLedger::open_existing(const Options& options,
                                                                  const Secret& sealing_key,
                                                                  ports::Entropy& entropy, bool to_read) {
    auto chain = Chain::make(sealing_key);
    if (!chain) return std::unexpected(chain.error());
    auto sealing = Sealing::make(sealing_key, entropy);
    if (!sealing) return std::unexpected(sealing.error());
    if (auto ok = sealing->prove_round_trip(); !ok) return std::unexpected(ok.error());
    auto database = open_database(options.database, options.patience);
    if (!database) return std::unexpected(database.error());
    if (to_read)
        if (auto ok = database->run("PRAGMA query_only=ON"); !ok) return std::unexpected(ok.error());

    std::unique_ptr<SqliteLedger> ledger(new SqliteLedger(
        std::move(*database), std::move(*chain), std::move(*sealing), Anchor(options.anchors), to_read));
    if (auto ok = ledger->check_identity(options); !ok) return std::unexpected(ok.error());
    // The anchor before the events: whoever appends meanwhile only makes the ledger longer.
    const auto anchored = ledger->anchor_.read(ledger->id_);
    if (!anchored) return std::unexpected(anchored.error());
    if (auto ok = ledger->catch_up(); !ok) return std::unexpected(ok.error());
    if (auto ok = ledger->check_anchor(*anchored); !ok) return std::unexpected(ok.error());
    return ledger;
}

Result<void> SqliteLedger::check_identity(const Options& options) {
    auto row = database_.query("SELECT id, origin FROM ledger");
    if (!row) return std::unexpected(row.error());
    const auto found = row->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return not_whole("it has no name");
    id_ = row->text(0);
    const auto origin = chain_.origin(id_);
    if (row->blob(1) != bytes_of(origin))
        return failed(fmt::format("the sealing key {} is not the one of the ledger {}",
                                  options.sealing_key.string(), options.database.string()),
                      "put both back from the same backup");
    links_.assign(1, origin);
    return {};
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
            link != bytes_of(expected))
            return not_whole(fmt::format("event {} was changed, moved or removed", links_.size()));
        remember(id, expected);
    }
    if (!last_known_seen) return not_whole(fmt::format("event {} was removed", known));
    return {};
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
    return failed(
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
