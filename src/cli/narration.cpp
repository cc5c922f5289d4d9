#include "cli/narration.hpp"

#include "cli/words.hpp"

namespace keytide::cli {

using namespace rotation;

void Narration::happened(const Rotation& after, const Event& event) {
    if (after.phase != phase_) waited_ = false;
    phase_ = after.phase;
    last_ = after;
    if (quiet_) return;
    const auto line = headline(after, event);
    if (!line.empty()) terminal_.say("  " + line);
}

void Narration::waiting(const Rotation& r, Duration time) {
    if (quiet_ || waited_ || time < std::chrono::seconds{1}) return;
    waited_ = true;
    const auto& problem = r.evidence.problem;
    const std::string why = r.phase == Phase::verify || r.phase == Phase::confirm
                                ? "until AWS answers steadily"
                            : r.phase == Phase::overlap ? "for the grace time"
                                                        : "before trying again";
    terminal_.say("  waiting    " + why + (problem && problem->code != "?" ? " (" + problem->code + ")" : ""),
                  Style::faint);
}

}  // namespace keytide::cli
