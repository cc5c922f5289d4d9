// A disk that fails when a test says so: this header defines write, fsync and rename in the test program, in
// front of the C library's. One failure at a time, by its errno.
//
// To be included by test programs only; the definitions are theirs.
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <string>

namespace keytide::credentials {

enum class DiskCall { none, write, sync_file, sync_folder, rename };

struct DiskFault {
    DiskCall call = DiskCall::none;
    int number = 0;
};
inline DiskFault disk_fault;

// While it lives, that call fails.
class FailingDisk {
public:
    FailingDisk(DiskCall call, int number) { disk_fault = {call, number}; }
    ~FailingDisk() { disk_fault = {}; }
    FailingDisk(const FailingDisk&) = delete;
    FailingDisk& operator=(const FailingDisk&) = delete;
};

inline bool disk_fails(DiskCall call) {
    if (disk_fault.call != call) return false;
    errno = disk_fault.number;
    return true;
}

template <class F>
F* real_call(const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

}  // namespace keytide::credentials

extern "C" {

[[gnu::used]] inline ssize_t write(int file, const void* bytes, size_t size) {
    using namespace keytide::credentials;
    struct stat status {};
    if (disk_fault.call == DiskCall::write && fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
        errno = disk_fault.number;
        return -1;
    }
    return real_call<ssize_t(int, const void*, size_t)>("write")(file, bytes, size);
}

[[gnu::used]] inline int fsync(int file) {
    using namespace keytide::credentials;
    struct stat status {};
    const bool folder = fstat(file, &status) == 0 && S_ISDIR(status.st_mode);
    if (disk_fails(folder ? DiskCall::sync_folder : DiskCall::sync_file)) return -1;
    return real_call<int(int)>("fsync")(file);
}

[[gnu::used]] inline int rename(const char* from, const char* to) noexcept {
    using namespace keytide::credentials;
    if (disk_fails(DiskCall::rename)) return -1;
    return real_call<int(const char*, const char*)>("rename")(from, to);
}

[[gnu::used]] inline int renameat2(int from_at, const char* from, int to_at, const char* to,
                                   unsigned flags) noexcept {
    using namespace keytide::credentials;
    if (disk_fails(DiskCall::rename)) return -1;
    return real_call<int(int, const char*, int, const char*, unsigned)>("renameat2")(from_at, from, to_at, to,
                                                                                     flags);
}

}  // extern "C"
