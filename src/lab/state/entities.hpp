// A table of IAM's entities of one kind (users, groups, roles): unique ignoring case, found by their exact
// name or by their unique id, listed by name. Pointers stay valid until the entity is erased.
//
// The unique id outlives a change of name, and is never given twice: it is what an access key or a session
// belongs to. https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>

#include "lab/state/unique_names.hpp"

namespace keytide::lab {

template <class Entity>  // has a name and an id
class Entities {
public:
    using ByName = std::map<std::string, Entity, std::less<>>;

    bool taken(std::string_view name) const { return names_.taken(name); }

    Entity& insert(Entity entity) {
        names_.take(entity.name);
        std::string name = entity.name;
        auto& stored = by_name_.emplace(std::move(name), std::move(entity)).first->second;
        by_id_.emplace(stored.id, &stored);
        return stored;
    }

    void erase(const Entity& entity) {
        names_.release(entity.name);
        by_id_.erase(entity.id);
        by_name_.erase(by_name_.find(entity.name));
    }

    // Pointers stay valid; what is built of the name, such as the ARN, is the caller's to change.
    bool may_be_renamed(const Entity& entity, std::string_view name) {
        names_.release(entity.name);
        const bool free = !names_.taken(name);  // to change the case of its own letters is no clash
        names_.take(entity.name);
        return free;
    }
    void rename(Entity& entity, std::string_view name) {
        names_.release(entity.name);
        auto node = by_name_.extract(by_name_.find(entity.name));
        node.key() = name;
        entity.name = name;
        by_name_.insert(std::move(node));
        names_.take(name);
    }

    // Null: none.
    Entity* find(std::string_view name) {
        const auto found = by_name_.find(name);
        return found == by_name_.end() ? nullptr : &found->second;
    }
    const Entity* find(std::string_view name) const { return const_cast<Entities*>(this)->find(name); }
    const Entity* find_by_id(std::string_view id) const {
        const auto found = by_id_.find(id);
        return found == by_id_.end() ? nullptr : found->second;
    }

    const ByName& by_name() const { return by_name_; }

private:
    UniqueNames names_;
    ByName by_name_;
    std::unordered_map<std::string_view, Entity*> by_id_;  // keys: the entities' own ids
};

}  // namespace keytide::lab
