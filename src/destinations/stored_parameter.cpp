#include "destinations/stored_parameter.hpp"

#include <fmt/format.h>

namespace keytide::destinations {

// What PutParameter would otherwise choose anew.
struct StoredParameter::Traits {
    std::string type, key_id, tier, description, allowed_pattern;
};

std::expected<ParameterValue, StoreTrouble> StoredParameter::read(std::int64_t version) const {
    const auto which = version == 0 ? name_ : fmt::format("{}:{}", name_, version);
    const auto answer = calls_.read("GetParameter", {{"Name", json_text(which)}, {"WithDecryption", "true"}});
    if (!answer) {
        auto trouble = answer.error();
        if (trouble.code == "ParameterNotFound")
            trouble.error.hint = fmt::format(
                "make it first: aws ssm put-parameter --type SecureString --name {} --value '{{}}'", name_);
        return std::unexpected(std::move(trouble));
    }
    return ParameterValue{WipedString(answer->text("/Parameter/Value").value_or("")),
                          answer->number("/Parameter/Version").value_or(0)};
}

// The key of a SecureString is told by the history alone, and by a list that is not bounded to one parameter.
std::expected<StoredParameter::Traits, StoreTrouble> StoredParameter::traits() const {
    WipedString token;
    for (;;) {
        aws::JsonMembers asked{{"Name", json_text(name_)}, {"MaxResults", "50"}};
        if (!token.empty()) asked.emplace_back("NextToken", token);
        const auto page = calls_.read("GetParameterHistory", asked);
        if (!page) return std::unexpected(page.error());
        if (const auto next = page->text("/NextToken"); next && !next->empty()) {
            token = json_text(*next);
            continue;
        }
        const auto count = page->size("/Parameters");
        const auto latest = fmt::format("/Parameters/{}", count == 0 ? 0 : count - 1);
        const auto of = [&](std::string_view name) {
            return std::string(page->text(fmt::format("{}/{}", latest, name)).value_or(""));
        };
        if (page->size(latest + "/Policies") != 0)
            return std::unexpected(
                StoreTrouble{"",
                             true,
                             {ErrorKind::usage, calls_.where() + ": " + name_ + " has parameter policies",
                              "they would be lost by writing it: choose a parameter without"}});
        return Traits{of("Type"), of("KeyId"), of("Tier"), of("Description"), of("AllowedPattern")};
    }
}

std::expected<std::int64_t, StoreTrouble> StoredParameter::put(std::string_view text,
                                                               const Traits& traits) const {
    aws::JsonMembers asked{{"Name", json_text(name_)},
                           {"Value", json_text(text)},
                           {"Type", json_text(traits.type)},
                           {"Overwrite", "true"}};
    for (const auto& [name, value] : {std::pair<std::string_view, const std::string&>{"KeyId", traits.key_id},
                                      {"Tier", traits.tier},
                                      {"Description", traits.description},
                                      {"AllowedPattern", traits.allowed_pattern}})
        if (!value.empty()) asked.emplace_back(name, json_text(value));
    const auto answer = calls_.change("PutParameter", asked);
    if (!answer) return std::unexpected(answer.error());
    return answer->number("/Version").value_or(0);
}

std::expected<StoredParameter::Written, StoreTrouble> StoredParameter::write(
    std::string_view text, const ParameterValue& seen) const {
    const auto kept = traits();
    if (!kept) return std::unexpected(kept.error());
    // As late as it can be: what changes after this is noticed only once it is overwritten.
    const auto just_now = read();
    if (!just_now) return std::unexpected(just_now.error());
    if (just_now->version != seen.version) return Written::beaten;
    const auto made = put(text, *kept);
    if (!made) return std::unexpected(made.error());
    if (*made == seen.version + 1) return Written::as_seen;

    const auto between = read(*made - 1);
    const auto back = between ? put(between->text, *kept) : std::expected<std::int64_t, StoreTrouble>(0);
    if (back && *back == *made + 1) return Written::beaten;
    return std::unexpected(StoreTrouble{
        "",
        false,
        {ErrorKind::failed,
         fmt::format(
             "{}: version {} of {} was written by another between our look and our write, and could not "
             "be put back",
             calls_.where(), *made - 1, name_),
         fmt::format("look at both: aws ssm get-parameter-history --name {}", name_)}});
}

Result<void> StoredParameter::check_writable() const {
    if (const auto kept = traits(); !kept) return std::unexpected(kept.error().error);
    // Without a value it is refused to whoever may write.
    return calls_.check_allowed("PutParameter", {{"Name", json_text(name_)}, {"Overwrite", "true"}});
}

}  // namespace keytide::destinations
