#include "lab/iam/simulated_policies.hpp"

#include <fmt/format.h>

#include "iam_policy/lower_case.hpp"

namespace keytide::lab::iam {

void SimulatedPolicies::keep(std::string name, PolicyDocument document) {
    const auto& kept = kept_.emplace_back(std::move(name), std::move(document));
    named_.push_back({kept.name, &kept.document.compiled});
    const auto keys = kept.document.compiled.context_keys();
    if (keys.empty()) return;
    const auto text = iam_policy::lower_case(kept.document.text);
    for (const auto& key : keys)
        if (const auto at = text.find(key); at != std::string::npos)
            written_keys_.emplace(key, kept.document.text.substr(at, key.size()));
}

Outcome<void> SimulatedPolicies::add_text(std::string name, std::string_view document,
                                          iam_policy::Kind kind) {
    auto read = read_policy_document(document, kind);
    if (!read) return refuse("InvalidInput", fmt::format("{}: {}", name, read.error().message), 400);
    keep(std::move(name), std::move(*read));
    return {};
}

Outcome<void> SimulatedPolicies::add_given(const Call& call, std::string_view list) {
    std::size_t number = 0;
    for (const auto& text : call.parameters.list(fmt::format("{}.member", list)))
        if (auto added = add_text(fmt::format("{}.{}", list, ++number), text, iam_policy::Kind::identity);
            !added)
            return added;
    return {};
}

void SimulatedPolicies::add(const ManagedPolicy& policy) {
    keep(policy.name, policy.in_force().document);
}

template <class Entity>
void SimulatedPolicies::add_held(std::string_view kind, const Entity& entity) {
    for (const auto& [name, document] : entity.policies.by_name())
        keep(fmt::format("{}_{}_{}", kind, entity.name, name), document);
    for (const auto* policy : entity.attached.all()) add(*policy);
}

void SimulatedPolicies::add_those_of(const User& user) {
    add_held("user", user);
    for (const auto* group : user.groups) add_those_of(*group);
}

void SimulatedPolicies::add_those_of(const Group& group) {
    add_held("group", group);
}

void SimulatedPolicies::add_those_of(const Role& role) {
    add_held("role", role);
}

std::string SimulatedPolicies::as_written(std::string_view key) const {
    const auto found = written_keys_.find(key);
    return found == written_keys_.end() ? std::string(key) : found->second;
}

std::vector<std::string> SimulatedPolicies::context_keys() const {
    std::vector<std::string> written;
    for (const auto& [key, name] : written_keys_) written.push_back(name);
    return written;
}

}  // namespace keytide::lab::iam
