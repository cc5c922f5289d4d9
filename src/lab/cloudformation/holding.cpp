#include "lab/cloudformation/holding.hpp"

#include <algorithm>

namespace keytide::lab::cloudformation {
namespace {

bool has_gone(const ServiceError& error) {
    return error.code == "NoSuchEntity" || error.code == "NoSuchBucket";
}

auto find_place(Holding& pieces, const Piece& place) {
    return std::find_if(pieces.begin(), pieces.end(), [&](const Piece& one) { return one.is_at(place); });
}

}  // namespace

bool Piece::is_at(const Piece& other) const {
    return kind == other.kind && owner_type == other.owner_type && owner == other.owner && name == other.name;
}

std::expected<void, FailedChange> change(const Actor& actor, Holding& held, const Holding& wanted) {
    for (const auto& piece : wanted) {
        const auto place = find_place(held, piece);
        if (place != held.end() && place->content == piece.content) continue;
        auto put = piece;
        if (auto done = piece.kind->put(actor, put, place != held.end() ? &*place : nullptr); !done)
            return std::unexpected(FailedChange{piece.kind->service, done.error()});
        if (place != held.end())
            *place = std::move(put);
        else
            held.push_back(std::move(put));
    }
    for (std::size_t i = held.size(); i-- > 0;) {
        const bool stays = std::any_of(wanted.begin(), wanted.end(), [&](const Piece& one) {
            return one.is_at(held[i]) || (one.name.empty() && one.kind == held[i].kind);
        });
        if (stays) continue;
        if (auto done = held[i].kind->take(actor, held[i]); !done && !has_gone(done.error()))
            return std::unexpected(FailedChange{held[i].kind->service, done.error()});
        held.erase(held.begin() + std::ptrdiff_t(i));
    }
    return {};
}

}  // namespace keytide::lab::cloudformation
