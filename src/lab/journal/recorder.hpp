// Keeps what the lab is asked, and has it asked again when the lab begins anew.
//
// What only reads is not kept, unless it leaves a trace (a key's last use). What was refused has changed
// nothing and is forgotten again, except by STS, which takes a one-time code even of who is refused later.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "lab/journal/journal.hpp"
#include "lab/journal/repeatable_randomness.hpp"
#include "lab/randomness.hpp"

namespace keytide::lab::journal {

class Recorder {
public:
    // What was, or what is to begin: `wanted` as far as it is given, the rest drawn by lot. A usage error
    // when there was something else.
    struct Wanted {
        std::vector<AccountId> accounts;
        std::string region;
        std::optional<AccessKey> root_key;
        Instant now;
    };
    static Result<std::unique_ptr<Recorder>> open(const std::filesystem::path& folder, Wanted wanted,
                                                  Randomness source);

    const Beginning& beginning() const { return beginning_; }
    Randomness randomness() const { return lots_.randomness(); }

    // Follows the lots of the beginning while the lab is made.
    void begin() { lots_.follow(beginning_.seed); }
    void end() { lots_.stop(); }

    bool is_replaying() const { return is_replaying_; }
    // Asks everything again; `ask` answers the status. Failed when an answer is not what it was.
    using Ask = std::function<int(Request, Instant now, Instant real, const misbehaviour::Hearing& heard)>;
    Result<void> replay(const Ask& ask);

    // Before a request is acted upon: it is on disk, and its lots are the ones to be drawn, until answered().
    // While replaying both are so already.
    Result<void> keep(const Request& request, Instant now, Instant real, const misbehaviour::Hearing& heard);
    void answered(int status, bool changed_nothing);

    // Everything again as it was in the beginning, but now: with the same lots, and so the same root keys.
    Result<void> start_over(Instant now);

    const std::optional<Journal::ClockSetting>& clock() const { return clock_; }  // as it was at the start
    Result<void> set_clock(const Journal::ClockSetting& setting) { return journal_.set_clock(setting); }

private:
    Recorder(Journal journal, Beginning beginning, std::optional<Journal::ClockSetting> clock,
             RepeatableRandomness lots)
        : journal_(std::move(journal)),
          beginning_(std::move(beginning)),
          clock_(clock),
          lots_(std::move(lots)) {}

    Journal journal_;
    Beginning beginning_;
    std::optional<Journal::ClockSetting> clock_;
    RepeatableRandomness lots_;
    bool is_replaying_ = false;
    bool is_kept_ = false;
};

}  // namespace keytide::lab::journal
