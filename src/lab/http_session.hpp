// One connection: reads requests, has them answered, writes the replies, in order, until somebody has enough.
#pragma once

#include <chrono>
#include <string>

#include "lab/coroutine.hpp"
#include "lab/deadlines.hpp"
#include "lab/rehearsal.hpp"
#include "lab/server.hpp"
#include "lab/waiting.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

// Replies are dated to the second: the text is made once in each.
class ReplyDate {
public:
    const std::string& text(Instant now) {
        const auto second = std::chrono::floor<std::chrono::seconds>(now);
        if (text_.empty() || second != second_) text_ = to_http_date(now);
        second_ = second;
        return text_;
    }

private:
    std::chrono::sys_seconds second_;
    std::string text_;
};

// What all connections of a server share.
struct Surroundings {
    Rehearsal& rehearsal;
    const Server::Clock& clock;  // the real one
    const Server::Limits& limits;
    Waiting& waiting;
    Deadlines& deadlines;
    ReplyDate& date;
};

// Ends when the connection does; throws nothing that its caller need know of.
Awaitable<void> serve_connection(Socket socket, Surroundings surroundings);

}  // namespace keytide::lab
