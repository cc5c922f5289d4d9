#include "vocabulary/identity.hpp"

#include <array>

namespace keytide {

std::optional<Arn> Arn::parse(std::string_view text) {
    std::array<std::string_view, 5> head;
    for (auto& part : head) {
        const auto colon = text.find(':');
        if (colon == std::string_view::npos) return std::nullopt;
        part = text.substr(0, colon);
        text.remove_prefix(colon + 1);
    }
    if (head[0] != "arn" || head[1].empty() || head[2].empty() || text.empty()) return std::nullopt;
    return Arn{std::string(head[1]), std::string(head[2]), std::string(head[3]), std::string(head[4]),
               std::string(text)};
}

std::string Arn::text() const {
    return "arn:" + partition + ":" + service + ":" + region + ":" + account + ":" + resource;
}

bool CallerIdentity::is_same_principal(const CallerIdentity& other) const {
    const auto principal = [](const std::string& id) { return std::string_view(id).substr(0, id.find(':')); };
    return account == other.account && principal(user_id) == principal(other.user_id);
}

bool CallerIdentity::is_root() const {
    const auto parsed = Arn::parse(arn);
    return parsed && parsed->service == "iam" && parsed->resource == "root";
}

std::optional<std::string> CallerIdentity::user_name() const {
    const auto parsed = Arn::parse(arn);
    if (!parsed || parsed->service != "iam" || !parsed->resource.starts_with("user/")) return std::nullopt;
    return parsed->resource.substr(parsed->resource.rfind('/') + 1);
}

}  // namespace keytide
