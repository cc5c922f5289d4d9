// The file of a durable lab: how it began, and every request that may have changed it since.
//
// The lab is a function of what is asked, when, of which replica, and of the lots that are drawn. So these
// are what is kept, and nothing else has to know of it: whatever state the lab learns to hold is durable. A
// request is in the journal before it is acted upon; one that cannot be written there is refused. What is in
// the journal survives the death of the lab, however sudden. (A power cut may cost the last moments: this is
// a lab.)
//
// One lab at a time has the file; the lock ends with its owner. https://sqlite.org/wal.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "database/database.hpp"
#include "lab/misbehaviour/delays.hpp"
#include "lab/misbehaviour/virtual_clock.hpp"
#include "lab/request.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::journal {

struct Beginning {
    std::vector<AccountId> accounts;
    std::string region;
    AccessKey root_key;  // of the first account; those of others follow from the seed
    Instant created;
    std::string seed;
};

struct Entry {
    Instant now, real;
    std::string seed;
    Request request;
    misbehaviour::Hearing heard{};
    std::optional<int> status{};  // of the answer; unknown of the last one
};

class Journal {
public:
    // DIR/lab.sqlite, made with its folder when it is missing (0700 and 0600). Busy while another lab has it;
    // failed when it is damaged, not a lab's, of a newer version, or open to others.
    static Result<Journal> open(const std::filesystem::path& folder);

    Result<std::optional<Beginning>> beginning();  // nothing: there was none

    // Forgets all that was before.
    Result<void> begin(const Beginning& beginning);

    // In their order, until `take` is dissatisfied. Failed for a damaged one.
    Result<void> read(const std::function<Result<void>(Entry)>& take);

    // On disk when it returns.
    Result<void> append(const Entry& entry);
    // How the last one was answered; one that changed nothing can be forgotten. Written with the next.
    void answered(int status, bool can_be_forgotten);

    using ClockSetting = misbehaviour::VirtualClock::Setting;
    Result<std::optional<ClockSetting>> clock();  // nothing: it was never set
    Result<void> set_clock(const ClockSetting& setting);

private:
    explicit Journal(database::Database database) : database_(std::move(database)) {}
    Result<void> write_answer();

    struct Answer {
        std::int64_t id;
        int status;
        bool can_be_forgotten;
    };
    database::Database database_;
    std::int64_t last_id_ = 0;
    std::optional<Answer> answer_{};
};

}  // namespace keytide::lab::journal
