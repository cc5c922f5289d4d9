// What a world lived through, as plain text for somebody who has not read the code.
//
//   +0s     AWS: CreateAccessKey by OLD -> NEW
//   +0s     ledger: KeyCreated NEW
//
// Keys have names instead of ids, times are relative to the beginning, and what repeats is said once.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "simulator/world.hpp"

namespace keytide::simulator {

class Transcript {
public:
    explicit Transcript(World& world);

    void name(const std::string& id_or_place, std::string name) { names_[id_or_place] = std::move(name); }
    void say(std::string text);  // with names in the place of ids, and relative times
    void called(const CallSeen& seen) { say("AWS: " + seen.call + " -> " + seen.answer); }
    void recorded(const rotation::Event& event);
    void not_recorded(const rotation::Event& event);

    // A survey is one line.
    void survey_begins() { survey_.emplace(); }
    void survey_ends();

    std::string text() const;

private:
    struct Line {
        Instant at;
        std::string text;
    };
    static void gather(std::vector<Line>& lines);
    std::string in_names(std::string text) const;
    std::string relative(Instant t) const;
    std::string details(const rotation::Event& event) const;

    World& world_;
    Instant begun_;
    std::map<std::string, std::string> names_;
    std::optional<std::vector<std::string>> survey_;
    std::vector<Line> lines_;
};

}  // namespace keytide::simulator
