// What protects this process, and must not protect a program that it starts.
//
// Secrets lie in our memory: no core is written of it, and no other process of the same user reads it. And a
// reader of our output who has gone must not end a rotation between two calls, nor a limit on the size of
// files (ulimit -f, LimitFSIZE=): SIGPIPE and SIGXFSZ are ignored, and the write fails instead.
#pragma once

namespace keytide::subprocess {

// For the start of main(). Also opens /dev/null where a standard stream is closed, since a file that took its
// number would get our messages.
void guard_this_process();

// Between fork() and exec(), or right before exec(): async-signal-safe. That memory may be dumped again is
// exec()'s own doing. https://man7.org/linux/man-pages/man2/PR_SET_DUMPABLE.2const.html
void unguard_for_exec();

}  // namespace keytide::subprocess
