// A story before it is played: what is given, what goes wrong and when, and what is done, as plain lines.
//
//   given grace 10m
//   when CreateAccessKey: the answer is lost
//   when the 2nd KeyCreated is recorded: the process dies
//   then rotate
//
// stage.hpp plays it, and knows the sentences.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/error.hpp"

namespace keytide::simulator {

// Of a call before it leaves, of an event before or after it is on disk, of a place before or after it is
// touched, of a process when it starts.
struct Moment {
    enum class Kind { call, recording, recorded, touching, touched, process };
    Kind kind = Kind::call;
    std::string what;  // "CreateAccessKey", "DeleteAccessKey OLD by NEW", "KeyCreated", "profile write"; ""
    int nth = 1;
    bool operator==(const Moment&) const = default;
};

struct Misfortune {
    Moment moment;
    std::string act;
    int times = 1;  // in a row
    bool operator==(const Misfortune&) const = default;
};

struct Script {
    std::vector<std::string> givens;
    std::vector<Misfortune> misfortunes;
    std::vector<std::string> steps;
    bool operator==(const Script&) const = default;
};

std::string to_text(const Script& script);
Result<Script> parse_script(std::string_view text);

}  // namespace keytide::simulator
