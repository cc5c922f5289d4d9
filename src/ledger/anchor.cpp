#include "ledger/anchor.hpp"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <thread>

#include "ledger/file_lock.hpp"
#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

using Lines = std::map<std::string, Head, std::less<>>;

bool parse_hex(std::string_view text, Link& link) {
    if (text.size() != 2 * link.size()) return false;
    for (std::size_t i = 0; i < link.size(); ++i) {
        const auto* first = text.data() + 2 * i;
        const auto [end, problem] = std::from_chars(first, first + 2, link[i], 16);
        if (problem != std::errc{} || end != first + 2) return false;
    }
    return true;
}

// One line; false when it is not exactly what we write.
bool parse_line(std::string_view line, Lines& lines) {
    const auto first = line.find(' '), second = line.find(' ', first + 1);
    if (first == 0 || first == line.npos || second == line.npos) return false;
    const auto count = line.substr(first + 1, second - first - 1);
    Head head;
    const auto [end, problem] = std::from_chars(count.data(), count.data() + count.size(), head.count);
    if (count.empty() || problem != std::errc{} || end != count.data() + count.size()) return false;
    if (!parse_hex(line.substr(second + 1), head.link)) return false;
    return lines.emplace(line.substr(0, first), head).second;
}

Result<Lines> load(const std::filesystem::path& file) {
    const auto text = read_private_file(file);
    if (!text) return std::unexpected(text.error());
    Lines lines;
    std::string_view rest = *text ? std::string_view(**text) : std::string_view();
    for (int number = 1; !rest.empty(); ++number) {
        const auto end = rest.find('\n');
        if (end == rest.npos || !parse_line(rest.substr(0, end), lines))
            return failed(fmt::format("line {} of the anchor {} is damaged", number, file.string()),
                          "put the file back from a backup; nothing is done without knowing how far a ledger "
                          "had come");
        rest.remove_prefix(end + 1);
    }
    return lines;
}

}  // namespace

Result<std::optional<Head>> Anchor::read(std::string_view ledger_id) const {
    const auto lines = load(file_);
    if (!lines) return std::unexpected(lines.error());
    const auto found = lines->find(ledger_id);
    if (found == lines->end()) return std::nullopt;
    return found->second;
}

Result<void> Anchor::advance(std::string_view ledger_id, const Head& head) const {
    if (auto ok = make_private_folder(file_.parent_path()); !ok) return ok;
    // flock cannot wait for a limited time, and a frozen process must not freeze us.
    const auto until = std::chrono::steady_clock::now() + patience_;
    auto lock = FileLock::try_acquire(file_.string() + ".lock");
    while (lock && !*lock && std::chrono::steady_clock::now() < until) {
        std::this_thread::sleep_for(std::chrono::milliseconds{2});
        lock = FileLock::try_acquire(file_.string() + ".lock");
    }
    if (!lock) return std::unexpected(lock.error());
    if (!*lock)
        return std::unexpected(Error{ErrorKind::busy,
                                     fmt::format("the anchor {} is being written by another process (pid {})",
                                                 file_.string(), FileLock::holder(file_.string() + ".lock")),
                                     "wait until it has ended, or end it"});

    auto lines = load(file_);
    if (!lines) return std::unexpected(lines.error());
    auto& known = (*lines)[std::string(ledger_id)];
    if (known.count <= head.count) known = head;
    std::string text;
    for (const auto& [id, line] : *lines)
        text += fmt::format("{} {} {}\n", id, line.count, to_hex(line.link));
    return replace_private_file(file_, text);
}

}  // namespace keytide::ledger
