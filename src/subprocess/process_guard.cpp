#include "subprocess/process_guard.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

namespace keytide::subprocess {
namespace {

rlimit cores_before{RLIM_INFINITY, RLIM_INFINITY};
bool guarded = false;

}  // namespace

void guard_this_process() {
    prctl(PR_SET_DUMPABLE, 0);
    guarded = getrlimit(RLIMIT_CORE, &cores_before) == 0;
    const rlimit none{0, cores_before.rlim_max};
    setrlimit(RLIMIT_CORE, &none);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    int file = open("/dev/null", O_RDWR);
    while (file >= 0 && file <= STDERR_FILENO) file = open("/dev/null", O_RDWR);
    if (file >= 0) close(file);
}

void unguard_for_exec() {
    if (guarded) setrlimit(RLIMIT_CORE, &cores_before);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGXFSZ, SIG_DFL);
}

}  // namespace keytide::subprocess
