// A disk that remembers what was asked of it, and refuses when a test says so: this header defines the calls
// that change files, in front of the C library's, for SQLite and for ourselves alike.
//
// While a RecordedDisk lives, the calls below its folder are kept in order, and nothing is really synced:
// what a sync means is for power_loss.hpp to say. A file's creation is its first call. SQLite's shared memory
// (-shm) is not kept, since nobody relies on it after a crash, but it is refused like the rest.
//
// To be included by test programs only; the definitions are theirs.
#pragma once

#include <dlfcn.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace keytide::ledger {

struct DiskCall {
    enum class Kind { write, cut, sync_file, make_folder, sync_folder, link, rename, unlink };
    Kind kind;
    std::filesystem::path path;
    std::filesystem::path to;  // of rename and link: the new name
    int file = 0;              // which file; 0: none, or a folder
    off_t place = 0;           // of write; of cut: the new length
    std::string bytes;         // of write
    bool grows = false;        // a write behind the file's end
    bool failed = false;       // a sync that failed: what it should have kept may be lost for good
};

class RecordedDisk {
public:
    explicit RecordedDisk(std::filesystem::path below) : below_(std::move(below)) { in_use = this; }
    ~RecordedDisk() { in_use = nullptr; }
    RecordedDisk(const RecordedDisk&) = delete;
    RecordedDisk& operator=(const RecordedDisk&) = delete;

    std::vector<DiskCall> calls;

    // The errno with which a call fails; 0: it does not. On a full disk, half of a write finds its place.
    std::function<int(const DiskCall&)> trouble;

    static inline RecordedDisk* in_use = nullptr;

    bool has(const std::filesystem::path& path) const {
        return path == below_ || path.native().starts_with(below_.native() + "/");
    }

    int number_of(const struct stat& status) {
        const auto [known, fresh] = numbers_.try_emplace(status.st_ino, files_ + 1);
        if (fresh) ++files_;
        return known->second;
    }
    void forget(const struct stat& status) { numbers_.erase(status.st_ino); }
    void forget_all() { numbers_.clear(); }

    int ask(const DiskCall& call) { return trouble ? trouble(call) : 0; }
    void keep(DiskCall call) {
        if (!call.path.native().ends_with("-shm")) calls.push_back(std::move(call));
    }

private:
    std::filesystem::path below_;
    std::map<ino_t, int> numbers_;
    int files_ = 0;
};

// Of an open file or folder below the recorded folder; without a path when it is another.
inline DiskCall disk_call(DiskCall::Kind kind, int fd, struct stat& status) {
    DiskCall call{kind};
    auto* const disk = RecordedDisk::in_use;
    if (disk == nullptr || fstat(fd, &status) != 0) return call;
    std::error_code error;
    const auto path = std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), error);
    if (error || !disk->has(path) || path.native().ends_with(" (deleted)")) return call;
    call.path = path;
    if (S_ISREG(status.st_mode)) call.file = disk->number_of(status);
    return call;
}

inline DiskCall disk_call(DiskCall::Kind kind, const char* path, const char* to = "") {
    DiskCall call{kind};
    auto* const disk = RecordedDisk::in_use;
    if (disk == nullptr || !disk->has(path)) return call;
    call.path = path;
    call.to = to;
    struct stat status {};
    if (kind != DiskCall::Kind::make_folder && lstat(path, &status) == 0) call.file = disk->number_of(status);
    return call;
}

template <class F>
F* libc_call(const char* name) {
    return reinterpret_cast<F*>(dlsym(RTLD_NEXT, name));
}

// The calls on names, and cutting: all or nothing.
template <class Really>
int recorded(DiskCall call, const Really& really) {
    if (call.path.empty()) return really();
    if (const int number = RecordedDisk::in_use->ask(call); number != 0) {
        errno = number;
        return -1;
    }
    const int done = really();
    if (done == 0) RecordedDisk::in_use->keep(std::move(call));
    return done;
}

