#include "ledger/ledger_file.hpp"

#include <fmt/format.h>

#include "ledger/private_file.hpp"
#include "ledger/schema.hpp"

namespace keytide::ledger {
namespace {

namespace fs = std::filesystem;

constexpr auto settings =
    "PRAGMA synchronous=FULL; PRAGMA secure_delete=ON; PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; "
    "PRAGMA temp_store=MEMORY;";

}  // namespace

std::unexpected<Error> not_whole(const std::string& what) {
    return failed("the ledger is not whole: " + what,
                  "put the newest whole copy back; nothing is done on the word of a damaged ledger");
}

bool is_there(const fs::path& file) {
    std::error_code error;
    const auto type = fs::symlink_status(file, error).type();
    return type != fs::file_type::not_found;
}

Result<std::string> single(Database& database, const char* sql) {
    auto statement = database.query(sql);
    if (!statement) return std::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    return std::string(*row ? statement->text(0) : std::string_view());
}

Result<Database> open_ledger_file(const fs::path& file, std::chrono::milliseconds patience, Sharing sharing) {
    if (auto ok = check_private_file(file); !ok) return std::unexpected(ok.error());
    auto database = Database::open(file, patience, in_errors);
    if (!database) return database;
    database->empty_log_on_close(false);
    if (sharing == Sharing::alone)
        if (auto ok = database->run("PRAGMA locking_mode=EXCLUSIVE"); !ok) return std::unexpected(ok.error());
    if (auto ok = database->run(settings); !ok) return std::unexpected(ok.error());
    return database;
}

Result<void> check_ledger_file(Database& database, const fs::path& file) {
    const auto application = single(database, "PRAGMA application_id");
    if (!application) return std::unexpected(application.error());
    if (*application != std::to_string(application_id))
        return failed(file.string() + " is not a ledger of keytide", "move it away");
    const auto version = single(database, "PRAGMA user_version");
    if (!version) return std::unexpected(version.error());
    const bool with_past = *version == std::to_string(version_with_past);
    if (!with_past && *version != std::to_string(first_version))
        return failed(fmt::format("the ledger {} has the schema {}, and this keytide knows {}", file.string(),
                                  *version, version_with_past),
                      "use the version of keytide that wrote it, or a newer one");

    // Word by word: a trigger or a column of somebody else's making must not act on our behalf.
    constexpr auto all =
        "SELECT group_concat(type || name || ifnull(sql, ''), char(10)) "
        "FROM (SELECT * FROM sqlite_schema ORDER BY name)";
    auto model = Database::open({}, {}, in_errors);
    if (!model) return std::unexpected(model.error());
    if (auto ok = model->run(schema); !ok) return ok;
    if (with_past)
        if (auto ok = model->run(past_keys_schema); !ok) return ok;
    const auto expected = single(*model, all), found = single(database, all);
    if (!expected) return std::unexpected(expected.error());
    if (!found) return std::unexpected(found.error());
    if (*expected != *found) return not_whole("its schema was changed");
    const auto journal = single(database, "PRAGMA journal_mode");
    if (!journal) return std::unexpected(journal.error());
    if (*journal != "wal") return not_whole("it has lost its write-ahead log");
    return {};
}

Result<void> make_ledger_file(const fs::path& file, const Chain& chain, ports::Entropy& entropy) {
    // Whoever makes the ledger right now gives it its name before it has a log.
    if (is_there(file.string() + "-wal") && !is_there(file))
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
        auto database = Database::open(making, {}, in_errors);
        if (!database) return std::unexpected(database.error());
        const auto numbers = fmt::format("{} PRAGMA application_id={}; PRAGMA user_version={};", settings,
                                         application_id, first_version);
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
    const auto published = publish(making, file);
    if (!published) return std::unexpected(published.error());
    return {};
}

Result<Identity> read_identity(Database& database) {
    auto row = database.query("SELECT id, origin FROM ledger");
    if (!row) return std::unexpected(row.error());
    const auto found = row->step();
    if (!found) return std::unexpected(found.error());
    if (!*found) return not_whole("it has no name");
    return Identity{std::string(row->text(0)), std::string(row->blob(1))};
}

bool has_past_keys(Database& database) {
    return single(database, "SELECT name FROM sqlite_schema WHERE name = 'past_keys'") == "past_keys";
}

Result<std::vector<PastKey>> read_past_keys(Database& database, const Sealing& sealing,
                                            std::string_view ledger_id) {
    std::vector<PastKey> keys;
    if (!has_past_keys(database)) return keys;
    auto rows = database.query("SELECT until, nonce, ciphertext FROM past_keys ORDER BY until");
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
        const auto row = rows->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return keys;
        auto key = sealing.unseal_past_key(ledger_id, std::uint64_t(rows->integer(0)),
                                           {std::string(rows->blob(1)), std::string(rows->blob(2))});
        if (!key) return std::unexpected(key.error());
        keys.push_back(std::move(*key));
    }
}

Result<std::vector<SealedRow>> read_sealed(Database& database) {
    std::vector<SealedRow> all;
    auto rows = database.query("SELECT rotation, access_key_id, nonce, ciphertext FROM sealed");
    if (!rows) return std::unexpected(rows.error());
    for (;;) {
        const auto row = rows->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return all;
        all.push_back({std::string(rows->text(0)),
                       std::string(rows->text(1)),
                       {std::string(rows->blob(2)), std::string(rows->blob(3))}});
    }
}

}  // namespace keytide::ledger
