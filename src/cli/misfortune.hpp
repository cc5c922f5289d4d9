// What a rehearsal lets go wrong, one thing at a time.
#pragma once

#include <string>
#include <vector>

#include "lab/misbehaviour/fault.hpp"
#include "lab/misbehaviour/replicas.hpp"

namespace keytide::cli {

struct Misfortune {
    std::string name;  // in JSON
    std::string what;  // for people
    lab::misbehaviour::Propagation propagation;
    std::vector<lab::misbehaviour::Rule> rules{};
};

// The first is no more than what AWS always does.
std::vector<Misfortune> misfortunes();

}  // namespace keytide::cli
