// What must hold whatever happens, seen from outside: whoever uses what a place holds is served, and Keytide
// touches only what is its own, not too early, with the right signature.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "simulator/world.hpp"

namespace keytide::simulator {

class Watch {
public:
    explicit Watch(World& world) : world_(world) {}

    // Looks at the consumers. Nothing: all are served.
    std::optional<std::string> trouble();

    // A changing call leaves, or an event is on disk. Nothing: it may.
    std::optional<std::string> call(const std::string& text);
    void recorded(const rotation::Event& event);

    // A rotation has ended so.
    std::optional<std::string> end(const rotation::Rotation& ended);

    const std::optional<AccessKeyId>& old_key() const { return old_key_; }  // of the last rotation
    const std::optional<AccessKeyId>& new_key() const { return new_key_; }
    bool old_key_is_to_be_inactive() const { return deactivated_ && !back_; }
    const std::optional<AccessKeyId>& deleted() const { return deleted_; }  // as the ledger has it

    // Credentials that carry this key are handed out, and last so long.
    void handed_out(const AccessKeyId& key, Duration time);

    std::set<AccessKeyId> others;    // keys that somebody else made, or had
    std::set<AccessKeyId> answered;  // keys whose ids AWS told Keytide: ours for certain
    bool meddled = false;            // an outsider may have cut off consumers, or left keys
    bool compromised = false;        // consumers are cut off on purpose
    bool sole_writer = false;

private:
    std::optional<std::string> deletion(const AccessKeyId& key) const;
    World& world_;
    std::map<AccessKeyId, Instant> held_;   // when a place last held it
    std::map<AccessKeyId, Instant> lasts_;  // what was handed out of it, in AWS's time
    std::optional<AccessKeyId> old_key_, new_key_, give_up_, deleted_;
    Duration grace_{0}, soak_{0};
    std::optional<Instant> delivered_, deactivated_;
    bool accepted_ = false, back_ = false;
};

}  // namespace keytide::simulator
