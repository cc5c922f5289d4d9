#include "destinations/store_calls.hpp"

#include <fmt/format.h>

namespace keytide::destinations {
namespace {

// The new key signs as soon as it was accepted somewhere, and not every service has heard of it then.
bool passes(std::string_view code) {
    return code == "UnrecognizedClientException" || code == "InvalidClientTokenId" ||
           code == "ThrottlingException" || code == "TooManyUpdates";
}

StoreTrouble trouble(const std::string& where, std::string_view permission, const aws::NoSuccess& outcome) {
    const auto said = [&](std::string_view what) {
        return fmt::format("{}: {}: {}", where, permission, what);
    };
    if (const auto* refused = std::get_if<ports::Refused>(&outcome)) {
        const auto words = refused->message.empty() ? refused->code : refused->code + ": " + refused->message;
        Error error{ErrorKind::failed, said(words), ""};
        if (refused->code == "AccessDeniedException")
            error.hint = fmt::format(
                "allow {} to whoever signs; 'keytide policy print --deliver URI' prints all that is needed",
                permission);
        return {refused->code, true, std::move(error)};
    }
    if (const auto* unsent = std::get_if<ports::NotSent>(&outcome))
        return {"",
                true,
                {ErrorKind::failed, said(unsent->reason), "look whether the endpoint is the right one"}};
    return {"", false, {ErrorKind::failed, said(std::get<ports::Indeterminate>(outcome).reason), ""}};
}

}  // namespace

std::expected<aws::JsonDocument, StoreTrouble> StoreCalls::call(std::string_view action,
                                                                const aws::JsonMembers& members,
                                                                bool changing) const {
    const auto permission = fmt::format("{}:{}", service_, action);
    if (!signer_)
        return std::unexpected(StoreTrouble{
            "", true, {ErrorKind::failed, where_ + " is asked before it is known who signs", ""}});
    auto answer = store_.call(action, members, *signer_, signed_at_, changing);
    asks_for_patience_ = false;
    if (answer) return std::move(*answer);
    auto failed = trouble(where_, permission, answer.error());
    asks_for_patience_ = passes(failed.code);
    return std::unexpected(std::move(failed));
}

Result<void> StoreCalls::check_allowed(std::string_view action, const aws::JsonMembers& harmless) const {
    const auto asked = call(action, harmless, false);
    if (asked || asked.error().code != "AccessDeniedException") return {};
    return std::unexpected(asked.error().error);
}

}  // namespace keytide::destinations
