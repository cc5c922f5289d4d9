// Runs a command of the person's own, to which a secret is given in its environment or on its standard input.
//
// It runs under /bin/sh. None of what it starts outlives it, nor us, however we die: they are one process
// group, and a watcher in it, which holds the reading end of a pipe of ours, kills the group when the pipe
// ends. Only what puts itself into a group of its own (setsid) escapes.
#pragma once

#include <chrono>
#include <expected>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "vocabulary/instant.hpp"
#include "vocabulary/wiped_string.hpp"

namespace keytide::subprocess {

struct Command {
    std::string text;                            // of the shell's
    std::string folder = {};                     // where it runs; empty: where we do
    std::vector<std::string_view> without = {};  // variables of our environment that it does not get
    std::vector<WipedString> with = {};          // NAME=value, that it gets in place of ours
    WipedString input = {};                      // its standard input, at most largest_input bytes
    bool keeps_output = false;  // its standard output is handed back; otherwise it goes to standard error
    Duration timeout = std::chrono::seconds{60};
    std::function<bool()> interrupted = {};  // asked ten times a second; true ends it as the timeout does
};

constexpr std::size_t largest_input = 32 << 10;  // what a pipe holds, so that nobody waits for the reader
constexpr std::size_t largest_output = 1 << 20;

struct Ended {
    int status = 0;  // 0..255 as it exited, or 256 and its signal's number
    WipedString output;

    std::string in_words() const;  // "the command ended with status 3"
};
struct NotEnded {
    bool was_started = false;
    std::string reason;
};
std::expected<Ended, NotEnded> run(const Command& command);

}  // namespace keytide::subprocess
