#include "cli/lab_env_file.hpp"

#include <charconv>

#include "credentials/atomic_file.hpp"

namespace keytide::cli {

constexpr std::string_view first_words = "export AWS_ENDPOINT_URL=";

Result<void> write_lab_env_file(const std::string& path, const std::string& endpoint,
                                std::span<const LabRoot> roots, const std::string& region,
                                const Secret& token) {
    const auto lock = credentials::FileLock::take(path);
    if (!lock) return std::unexpected(lock.error());
    const auto before = credentials::read_regular_file(lock->path());
    if (!before) return std::unexpected(before.error());
    if (*before && !std::string_view((*before)->bytes).starts_with(first_words))
        return usage_error(path + " exists, and 'keytide lab' did not write it",
                           "choose another --env-file, or remove it");
    // None of these values can hold a quote: they are a URL, key characters, letters and a region.
    WipedString text;
    for (const auto& [name, value] :
         {std::pair<std::string_view, std::string_view>{"AWS_ENDPOINT_URL", endpoint},
          {"AWS_ACCESS_KEY_ID", roots[0].key.id.text()},
          {"AWS_SECRET_ACCESS_KEY", roots[0].key.secret.reveal()},
          {"AWS_DEFAULT_REGION", region},
          {"KEYTIDE_LAB_TOKEN", token.reveal()}})
        text.append("export ").append(name).append("='").append(value).append("'\n");
    for (const auto& other : roots.subspan(1))
        for (const auto& [name, value] :
             {std::pair<std::string_view, std::string_view>{"AWS_ACCESS_KEY_ID_", other.key.id.text()},
              {"AWS_SECRET_ACCESS_KEY_", other.key.secret.reveal()}})
            text.append("export ")
                .append(name)
                .append(other.account)
                .append("='")
                .append(value)
                .append("'\n");
    const auto replaced = credentials::replace_file(*lock, *before, text);
    if (!replaced) return std::unexpected(replaced.error().error);
    return {};
}

Result<Listen> parse_listen(const std::string& text) {
    const auto colon = text.rfind(':');
    const auto wrong = usage_error("--listen " + text + " is not ADDRESS:PORT",
                                   "e.g. --listen 127.0.0.1:4599, or port 0 for a free one");
    if (colon == std::string::npos || colon == 0) return wrong;
    Listen listen{text.substr(0, colon), 0};
    if (listen.address.front() == '[' && listen.address.back() == ']')
        listen.address = listen.address.substr(1, listen.address.size() - 2);
    if (listen.address == "localhost") listen.address = "127.0.0.1";
    const auto* end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data() + colon + 1, end, listen.port);
    if (error != std::errc{} || stopped != end) return wrong;
    return listen;
}

}  // namespace keytide::cli
