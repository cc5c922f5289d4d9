// The latest credential report of an account: a snapshot that is asked for, is there soon afterwards, and
// stands for four hours.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html
#pragma once

#include <optional>
#include <string>

#include "vocabulary/instant.hpp"

namespace keytide::lab {

class CredentialReport {
public:
    enum class State { absent, in_progress, complete, expired };

    // It takes two seconds, or until somebody asks how far it is: whoever waits need not wait here.
    State state(Instant now) const {
        if (!started_) return State::absent;
        if (now - *started_ >= std::chrono::hours(4)) return State::expired;
        return was_asked_for_ || now - *started_ >= std::chrono::seconds(2) ? State::complete
                                                                            : State::in_progress;
    }
    void start(std::string text, Instant now) {
        text_ = std::move(text);
        started_ = now;
        was_asked_for_ = false;
    }
    void ask_for() { was_asked_for_ = true; }

    const std::string& text() const { return text_; }
    Instant generated() const { return started_.value_or(Instant{}); }

private:
    std::string text_;
    std::optional<Instant> started_;
    bool was_asked_for_ = false;
};

}  // namespace keytide::lab
