// The probe "exec:CMD": a command of the person's own that uses the key, and ends with 0 when it was taken.
//
// It runs under /bin/sh with the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY and nothing else that
// would choose another one. Its output goes to standard error. Any other end is a Refused with the code
// ExecFailed; not ending in time is Indeterminate.
//
// The new secret is in the environment of the command and of all that it starts. None of them outlives the
// attempt, nor us, however we die: they are one process group, and a watcher in it, which holds the reading
// end of a pipe of ours, kills the group when the pipe ends. Only what puts itself into a group of its own
// (setsid) escapes.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "ports/probe.hpp"

namespace keytide::aws {

class ExecProbe final : public ports::Probe {
public:
    // `interrupted` is asked ten times a second and may be empty; true ends the command as the timeout does.
    explicit ExecProbe(std::string command, Duration timeout = std::chrono::seconds{60},
                       std::function<bool()> interrupted = {});
    std::string name() const override { return "exec:" + command_; }
    ports::Answer<ports::ProbeAccepted> attempt(const AccessKey& key) override;

private:
    std::string command_;
    Duration timeout_;
    std::function<bool()> interrupted_;
};

}  // namespace keytide::aws
