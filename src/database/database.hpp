// SQLite as values: a connection, a statement, a transaction, and its errors in words.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string_view>
#include <utility>

#include "vocabulary/error.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace keytide::database {

struct Blob {
    std::string_view bytes;
};

class Statement {
public:
    // True: there is a row, whose texts and blobs live until the next step.
    Result<bool> step();
    std::int64_t integer(int column) const;
    std::string_view text(int column) const;
    std::string_view blob(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    Statement(sqlite3_stmt* statement, const char* subject) : statement_(statement), subject_(subject) {}
    Result<void> bound(int code) const;
    Result<void> bind(int index, std::int64_t value);
    Result<void> bind(int index, std::string_view text);
    Result<void> bind(int index, Blob blob);
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
    const char* subject_;
};

class Database {
public:
    // An existing file; the empty path is an empty database in memory. Who meets a lock waits for `patience`.
    // `subject`: what errors call it, a literal: "ledger".
    static Result<Database> open(const std::filesystem::path& file, std::chrono::milliseconds patience,
                                 const char* subject);

    // Whether the last connection to close puts the write-ahead log into the file and removes it, as SQLite
    // does unless told otherwise. A log that is damaged would be gone then, with all that could be made of
    // it.
    void empty_log_on_close(bool yes);

    // Statements without results.
    Result<void> run(const char* sql);

    template <class... Values>
    Result<Statement> query(const char* sql, const Values&... values) {
        auto statement = prepare(sql);
        int index = 0;
        Result<void> bound;
        if (statement) ((bound = bound ? statement->bind(++index, values) : bound), ...);
        if (!bound) return std::unexpected(bound.error());
        return statement;
    }

    // One statement that changes rows.
    template <class... Values>
    Result<void> change(const char* sql, const Values&... values) {
        auto statement = query(sql, values...);
        if (!statement) return std::unexpected(statement.error());
        const auto stepped = statement->step();
        if (!stepped) return std::unexpected(stepped.error());
        return {};
    }

private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    Result<Statement> prepare(const char* sql);
    std::unique_ptr<sqlite3, Close> connection_;
    const char* subject_ = "";
};

// Holds the write lock; rolled back unless committed. Outlived by the database.
class Transaction {
public:
    static Result<Transaction> begin(Database& database);
    Transaction(Transaction&& other) noexcept : database_(std::exchange(other.database_, nullptr)) {}
    Transaction& operator=(Transaction&&) = delete;
    ~Transaction();
    Result<void> commit();

private:
    explicit Transaction(Database& database) : database_(&database) {}
    Database* database_;
};

}  // namespace keytide::database
