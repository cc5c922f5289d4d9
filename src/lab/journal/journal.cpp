#include "lab/journal/journal.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <array>
#include <charconv>

#include "lab/journal/journal_file.hpp"
#include "lab/journal/request_bytes.hpp"
#include "signature/sigv4.hpp"

namespace keytide::lab::journal {
namespace {

std::int64_t count(Instant t) {
    return t.time_since_epoch().count();
}
Instant instant(std::int64_t milliseconds) {
    return Instant(Duration(milliseconds));
}

// Milliseconds by commas, in this order; nothing where all is heard of at once.
template <class Hearing>
auto times_of(Hearing& heard) {
    auto& r = heard.replica;
    return std::array{&r.created,   &r.inactive,        &r.reactivated, &r.deleted,
                      &r.policies,  &r.reads,           &r.writes,      &r.wrong_secret,
                      &r.last_used, &r.deleted_buckets, &heard.horizon, &heard.slowest_policies};
}

std::string to_text(const misbehaviour::Hearing& heard) {
    if (heard == misbehaviour::Hearing{}) return {};
    std::vector<std::int64_t> counts;
    for (const auto* time : times_of(heard)) counts.push_back(time->count());
    return fmt::format("{}", fmt::join(counts, ","));
}

std::optional<misbehaviour::Hearing> hearing_in(std::string_view text) {
    misbehaviour::Hearing heard;
    if (text.empty()) return heard;
    for (auto* time : times_of(heard)) {
        std::int64_t milliseconds = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), milliseconds);
        if (error != std::errc{}) return std::nullopt;
        *time = Duration(milliseconds);
        text.remove_prefix(std::size_t(end - text.data()));
        if (text.starts_with(',')) text.remove_prefix(1);
    }
    return text.empty() ? std::optional(heard) : std::nullopt;
}

std::vector<AccountId> split(std::string_view accounts) {
    std::vector<AccountId> all;
    for (;;) {
        const auto comma = accounts.find(',');
        all.emplace_back(accounts.substr(0, comma));
        if (comma == std::string_view::npos) return all;
        accounts.remove_prefix(comma + 1);
    }
}

std::unexpected<Error> damaged(std::string_view what) {
    return failed(fmt::format("the lab's data is damaged: {}", what),
                  "put a whole copy back, or begin anew in another folder");
}

Result<void> done(const Result<bool>& stepped) {
    return stepped ? Result<void>{} : std::unexpected(stepped.error());
}

}  // namespace

Result<Journal> Journal::open(const std::filesystem::path& folder) {
    auto database = open_file(folder);
    if (!database) return std::unexpected(database.error());
    return Journal(std::move(*database));
}

Result<std::optional<Beginning>> Journal::beginning() {
    auto statement =
        database_.query("SELECT accounts, region, key_id, secret, created, seed FROM beginning WHERE id = 1");
    if (!statement) return std::unexpected(statement.error());
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    auto id = AccessKeyId::parse(statement->text(2));
    if (!id) return damaged("its root key");
    return Beginning{split(statement->text(0)),
                     std::string(statement->text(1)),
                     {std::move(*id), Secret(statement->text(3)), Secret()},
                     instant(statement->integer(4)),
                     std::string(statement->blob(5))};
}

Result<void> Journal::begin(const Beginning& beginning) {
    auto transaction = database::Transaction::begin(database_);
    if (!transaction) return std::unexpected(transaction.error());
    for (const char* sql : {"DELETE FROM request", "DELETE FROM beginning", "DELETE FROM clock"})
        if (auto emptied = database_.run(sql); !emptied) return emptied;
    auto written = database_.change(
        "INSERT INTO beginning (id, accounts, region, key_id, secret, created, seed) VALUES (1, ?, ?, ?, ?, "
        "?, ?)",
        std::string_view(fmt::format("{}", fmt::join(beginning.accounts, ","))),
        std::string_view(beginning.region), std::string_view(beginning.root_key.id.text()),
        beginning.root_key.secret.reveal(), count(beginning.created), database::Blob{beginning.seed});
    if (!written) return written;
    answer_.reset();
    return transaction->commit();
}

Result<void> Journal::read(const std::function<Result<void>(Entry)>& take) {
    auto statement =
        database_.query("SELECT id, now, real, seed, bytes, digest, status, heard FROM request ORDER BY id");
    if (!statement) return std::unexpected(statement.error());
    for (;;) {
        auto row = statement->step();
        if (!row) return std::unexpected(row.error());
        if (!*row) return {};
        last_id_ = statement->integer(0);
        const auto bytes = statement->blob(4);
        auto request = from_bytes(bytes);
        if (!request || statement->text(5) != signature::sha256_hex(bytes))
            return damaged(fmt::format("request {} of its journal", last_id_));
        const auto heard = hearing_in(statement->text(7));
        if (!heard) return damaged(fmt::format("request {} of its journal", last_id_));
        Entry entry{instant(statement->integer(1)), instant(statement->integer(2)),
                    std::string(statement->blob(3)), std::move(*request), *heard};
        if (const auto status = int(statement->integer(6)); status != 0) entry.status = status;
        if (auto taken = take(std::move(entry)); !taken) return taken;
    }
}

Result<void> Journal::append(const Entry& entry) {
    const auto bytes = to_bytes(entry.request);
    auto transaction = database::Transaction::begin(database_);
    if (!transaction) return std::unexpected(transaction.error());
    if (auto written = write_answer(); !written) return written;
    auto statement = database_.query(
        "INSERT INTO request (now, real, seed, bytes, digest, heard) VALUES (?, ?, ?, ?, ?, ?) RETURNING id",
        count(entry.now), count(entry.real), database::Blob{entry.seed}, database::Blob{bytes},
        std::string_view(signature::sha256_hex(bytes)), std::string_view(to_text(entry.heard)));
    if (!statement) return std::unexpected(statement.error());
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    const auto id = statement->integer(0);
    if (auto ended = done(statement->step()); !ended) return ended;
    if (auto committed = transaction->commit(); !committed) return committed;
    last_id_ = id;
    answer_.reset();
    return {};
}

Result<void> Journal::write_answer() {
    if (!answer_) return {};
    return answer_->can_be_forgotten ? database_.change("DELETE FROM request WHERE id = ?", answer_->id)
                                     : database_.change("UPDATE request SET status = ? WHERE id = ?",
                                                        std::int64_t(answer_->status), answer_->id);
}

void Journal::answered(int status, bool can_be_forgotten) {
    answer_ = {last_id_, status, can_be_forgotten};
}

Result<std::optional<Journal::ClockSetting>> Journal::clock() {
    auto statement = database_.query("SELECT shown, real, speed FROM clock WHERE id = 1");
    if (!statement) return std::unexpected(statement.error());
    auto row = statement->step();
    if (!row) return std::unexpected(row.error());
    if (!*row) return std::nullopt;
    const auto speed = statement->text(2);
    ClockSetting setting{instant(statement->integer(0)), instant(statement->integer(1)), 1};
    const auto [end, error] = std::from_chars(speed.data(), speed.data() + speed.size(), setting.speed);
    if (error != std::errc{} || end != speed.data() + speed.size()) return damaged("its clock");
    return setting;
}

Result<void> Journal::set_clock(const ClockSetting& setting) {
    return database_.change("INSERT OR REPLACE INTO clock (id, shown, real, speed) VALUES (1, ?, ?, ?)",
                            count(setting.shown), count(setting.real),
                            std::string_view(fmt::format("{}", setting.speed)));
}

}  // namespace keytide::lab::journal
