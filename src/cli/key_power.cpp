#include "cli/key_power.hpp"

#include <deque>

#include "cli/wiring.hpp"
#include "compliance/power.hpp"
#include "iam_policy/policy.hpp"

namespace keytide::cli {

std::optional<std::string> key_power(Session& session, const rotation::Request& request,
                                     const AccessKey& signer) {
    const auto wiring = Wiring::open(session, request.connection, {}, {});
    if (!wiring) return std::nullopt;
    const auto answer = (*wiring)->policies().read(signer, request.user_name);
    const auto* read = answer.done();
    if (read == nullptr) return std::nullopt;

    std::deque<iam_policy::Policy> parsed;
    std::vector<iam_policy::NamedPolicy> identity;
    const auto compiled = [&](const std::string& text) -> const iam_policy::Policy* {
        auto policy = iam_policy::Policy::parse(text);
        return policy ? &parsed.emplace_back(std::move(*policy)) : nullptr;
    };
    // What is not understood could allow anything: then nothing is said.
    for (const auto& [name, text] : read->identity) {
        const auto* policy = compiled(text);
        if (policy == nullptr) return std::nullopt;
        identity.push_back({name, policy});
    }
    iam_policy::Policies policies{.identity = identity};
    iam_policy::NamedPolicy boundary;
    if (read->boundary) {
        boundary = {read->boundary->name, compiled(read->boundary->text)};
        if (boundary.policy == nullptr) return std::nullopt;
        policies.boundary = &boundary;
    }
    return "this key " + in_words(compliance::power_of(policies, request.user.arn));
}

}  // namespace keytide::cli
