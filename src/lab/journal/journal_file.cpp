#include "lab/journal/journal_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "lab/journal/schema.hpp"
#include "vocabulary/file_descriptor.hpp"

namespace keytide::lab::journal {
namespace {

constexpr std::int64_t application = 0x4b54'4c61;  // "KTLa"
constexpr std::int64_t version = 2;                // 1: without request.heard
constexpr const char* subject = "lab's data";

Result<void> prepare_folder(const std::filesystem::path& folder) {
    if (mkdir(folder.c_str(), 0700) == 0 || errno == EEXIST) return {};
    return failed(fmt::format("the folder {} cannot be made: {}", folder.string(), std::strerror(errno)),
                  "its parent must exist and be writable");
}

// Secrets lie in the file as they are.
Result<void> prepare_file(const std::filesystem::path& file) {
    const FileDescriptor opened(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!opened)
        return failed(
            fmt::format("the lab's data {} cannot be opened: {}", file.string(), std::strerror(errno)),
            "--data must name a folder of yours that can be written");
    struct stat status {};
    if (fstat(opened.get(), &status) != 0 || !S_ISREG(status.st_mode) || status.st_uid != geteuid() ||
        (status.st_mode & 077) != 0)
        return failed(fmt::format("the lab's data {} is not a file of yours alone", file.string()),
                      "it holds secret keys: its mode must be 0600");
    return {};
}

Result<std::int64_t> number(database::Database& database, const char* sql) {
    auto statement = database.query(sql);
    if (!statement) return std::unexpected(statement.error());
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<void> run_all(database::Database& database, std::initializer_list<const char*> statements) {
    for (const char* sql : statements)
        if (auto ran = database.run(sql); !ran) return ran;
    return {};
}

Result<void> check_whole(database::Database& database, const std::string& file) {
    auto statement = database.query("PRAGMA quick_check(1)");
    if (!statement) return std::unexpected(statement.error());
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (*row && statement->text(0) == "ok") return {};
    return failed(fmt::format("the lab's data {} is damaged ({})", file, statement->text(0)),
                  "put a whole copy back, or begin anew in another folder");
}

Result<void> make_schema(database::Database& database) {
    auto transaction = database::Transaction::begin(database);
    if (!transaction) return std::unexpected(transaction.error());
    const auto marks = fmt::format("PRAGMA application_id={}; PRAGMA user_version={}", application, version);
    if (auto made = run_all(database, {schema, marks.c_str()}); !made) return made;
    return transaction->commit();
}

Result<void> renew_schema(database::Database& database) {
    auto transaction = database::Transaction::begin(database);
    if (!transaction) return std::unexpected(transaction.error());
    const auto mark = fmt::format("PRAGMA user_version={}", version);
    if (auto made = run_all(database, {"ALTER TABLE request ADD COLUMN heard TEXT", mark.c_str()}); !made)
        return made;
    return transaction->commit();
}

// Whether there is nothing in the file yet. A failure for what is not ours to touch.
Result<bool> is_new(database::Database& database, const std::string& file) {
    auto objects = number(database, "SELECT count(*) FROM sqlite_schema");
    if (!objects) return std::unexpected(objects.error());
    auto id = number(database, "PRAGMA application_id");
    if (!id) return std::unexpected(id.error());
    auto had = number(database, "PRAGMA user_version");
    if (!had) return std::unexpected(had.error());
    if (*objects == 0 && *id == 0) return true;
    if (*id != application)
        return failed(fmt::format("{} is not the data of a lab", file), "name another folder with --data");
    if (*had < 1 || *had > version)
        return failed(fmt::format("the lab's data {} was written by a newer Keytide", file),
                      "use that one, or begin anew in another folder");
    return false;
}

}  // namespace

Result<database::Database> open_file(const std::filesystem::path& folder) {
    if (auto ready = prepare_folder(folder); !ready) return std::unexpected(ready.error());
    const auto file = folder / "lab.sqlite";
    if (auto ready = prepare_file(file); !ready) return std::unexpected(ready.error());
    auto database = database::Database::open(file, std::chrono::milliseconds(0), subject);
    if (!database) return std::unexpected(database.error());
    // The lock is taken with the first access, and kept.
    if (auto ready = database->run("PRAGMA locking_mode=EXCLUSIVE"); !ready)
        return std::unexpected(ready.error());
    auto fresh = is_new(*database, file.string());
    if (!fresh) return std::unexpected(fresh.error());
    if (auto ready = run_all(
            *database, {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=NORMAL", "BEGIN IMMEDIATE", "COMMIT"});
        !ready)
        return std::unexpected(ready.error());
    auto whole = *fresh ? make_schema(*database) : check_whole(*database, file.string());
    if (!whole) return std::unexpected(whole.error());
    auto had = number(*database, "PRAGMA user_version");
    if (!had) return std::unexpected(had.error());
    if (*had < version)
        if (auto renewed = renew_schema(*database); !renewed) return std::unexpected(renewed.error());
    return database;
}

}  // namespace keytide::lab::journal
