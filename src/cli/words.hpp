// What people read about a rotation: its guarantees, its state, its end.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rotation/record.hpp"

namespace keytide::cli {

bool skips(const rotation::Request& request, rotation::Guarantee guarantee);

// What is done without, in words that a person can consent to.
std::string in_words(rotation::Guarantee guarantee);

// One line with the state of both keys, as far as the record knows it.
std::string state_of_keys(const rotation::Rotation& rotation);

// "creating the new key", "parked until …": what a rotation is at.
std::string standing(const rotation::Rotation& rotation);

// What a rotation asks before it goes on, of whoever can answer it.
struct Question {
    std::string text;
    std::vector<std::string> answers;
};
std::optional<Question> question_of(const rotation::Rotation& rotation);

// One line about an event; empty for what nobody needs to hear while it happens.
std::string headline(const rotation::Rotation& after, const rotation::Event& event);

}  // namespace keytide::cli
