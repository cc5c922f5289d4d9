#include "cli/check_records.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "cli/ledger_place.hpp"
#include "cli/rotations.hpp"
#include "cli/wiring.hpp"
#include "cli/words.hpp"
#include "credentials/file_path.hpp"
#include "ledger/private_file.hpp"
#include "ledger/sealing_key.hpp"

namespace keytide::cli {
namespace {

namespace fs = std::filesystem;
using namespace rotation;

// A rotation's events take some kilobytes; what it reserves, and the log, about a megabyte.
constexpr std::uint64_t least_room = 4 << 20, good_room = 32 << 20;

fs::path nearest_existing(fs::path folder) {
    struct stat status {};
    while (stat(folder.c_str(), &status) != 0 && folder.has_parent_path() && folder != folder.parent_path())
        folder = folder.parent_path();
    return folder;
}

// Nothing when files can be made in it.
std::optional<std::string> why_not_writable(const fs::path& folder) {
    if (faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0) return std::nullopt;
    return std::generic_category().message(errno);
}

Check check_folder(const std::string& name, const fs::path& folder) {
    struct stat status {};
    const bool there = stat(folder.c_str(), &status) == 0;
    if (!there && errno != ENOENT) return problem(name, credentials::system_error("use", folder, errno));
    const auto place = there ? folder : nearest_existing(folder);
    if (const auto why = why_not_writable(place))
        return problem(name, fmt::format("{} cannot be written: {}", place.string(), *why),
                       "allow this user to write there, or keep things elsewhere (docs/configuration.md)");
    if (!there) return ok(name, folder.string() + " does not exist yet, and can be made");
    if (const auto judged = ledger::check_private_folder(folder); !judged)
        return problem(name, judged.error());
    return ok(name, fmt::format("{} is ours (mode {:04o})", folder.string(), status.st_mode & 07777u));
}

Check check_room(const Folders& folders) {
    auto least = std::uint64_t(-1);
    for (const auto& folder : {folders.state, folders.config}) {
        struct statvfs disk {};
        const auto place = nearest_existing(folder);
        if (statvfs(place.c_str(), &disk) != 0)
            return problem("disk", credentials::system_error("see the room at", place, errno));
        const auto blocks = geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
        const auto room = std::uint64_t(blocks) * disk.f_frsize;
        const bool no_files = disk.f_files > 0 && disk.f_ffree == 0;
        if (room < least_room || no_files)
            return problem(
                "disk",
                fmt::format("there is room for {} in {}",
                            no_files ? "no more files" : fmt::format("{} KiB", room >> 10), place.string()),
                "make room: a rotation records each step before it takes it");
        least = std::min(least, room);
    }
    const auto message = fmt::format("{} MiB are free", least >> 20);
    return least < good_room ? warning("disk", message, "make room before it runs out") : ok("disk", message);
}

Check check_sealing_key(Session& session) {
    const auto place = find_ledger(session);  // reads the key that is given, if one is
    if (!place) return problem("sealing-key", place.error());
    if (place->given_key != nullptr) return ok("sealing-key", "it is given by " + place->given_key->from);
    const auto& file = place->sealing_key;
    struct stat status {};
    const bool missing = lstat(file.c_str(), &status) != 0 && errno == ENOENT;
    if (missing && !ledger::SqliteLedger::exists(*place))
        return ok("sealing-key", "there is none yet; the first rotation makes it");
    if (const auto key = ledger::load_sealing_key(file); !key) return problem("sealing-key", key.error());
    return ok("sealing-key", file.string() + " is closed to others");
}

Check check_rotation(const Rotation& r, const std::map<RotationId, long>& working) {
    const auto what = fmt::format("rotation {} of {} ", r.id, r.request.user_name);
    if (const auto at = working.find(r.id); at != working.end())
        return ok("rotations", what + fmt::format("is at work (pid {})", at->second));
    const auto hint = r.question ? "'keytide status' shows the question, and the answers there are"
                      : r.parked && r.parked->until > r.parked->at
                          ? "run 'keytide resume --due' from a timer, or by hand when the time has come"
                          : "run 'keytide resume " + r.id + "'";
    return warning("rotations", what + "has not ended: " + standing(r), hint);
}

Checks check_ledger(Session& session) {
    const auto ledger = open_ledger_if_any(session);
    if (!ledger)
        return {problem("ledger", ledger.error()), unchecked("rotations", "the ledger cannot be read")};
    if (!*ledger) return {ok("ledger", "there is none yet; the first rotation makes it")};
    const auto rotations = recorded_rotations(session);
    if (!rotations)
        return {problem("ledger", rotations.error()), unchecked("rotations", "the ledger cannot be read")};
    Checks checks{ok("ledger", "its chain is whole, and it is not behind its anchor")};
    const auto working = at_work(session, *rotations);
    for (const auto& r : *rotations)
        if (r.phase != Phase::ended) checks.push_back(check_rotation(r, working));
    if (checks.size() == 1)
        checks.push_back(ok("rotations", fmt::format("{} recorded, and none unfinished", rotations->size())));
    return checks;
}

}  // namespace

Checks check_records(Session& session) {
    const auto folders = session.folders();
    if (!folders)
        return {problem("state-folder", folders.error()),
                unchecked("ledger", "it is not known where it would be")};
    Checks checks{check_folder("state-folder", folders->state),
                  check_folder("config-folder", folders->config), check_room(*folders),
                  check_sealing_key(session)};
    append(checks, check_ledger(session));
    return checks;
}

Check check_lock(const Session& session, const AccountId& account, const std::string& user_name) {
    const auto folders = session.folders();
    if (!folders) return unchecked("lock", "it is not known where it would be");
    const auto pid = ledger::UserLock::holder(folders->state, account, user_name);
    if (!pid) return ok("lock", "no other process works on " + user_name);
    return warning("lock", fmt::format("another process works on {} (pid {})", user_name, *pid),
                   "wait until it has ended, or end it; what it has begun can be resumed");
}

}  // namespace keytide::cli
