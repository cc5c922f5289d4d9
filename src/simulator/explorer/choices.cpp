#include "simulator/explorer/choices.hpp"

#include <array>

namespace keytide::simulator {

std::string_view to_text(Move move) {
    constexpr std::array<std::string_view, std::size_t(Move::person_goes_back) + 1> words{
        "all is well",
        "is throttled",
        "gets no answer",
        "is denied by an old policy",
        "its signer is not known yet",
        "SignatureDoesNotMatch",
        "is not sent",
        "gets no answer, and was not done",
        "gets no answer, and was done",
        "gets no answer, and may be done later",
        "finds no such key yet",
        "is answered from an old list",
        "is taken although the key is deleted",
        "the key is never known to any service",
        "the key is another user's",
        "the process dies",
        "is done, and the process dies",
        "leaves, and the process dies",
        "leaves from a frozen process",
        "the process freezes",
        "the disk is full",
        "is on disk, but nobody said so",
        "a sealed value is damaged",
        "the ledger is an older one",
        "the local clock jumps",
        "cannot be read",
        "is refused",
        "is written, but nobody said so",
        "is not written, and nobody said so",
        "is said to be written, and is not",
        "a place refuses every write",
        "nothing answers",
        "a permission is revoked",
        "somebody creates a key",
        "somebody deletes a key",
        "somebody disables a key",
        "somebody enables a key",
        "somebody overwrites a place",
        "somebody empties a place",
        "the user is renamed",
        "the user is deleted and made again",
        "a person wants the old key back"};
    return words[std::size_t(move)];
}

bool is_dangerous(Move move) {
    switch (move) {
        case Move::lost_before:
        case Move::lost_after:
        case Move::late:
        case Move::crash:
        case Move::crash_after:
        case Move::crash_late:
        case Move::frozen_late:
        case Move::freeze:
        case Move::append_unsure:
        case Move::write_unsure:
        case Move::write_lost:
        case Move::stranger_creates:
        case Move::stranger_deletes:
        case Move::stranger_disables:
        case Move::stranger_enables:
        case Move::stranger_overwrites:
        case Move::stranger_empties:
        case Move::user_renamed:
        case Move::user_is_another: return true;
        default: return false;
    }
}

Move Choices::choose(std::initializer_list<Move> misfortunes) {
    auto& point = points_.emplace_back();
    point.ways.reserve(misfortunes.size() + 1);
    point.ways.push_back(Move::all_is_well);
    point.ways.insert(point.ways.end(), misfortunes);
    const auto number = points_.size() - 1;
    point.taken = number < script_.size() ? script_[number] : 0;
    return point.ways.at(point.taken);
}

}  // namespace keytide::simulator
