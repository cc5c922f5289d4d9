// For the tests: what a disk may hold after the power went, given the calls that were made on it
// (recorded_disk.hpp). In the manner of LevelDB's fault_injection_test, and harsher:
//
// - What was written to a file before its last sync is there. Of what was written since, any 512 bytes may be
//   there or not, in any order; a file that grew may show zeros or noise in their place.
// - A sync that failed keeps nothing, and a later one does not keep it either: Linux forgets such pages.
//   https://wiki.postgresql.org/wiki/Fsync_Errors
// - A name is there, or gone, for certain only once its folder was synced. Until then any of the changes may
//   have reached the disk. A rename happens whole or not at all.
#pragma once

#include <sys/stat.h>

#include <fstream>
#include <map>
#include <random>

#include "ledger/recorded_disk.hpp"

namespace keytide::ledger {

class PowerLoss {
public:
    // The chance of what was not synced to be there: 0 nothing, 1 everything (as after a mere kill).
    PowerLoss(const std::filesystem::path& root, double chance, unsigned seed)
        : root_(root), survives_(chance), random_(seed) {}

    void happened(const DiskCall& call) {
        using enum DiskCall::Kind;
        switch (call.kind) {
            case write:
            case cut:
                name_of_new(call);
                files_[call.file].unsynced.push_back(&call);
                break;
            case sync_file:
                name_of_new(call);
                files_[call.file].sync(call.failed);
                break;
            case make_folder:
            case unlink: folders_[call.path.parent_path()].unsynced.push_back({&call}); break;
            case link:
            case rename: folders_[call.to.parent_path()].unsynced.push_back({&call}); break;
            case sync_folder:
                if (!call.failed) folders_[call.path].sync();
                break;
        }
    }

    // The folder as it is found afterwards.
    void leave(const std::filesystem::path& place) { leave(root_, place); }

private:
    struct File {
        std::string bytes;
        std::vector<const DiskCall*> unsynced;
        std::vector<const DiskCall*> doubtful;  // a failed sync has been over them

        void sync(bool failed) {
            if (failed) {
                doubtful.insert(doubtful.end(), unsynced.begin(), unsynced.end());
            } else {
                for (const auto* call : unsynced) apply(*call);
            }
            unsynced.clear();
        }
        void apply(const DiskCall& call) {
            const auto place = std::size_t(call.place);
            if (call.kind == DiskCall::Kind::cut) {
                bytes.resize(place);
                return;
            }
            if (bytes.size() < place + call.bytes.size()) bytes.resize(place + call.bytes.size());
            bytes.replace(place, call.bytes.size(), call.bytes);
        }
    };

    struct Naming {
        const DiskCall* call;
        bool fresh = false;  // the name that a new file was made with
    };
    struct Names {
        std::map<std::string, int> names;  // 0: a folder
        std::vector<Naming> unsynced;

        void sync() {
            for (const auto& naming : unsynced) apply(naming);
            unsynced.clear();
        }
        void apply(const Naming& naming) {
            const auto& call = *naming.call;
            if (naming.fresh || call.kind == DiskCall::Kind::make_folder) {
                names[call.path.filename()] = call.file;
                return;
            }
            if (call.kind != DiskCall::Kind::link) names.erase(call.path.filename());
            if (call.kind != DiskCall::Kind::unlink) names[call.to.filename()] = call.file;
        }
    };

    void name_of_new(const DiskCall& call) {
        if (files_.contains(call.file)) return;
        files_[call.file];
        folders_[call.path.parent_path()].unsynced.push_back({&call, true});
    }

    bool chance() { return survives_(random_); }

    // In pieces of a sector.
    void maybe(File& file, const DiskCall& call) {
        if (call.kind == DiskCall::Kind::cut) {
            if (chance()) file.apply(call);
            return;
        }
        const auto end = std::size_t(call.place) + call.bytes.size();
        if (file.bytes.size() < end && chance()) file.bytes.resize(end, chance() ? '\0' : '\x5a');
        for (std::size_t from = 0; from < call.bytes.size();) {
            const auto sector = 512 - (std::size_t(call.place) + from) % 512;
            DiskCall piece{call.kind};
            piece.place = call.place + off_t(from);
            piece.bytes = call.bytes.substr(from, sector);
            if (chance()) file.apply(piece);
            from += sector;
        }
    }

    void leave(const std::filesystem::path& folder, const std::filesystem::path& place) {
        std::filesystem::create_directories(place);
        std::filesystem::permissions(place, std::filesystem::perms::owner_all);
        auto& names = folders_[folder];
        for (const auto& naming : names.unsynced)
            if (chance()) names.apply(naming);
        for (const auto& [name, number] : names.names) {
            if (number == 0) {
                leave(folder / name, place / name);
                continue;
            }
            auto& file = files_[number];
            auto found = file;
            for (const auto* call : file.doubtful) maybe(found, *call);
            for (const auto* call : file.unsynced) maybe(found, *call);
            std::ofstream(place / name, std::ios::binary) << found.bytes;
            chmod((place / name).c_str(), 0600);
        }
    }

    std::filesystem::path root_;
    std::bernoulli_distribution survives_;
    std::mt19937 random_;
    std::map<int, File> files_;
    std::map<std::filesystem::path, Names> folders_;
};

}  // namespace keytide::ledger
