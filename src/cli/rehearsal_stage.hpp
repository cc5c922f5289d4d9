// Where a rotation is rehearsed: a copy of the account in a lab of this process, a clock that waits for
// nothing, and for every place that the key would be written to a file that stands in for it.
//
// Access keys have their real ids and secrets made up for the rehearsal: no real secret is used, and nothing
// but the real clock is shared with the world outside.
#pragma once

#include <memory>

#include "cli/embedded_lab.hpp"
#include "cli/misfortune.hpp"
#include "cli/new_rotation.hpp"
#include "cli/rehearsal_clock.hpp"
#include "cli/rehearsed.hpp"
#include "cli/scratch_folder.hpp"
#include "orchestrator/account_copy.hpp"

namespace keytide::cli {

// Of what is rehearsed, as it was read from the real account.
struct Original {
    Wish wish;
    Prospect prospect;
    orchestrator::AccountCopy copy;
    std::vector<KeyMetadata> keys;  // the user's; the one that is replaced at least

    // Whether the principal that signs for the user is a user itself, whose policies were copied.
    bool has_administrator() const;
};

class RehearsalStage {
public:
    static Result<std::unique_ptr<RehearsalStage>> set(const Original& original, const Misfortune& misfortune,
                                                       Session& real);

    // From the beginning to its end, or to what nobody here can answer. Waits cost no time.
    Scene perform(const Misfortune& misfortune);

private:
    RehearsalStage(const Original& original, Session& real);

    Result<void> open(const Misfortune& misfortune);
    Result<void> fill_places();
    rotation::Connection connection() const;
    std::string credentials_place() const;
    bool is_first_place_the_source() const;
    std::string place(std::size_t index) const;
    Wish wish() const;
    void use_the_key();
    Report play();
    std::vector<std::string> timeline(const rotation::Rotation& rotation);
    std::string with_real_places(std::string line) const;

    const Original& original_;
    Session& real_;
    ScratchFolder folder_;
    RehearsalClock clock_;
    AccessKey old_key_, administrator_;
    std::unique_ptr<EmbeddedLab> lab_;
    std::unique_ptr<Session> own_;
    std::vector<std::pair<std::string, std::string>> places_;  // the real one, and its stand-in
};

}  // namespace keytide::cli
