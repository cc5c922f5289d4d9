#include "ledger/anchor.hpp"

#include <fmt/format.h>

#include <charconv>

#include "ledger/private_file.hpp"

namespace keytide::ledger {
namespace {

// Nothing when it is not exactly what we write.
std::optional<Head> parse(std::string_view text) {
    Head head;
    const auto* const last = text.data() + text.size();
    const auto [space, problem] = std::from_chars(text.data(), last, head.count);
    if (problem != std::errc{} || std::size_t(last - space) != 2 * head.link.size() + 2) return std::nullopt;
    const auto* digits = space + 1;
    for (auto& byte : head.link) {
        std::from_chars(digits, digits + 2, byte, 16);
        digits += 2;
    }
    if (text != fmt::format("{}\n", to_text(head))) return std::nullopt;
    return head;
}

}  // namespace

std::string to_text(const Head& head) {
    return fmt::format("{} {}", head.count, to_hex(head.link));
}

Result<std::optional<Head>> Anchor::read(std::string_view ledger_id) const {
    const auto text = read_private_file(file(ledger_id));
    if (!text) return std::unexpected(text.error());
    if (!*text) return std::nullopt;
    const auto head = parse(**text);
    if (!head)
        return failed(fmt::format("the anchor {} is damaged", file(ledger_id).string()),
                      "put the file back from a backup; nothing is done without knowing how far a ledger "
                      "had come");
    return head;
}

Result<void> Anchor::advance(std::string_view ledger_id, const Head& head) const {
    if (auto ok = make_private_folder(folder_); !ok) return ok;
    const auto known = read(ledger_id);
    if (!known) return std::unexpected(known.error());
    // Until the ledger's first event, since afterwards an anchor that is missing would lock its owner out.
    const bool new_here = !*known || (*known)->count == 0;
    const auto settled = [&] { return new_here ? sync_names(file(ledger_id)) : Result<void>(); };
    if (*known && (*known)->count >= head.count) return settled();
    const auto text = fmt::format("{}\n", to_text(head));
    if (!*known) {
        const auto created = create_private_file(file(ledger_id), text);
        if (!created) return std::unexpected(created.error());
        if (*created) return settled();
    }
    if (auto ok = replace_private_file(file(ledger_id), text); !ok) return ok;
    return settled();
}

}  // namespace keytide::ledger
