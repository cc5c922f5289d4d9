// One way from a situation to the next: a step, or something that happens between two steps.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulator/explorer/small_world.hpp"

namespace keytide::simulator {

struct Turn {
    enum class Kind : std::uint8_t { step, much_later, lands, thaws, consumer_reads, hands_out, befalls };
    Kind kind = Kind::step;
    Move move = Move::all_is_well;  // what befalls
    std::uint16_t which = 0;  // the call, the consumer, the key, the permission, the length of the ledger
    std::vector<std::uint8_t> script{};  // the choices within a step
};

std::string to_text(const Turn& turn);

// What may happen between two steps, the misfortunes among it last.
std::vector<Turn> turns_of(const Setting& setting, const Situation& situation);

void take(const Setting& setting, Situation& situation, const Turn& turn, Choices& choices, const Tell& tell);

}  // namespace keytide::simulator
