// What a rehearsal showed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "rotation/request.hpp"

namespace keytide::cli {

// The rotation under one misfortune.
struct Scene {
    std::string name, what;  // the misfortune's
    int exit_code = 0;
    std::string outcome;                    // one line
    std::optional<std::string> question{};  // that only a person can answer
    std::vector<std::string> answers{};     // to it
    Duration took{0};                       // by the lab's clock, in whole seconds
    std::vector<std::string> timeline{};    // lines: "+1m5s  created …"
    std::vector<rotation::Guarantee> skipped{};
};

struct Rehearsed {
    std::string user;                                 // ARN
    std::size_t users = 0, groups = 0, policies = 0;  // copied
    std::vector<std::string> unseen{};                // what could not be copied, and why
    std::vector<std::string> stood_in_for{};          // URIs of places, which keep what they hold
    std::vector<std::string> left_out{};              // what a rotation does and the rehearsal did not
    std::vector<Scene> scenes{};
    std::vector<std::string> asked{};  // of a person, from before the beginning to the end
};

// For people: lines, without the last one's end.
std::string in_words(const Rehearsed& rehearsed);

}  // namespace keytide::cli
