#include "lab/cloudformation/intrinsics.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace keytide::lab::cloudformation {
namespace {

std::unexpected<ServiceError> template_error(std::string message) {
    return refuse("ValidationError", "Template error: " + std::move(message), 400);
}

bool names_function(const std::string& key) {
    return key == "Ref" || key.starts_with("Fn::");
}

// Fn::GetAtt: [User, Arn] or "User.Arn".
Outcome<Reference> attribute_reference(const Value& argument) {
    Reference reference;
    if (argument.is_list() && argument.items.size() == 2 && argument.items[0].is_text() &&
        argument.items[1].is_text()) {
        reference = {argument.items[0].scalar, argument.items[1].scalar};
    } else if (argument.is_text()) {
        const auto dot = argument.scalar.find('.');
        if (dot != std::string::npos)
            reference = {argument.scalar.substr(0, dot), argument.scalar.substr(dot + 1)};
    }
    if (reference.to.empty() || reference.attribute.empty())
        return template_error(
            "every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource "
            "attribute");
    return reference;
}

Outcome<Reference> reference_of(const Value& intrinsic) {
    const auto& [function, argument] = intrinsic.members.front();
    if (function == "Ref") {
        if (intrinsic.members.size() > 1 || !argument.is_text() || argument.scalar.empty())
            return template_error("every Ref object must have a single String value.");
        return Reference{argument.scalar, {}};
    }
    if (function == "Fn::GetAtt" && intrinsic.members.size() == 1) return attribute_reference(argument);
    return template_error(fmt::format(
        "Encountered unsupported function: {} Supported functions are: [Fn::GetAtt, Ref]", function));
}

Outcome<void> collect(const Value& value, std::vector<Reference>& found) {
    if (is_intrinsic(value)) {
        auto reference = reference_of(value);
        if (!reference) return std::unexpected(reference.error());
        found.push_back(std::move(*reference));
        return {};
    }
    for (const auto& item : value.items)
        if (auto done = collect(item, found); !done) return done;
    for (const auto& [key, member] : value.members)
        if (auto done = collect(member, found); !done) return done;
    return {};
}

}  // namespace

bool is_intrinsic(const Value& value) {
    return std::any_of(value.members.begin(), value.members.end(),
                       [](const Member& member) { return names_function(member.key); });
}

Outcome<std::vector<Reference>> references_in(const Value& value) {
    std::vector<Reference> found;
    if (auto done = collect(value, found); !done) return std::unexpected(done.error());
    return found;
}

Value resolve(const Value& value, const std::function<std::string(const Reference&)>& look_up) {
    if (is_intrinsic(value)) return Value::text(look_up(*reference_of(value)));
    Value result = value;
    for (auto& item : result.items) item = resolve(item, look_up);
    for (auto& member : result.members) member.value = resolve(member.value, look_up);
    return result;
}

Outcome<std::vector<std::size_t>> creation_order(const std::vector<Node>& nodes) {
    std::vector<std::size_t> order;
    std::set<std::string> placed;
    std::vector<bool> done(nodes.size());
    for (bool progress = true; progress;) {
        progress = false;
        for (std::size_t i = 0; i < nodes.size(); ++i) {
            const auto& needs = nodes[i].depends_on;
            if (done[i] || !std::all_of(needs.begin(), needs.end(),
                                        [&](const std::string& id) { return placed.contains(id); }))
                continue;
            order.push_back(i);
            placed.insert(nodes[i].id);
            done[i] = progress = true;
        }
    }
    if (order.size() == nodes.size()) return order;
    std::vector<std::string> circle;
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (!done[i]) circle.push_back(nodes[i].id);
    return refuse("ValidationError",
                  fmt::format("Circular dependency between resources: [{}]", fmt::join(circle, ", ")), 400);
}

}  // namespace keytide::lab::cloudformation
