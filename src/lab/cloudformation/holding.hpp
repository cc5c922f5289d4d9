// What one resource of a stack holds in the account, and the one operation that changes it.
//
// A holding is a list of pieces: the user, each of its policies, its place in a group. To create is to change
// from no pieces, to delete is to change to none, and to roll back is to change to those that were held
// before: so one function serves them all, and what it has done so far is always written down. How a piece is
// put and taken is its kind's business (iam_pieces.hpp, bucket_piece.hpp): it calls the service as any client
// would.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lab/account.hpp"
#include "lab/caller.hpp"
#include "lab/cloudformation/value.hpp"
#include "lab/service_error.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab::cloudformation {

// In whose name resources are changed. As on AWS, a stack can do nothing that its caller may not.
// https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html
struct Actor {
    Account& account;
    const Caller& caller;
    Instant now;
};

struct PieceKind;

struct Piece {
    const PieceKind* kind;
    std::string owner_type, owner;  // User bob, Group devs, Role app; a bucket has none
    std::string name;               // among the owner's pieces of this kind; may be empty
    Value content;

    // Of what is the same in both, only the content can be changed.
    bool is_at(const Piece& other) const;
};

struct PieceKind {
    std::string_view name;
    std::string_view service;  // as failures name it: Iam
    // Null `before`: there was none. May name the piece, where the service gives the names.
    Outcome<void> (*put)(const Actor& actor, Piece& piece, const Piece* before);
    Outcome<void> (*take)(const Actor& actor, const Piece& piece);
    bool is_exclusive;  // one of its place can be only one resource's
};

using Holding = std::vector<Piece>;

struct FailedChange {
    std::string_view service;
    ServiceError error;
};

// Changes the account until `held` is `wanted`, and `held` along with it; after an error `held` says how far
// it came. What is to go and has already gone is no error. Pieces are put in their order and taken in the
// opposite one.
std::expected<void, FailedChange> change(const Actor& actor, Holding& held, const Holding& wanted);

}  // namespace keytide::lab::cloudformation
