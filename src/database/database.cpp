#include "database/database.hpp"

#include <fmt/format.h>
#include <sqlite3.h>

#include <cerrno>
#include <cstring>

namespace keytide::database {
namespace {

std::unexpected<Error> error_of(sqlite3* connection, int code, const char* subject) {
    const char* name = connection != nullptr ? sqlite3_db_filename(connection, "main") : nullptr;
    const std::string file = name != nullptr && *name != '\0' ? name : "in memory";
    const int system = connection != nullptr ? sqlite3_system_errno(connection) : 0;
    const std::string words = connection != nullptr ? sqlite3_errmsg(connection) : sqlite3_errstr(code);
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return std::unexpected(Error{ErrorKind::busy,
                                         fmt::format("the {} {} is locked by another program", subject, file),
                                         "wait until that has ended, or end it"});
        case SQLITE_FULL:
            return failed(fmt::format("the disk of the {} {} is full", subject, file), "make room on it");
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            return failed(
                fmt::format("the {} {} is damaged ({})", subject, file, words),
                fmt::format("put the newest whole copy back; nothing is done on the word of a damaged {}",
                            subject));
        case SQLITE_READONLY:
            return failed(fmt::format("the {} {} cannot be written", subject, file),
                          "its folder must be writable; look at the mode of both and at the mount");
        case SQLITE_IOERR:
            // A quota or a limit on file sizes comes out here too, not as FULL, and errno is lost on the way.
            return failed(fmt::format("the {} {} cannot be used: {}", subject, file, words),
                          "look for room, quota and errors on its disk");
        case SQLITE_CANTOPEN:
            return failed(
                fmt::format("the {} {} cannot be opened: {}", subject, file,
                            // ENOENT is of the log beside it, which need not be there.
                            system != 0 && system != ENOENT ? std::strerror(system) : words.c_str()),
                "its folder must be writable; look at the mode of both and at the mount");
        default: return failed(fmt::format("the {} {} cannot be used: {}", subject, file, words));
    }
}

Result<void> ok_or_error(sqlite3* connection, int code, const char* subject) {
    if (code == SQLITE_OK) return {};
    return error_of(connection, code, subject);
}

}  // namespace

void Statement::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

void Database::Close::operator()(sqlite3* connection) const {
    sqlite3_close_v2(connection);
}

Result<bool> Statement::step() {
    const int code = sqlite3_step(statement_.get());
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    return error_of(sqlite3_db_handle(statement_.get()), code, subject_);
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_.get(), column);
}

std::string_view Statement::text(int column) const {
    const auto* bytes = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    if (bytes == nullptr) return {};
    return {bytes, std::size_t(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Statement::blob(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    if (bytes == nullptr) return {};
    return {bytes, std::size_t(sqlite3_column_bytes(statement_.get(), column))};
}

Result<void> Statement::bound(int code) const {
    return ok_or_error(sqlite3_db_handle(statement_.get()), code, subject_);
}

Result<void> Statement::bind(int index, std::int64_t value) {
    return bound(sqlite3_bind_int64(statement_.get(), index, value));
}

Result<void> Statement::bind(int index, std::string_view text) {
    return bound(sqlite3_bind_text64(statement_.get(), index, text.data(), text.size(), SQLITE_TRANSIENT,
                                     SQLITE_UTF8));
}

Result<void> Statement::bind(int index, Blob blob) {
    return bound(
        sqlite3_bind_blob64(statement_.get(), index, blob.bytes.data(), blob.bytes.size(), SQLITE_TRANSIENT));
}

Result<Database> Database::open(const std::filesystem::path& file, std::chrono::milliseconds patience,
                                const char* subject) {
    sqlite3* connection = nullptr;
    const auto* name = file.empty() ? ":memory:" : file.c_str();
    const int code =
        sqlite3_open_v2(name, &connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
    Database database;
    database.connection_.reset(connection);
    database.subject_ = subject;
    if (code != SQLITE_OK) return error_of(connection, code, subject);
    sqlite3_busy_timeout(connection, int(patience.count()));
    sqlite3_db_config(connection, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(connection, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    return database;
}

void Database::empty_log_on_close(bool yes) {
    sqlite3_db_config(connection_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, yes ? 0 : 1, nullptr);
}

Result<void> Database::run(const char* sql) {
    return ok_or_error(connection_.get(), sqlite3_exec(connection_.get(), sql, nullptr, nullptr, nullptr),
                       subject_);
}

Result<Statement> Database::prepare(const char* sql) {
    sqlite3_stmt* statement = nullptr;
    const int code = sqlite3_prepare_v2(connection_.get(), sql, -1, &statement, nullptr);
    if (code != SQLITE_OK) return error_of(connection_.get(), code, subject_);
    return Statement(statement, subject_);
}

Result<Transaction> Transaction::begin(Database& database) {
    if (auto ok = database.run("BEGIN IMMEDIATE"); !ok) return std::unexpected(ok.error());
    return Transaction(database);
}

Transaction::~Transaction() {
    // SQLite may have rolled back already; then this says so and does nothing.
    if (database_ != nullptr) static_cast<void>(database_->run("ROLLBACK"));
}

Result<void> Transaction::commit() {
    auto ok = database_->run("COMMIT");
    if (ok) database_ = nullptr;
    return ok;
}

}  // namespace keytide::database