// `really` writes that many of the bytes.
template <class Really>
ssize_t recorded_write(int fd, const void* bytes, std::size_t size, off_t place, const Really& really) {
    struct stat status {};
    auto call = disk_call(DiskCall::Kind::write, fd, status);
    if (call.path.empty()) return really(size);
    call.place = place >= 0 ? place : lseek(fd, 0, SEEK_CUR);
    call.grows = call.place + off_t(size) > status.st_size;
    const int number = RecordedDisk::in_use->ask(call);
    const auto done = number == 0 ? really(size) : number == ENOSPC ? really(size / 2) : 0;
    if (done > 0) {
        call.bytes.assign(static_cast<const char*>(bytes), std::size_t(done));
        RecordedDisk::in_use->keep(std::move(call));
    }
    if (number == 0) return done;
    errno = number;
    return -1;
}

inline int recorded_sync(int fd, const char* name) {
    struct stat status {};
    auto call = disk_call(DiskCall::Kind::sync_file, fd, status);
    if (call.path.empty()) return libc_call<int(int)>(name)(fd);
    if (S_ISDIR(status.st_mode)) call.kind = DiskCall::Kind::sync_folder;
    const int number = RecordedDisk::in_use->ask(call);
    call.failed = number != 0;
    RecordedDisk::in_use->keep(std::move(call));
    if (number == 0) return 0;
    errno = number;
    return -1;
}

inline int recorded_cut(int fd, off_t length, const char* name) {
    struct stat status {};
    auto call = disk_call(DiskCall::Kind::cut, fd, status);
    call.place = length;
    return recorded(std::move(call), [&] { return libc_call<int(int, off_t)>(name)(fd, length); });
}

}  // namespace keytide::ledger

extern "C" {

[[gnu::used]] inline ssize_t write(int fd, const void* bytes, size_t size) {
    using namespace keytide::ledger;
    return recorded_write(fd, bytes, size, -1, [&](size_t part) {
        return libc_call<ssize_t(int, const void*, size_t)>("write")(fd, bytes, part);
    });
}

[[gnu::used]] inline ssize_t pwrite(int fd, const void* bytes, size_t size, off_t place) {
    using namespace keytide::ledger;
    return recorded_write(fd, bytes, size, place, [&](size_t part) {
        return libc_call<ssize_t(int, const void*, size_t, off_t)>("pwrite")(fd, bytes, part, place);
    });
}

[[gnu::used]] inline ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t place) {
    return pwrite(fd, bytes, size, place);
}

[[gnu::used]] inline int ftruncate(int fd, off_t length) noexcept {
    return keytide::ledger::recorded_cut(fd, length, "ftruncate");
}

[[gnu::used]] inline int ftruncate64(int fd, off64_t length) noexcept {
    return keytide::ledger::recorded_cut(fd, length, "ftruncate64");
}

[[gnu::used]] inline int fsync(int fd) {
    return keytide::ledger::recorded_sync(fd, "fsync");
}

[[gnu::used]] inline int fdatasync(int fd) {
    return keytide::ledger::recorded_sync(fd, "fdatasync");
}

[[gnu::used]] inline int mkdir(const char* path, mode_t mode) noexcept {
    using namespace keytide::ledger;
    return recorded(disk_call(DiskCall::Kind::make_folder, path),
                    [&] { return libc_call<int(const char*, mode_t)>("mkdir")(path, mode); });
}

[[gnu::used]] inline int link(const char* path, const char* to) noexcept {
    using namespace keytide::ledger;
    return recorded(disk_call(DiskCall::Kind::link, path, to),
                    [&] { return libc_call<int(const char*, const char*)>("link")(path, to); });
}

[[gnu::used]] inline int rename(const char* path, const char* to) noexcept {
    using namespace keytide::ledger;
    struct stat replaced {};
    const bool replaces = RecordedDisk::in_use != nullptr && lstat(to, &replaced) == 0;
    const int done = recorded(disk_call(DiskCall::Kind::rename, path, to),
                              [&] { return libc_call<int(const char*, const char*)>("rename")(path, to); });
    if (done == 0 && replaces && replaced.st_nlink == 1) RecordedDisk::in_use->forget(replaced);
    return done;
}

[[gnu::used]] inline int unlink(const char* path) noexcept {
    using namespace keytide::ledger;
    struct stat removed {};
    const bool known = RecordedDisk::in_use != nullptr && lstat(path, &removed) == 0;
    const int done = recorded(disk_call(DiskCall::Kind::unlink, path),
                              [&] { return libc_call<int(const char*)>("unlink")(path); });
    if (done == 0 && known && removed.st_nlink == 1) RecordedDisk::in_use->forget(removed);
    return done;
}

}  // extern "C"
