#include "lab/journal/recorder.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace keytide::lab::journal {
namespace {

Result<void> check_same(const Beginning& was, const Recorder::Wanted& wanted,
                        const std::filesystem::path& folder) {
    const auto other = [&](std::string_view what, std::string_view option, std::string_view value) {
        return usage_error(fmt::format("the lab's data in {} has the {} {}", folder.string(), what, value),
                           fmt::format("say so with {}, or name another folder with --data", option));
    };
    if (was.accounts != wanted.accounts)
        return other("account", "--account", fmt::format("{}", fmt::join(was.accounts, ", ")));
    if (was.region != wanted.region) return other("region", "--region", was.region);
    if (wanted.root_key && !wanted.root_key->same_as(was.root_key))
        return other("root key", "--root-key-file", was.root_key.id.text());
    return {};
}

}  // namespace

Result<std::unique_ptr<Recorder>> Recorder::open(const std::filesystem::path& folder, Wanted wanted,
                                                 Randomness source) {
    auto journal = Journal::open(folder);
    if (!journal) return std::unexpected(journal.error());
    auto beginning = journal->beginning();
    if (!beginning) return std::unexpected(beginning.error());
    RepeatableRandomness lots(source);
    if (!*beginning) {
        if (!wanted.root_key)
            wanted.root_key =
                AccessKey{draw_access_key_id(source, wanted.accounts.front()), draw_secret(source), Secret()};
        *beginning = Beginning{wanted.accounts, wanted.region, std::move(*wanted.root_key), wanted.now,
                               lots.draw_seed()};
        if (auto begun = journal->begin(**beginning); !begun) return std::unexpected(begun.error());
    } else if (auto same = check_same(**beginning, wanted, folder); !same) {
        return std::unexpected(same.error());
    }
    auto clock = journal->clock();
    if (!clock) return std::unexpected(clock.error());
    return std::unique_ptr<Recorder>(
        new Recorder(std::move(*journal), std::move(**beginning), *clock, std::move(lots)));
}

Result<void> Recorder::replay(const Ask& ask) {
    is_replaying_ = true;
    std::size_t number = 0;
    auto read = journal_.read([&](Entry entry) -> Result<void> {
        ++number;
        lots_.follow(entry.seed);
        const int status = ask(std::move(entry.request), entry.now, entry.real, entry.heard);
        lots_.stop();
        if (entry.status && *entry.status != status)
            return failed(
                fmt::format("the lab's data cannot be read by this Keytide: request {} was answered "
                            "with status {}, and would be with {}",
                            number, *entry.status, status),
                "use the Keytide that wrote it, or begin anew in another folder");
        return {};
    });
    is_replaying_ = false;
    return read;
}

Result<void> Recorder::keep(const Request& request, Instant now, Instant real,
                            const misbehaviour::Hearing& heard) {
    if (is_replaying_) return {};
    Entry entry{now, real, lots_.draw_seed(), request, heard};
    if (auto appended = journal_.append(entry); !appended) return appended;
    lots_.follow(std::move(entry.seed));
    is_kept_ = true;
    return {};
}

void Recorder::answered(int status, bool changed_nothing) {
    if (!is_kept_) return;
    is_kept_ = false;
    lots_.stop();
    journal_.answered(status, changed_nothing);
}

Result<void> Recorder::start_over(Instant now) {
    Beginning anew{beginning_.accounts, beginning_.region, beginning_.root_key.clone(), now, beginning_.seed};
    if (auto begun = journal_.begin(anew); !begun) return begun;
    beginning_ = std::move(anew);
    return {};
}

}  // namespace keytide::lab::journal
