#include "rotation/permission.hpp"

#include <algorithm>
#include <array>

namespace keytide::rotation {
namespace {

constexpr std::array table{
    Permission{"iam:CreateAccessKey", Need::required, Need::required, std::nullopt, std::nullopt, "",
               "the new key is made", "no rotation begins", ""},
    Permission{"iam:DeleteAccessKey", Need::required, Need::required, std::nullopt, std::nullopt, "",
               "the old key is deleted, and a new one that does not work is taken back", "no rotation begins",
               ""},
    Permission{"iam:GetUser", Need::unused, Need::required, std::nullopt, std::nullopt, "",
               "a user who was deleted and made again under the same name is told from the one before",
               "no rotation begins", ""},
    Permission{"iam:ListAccessKeys", Need::optional, Need::optional, Guarantee::list, Guarantee::confirm,
               "list", "keys that others make are seen, and a lost answer is settled without a person",
               "a key made by someone else is not seen, and after a lost answer a person may have to look",
               ""},
    Permission{"iam:UpdateAccessKey", Need::optional, Need::optional, Guarantee::soak, std::nullopt, "soak",
               "the old key is made Inactive before it is deleted, and for the soak time there is a way back",
               "the old key is deleted at once, and there is no way back from that", "--soak, --compromised"},
    Permission{"iam:GetAccessKeyLastUsed", Need::optional, Need::optional, Guarantee::quiet, std::nullopt,
               "quiet", "last-used data shows that nothing else uses the old key",
               "that nothing else uses this key is your word, not shown by last-used data", "--quiet"},
};

}  // namespace

std::span<const Permission> permissions() {
    return table;
}

const Permission* permission_for(Guarantee guarantee) {
    const auto* found =
        std::find_if(table.begin(), table.end(), [&](const Permission& p) { return p.buys == guarantee; });
    return found == table.end() ? nullptr : found;
}

std::string permissions_table() {
    const auto word = [](Need need) -> std::string {
        switch (need) {
            case Need::required: return "required";
            case Need::optional: return "optional";
            case Need::unused: return "not needed";
        }
        return "";
    };
    std::string text =
        "| permission | one's own key | others' keys | what it buys | without it | `--without` |\n"
        "| --- | --- | --- | --- | --- | --- |\n";
    for (const auto& p : table) {
        text += "| `" + std::string(p.action) + "` | " + word(p.by_user) + " | " + word(p.by_administrator) +
                " | " + std::string(p.with);
        if (!p.options.empty()) text += " (`" + std::string(p.options) + "`)";
        text += " | " + std::string(p.without);
        text += p.name.empty() ? " | |\n" : " | `" + std::string(p.name) + "` |\n";
    }
    return text;
}

}  // namespace keytide::rotation
