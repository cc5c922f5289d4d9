#include "lab/state/parameter_store.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace keytide::lab {

constexpr std::size_t most_versions = 100;

ParameterVersion* StoredParameter::numbered(std::int64_t number) {
    const auto found = std::ranges::find(versions, number, &ParameterVersion::number);
    return found == versions.end() ? nullptr : &*found;
}

ParameterVersion* StoredParameter::labelled(const std::string& label) {
    const auto found =
        std::ranges::find_if(versions, [&](const auto& one) { return one.labels.contains(label); });
    return found == versions.end() ? nullptr : &*found;
}

std::string ParameterStore::arn_of(std::string_view name) const {
    if (name.starts_with("arn:")) return std::string(name);
    return fmt::format("arn:aws:ssm:{}:{}:parameter{}{}", region_, account_, name.starts_with('/') ? "" : "/",
                       name);
}

StoredParameter* ParameterStore::find(std::string_view name) {
    const auto prefix = arn_of("");
    if (name.starts_with(prefix)) {
        if (auto* found = find(name.substr(prefix.size() - 1))) return found;
        return find(name.substr(prefix.size()));
    }
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : &found->second;
}

// Without a text, as AWS says it.
Outcome<StoredParameter*> ParameterStore::named(std::string_view name) {
    if (auto* found = find(name)) return found;
    return refuse("ParameterNotFound", "", 400);
}

void ParameterStore::erase(const StoredParameter& parameter) {
    by_name_.erase(by_name_.find(parameter.name));
}

Outcome<StoredParameter*> ParameterStore::put(std::string_view name, ParameterVersion version) {
    auto* parameter = find(name);
    if (parameter == nullptr) {
        version.number = 1;
        auto& made = by_name_[std::string(name)];
        made.name = name;
        made.versions.push_back(std::move(version));
        return &made;
    }
    if (parameter->versions.size() >= most_versions) {
        const auto& oldest = parameter->versions.front();
        if (!oldest.labels.empty())
            return refuse(
                "ParameterMaxVersionLimitExceeded",
                fmt::format(
                    "You attempted to create a new version of {} by calling the PutParameter API with "
                    "the overwrite flag. Version {}, the oldest version, can't be deleted because it "
                    "has a label associated with it. Move the label to another version of the "
                    "parameter, and try again.",
                    name, oldest.number),
                400);
        parameter->versions.pop_front();
    }
    version.number = parameter->latest().number + 1;
    parameter->versions.push_back(std::move(version));
    return parameter;
}

std::vector<StoredParameter*> ParameterStore::all() {
    std::vector<StoredParameter*> result;
    for (auto& [name, parameter] : by_name_) result.push_back(&parameter);
    return result;
}

}  // namespace keytide::lab
