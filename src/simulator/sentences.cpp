// What the lines of a script mean.
#include "simulator/stage.hpp"

namespace keytide::simulator {
namespace {

// "somebody writes {} into {}" against a sentence: what stands in the gaps, or nothing.
std::optional<std::vector<std::string>> match(std::string_view pattern, std::string_view sentence) {
    std::vector<std::string> gaps;
    for (;;) {
        const auto gap = pattern.find("{}");
        if (gap == std::string_view::npos) return pattern == sentence ? std::optional(gaps) : std::nullopt;
        if (!sentence.starts_with(pattern.substr(0, gap))) return std::nullopt;
        sentence.remove_prefix(gap);
        pattern.remove_prefix(gap + 2);
        const auto next = pattern.substr(0, pattern.find("{}"));
        const auto end = next.empty() ? sentence.size() : sentence.find(next);
        if (end == std::string_view::npos) return std::nullopt;
        gaps.emplace_back(sentence.substr(0, end));
        sentence.remove_prefix(end);
    }
}

std::vector<std::string> list(const std::string& text) {
    std::vector<std::string> names;
    for (std::size_t at = 0; at <= text.size();) {
        const auto end = std::min(text.find(", ", at), text.size());
        names.push_back(text.substr(at, end - at));
        at = end + 2;
    }
    return names;
}

const AccessKey strangers_key{*AccessKeyId::parse("AKIASTRANGER"), Secret("theirs"), Secret()};

}  // namespace

AccessKeyId Stage::key(const std::string& name) const {
    if (name == "STRANGER") return strangers_key.id;
    const auto it = keys_.find(name);
    return it != keys_.end() ? it->second : *AccessKeyId::parse(name);
}

FakeDestination* Stage::place(const std::string& name) {
    return name == "profile" ? &world_.profile : name == "app" ? &world_.app : nullptr;
}

bool Stage::number(const std::string& name, const std::string& value) {
    auto& n = world_.numbers;
    const std::map<std::string, Duration*> durations{{"grace", &n.grace},
                                                     {"quiet", &n.quiet},
                                                     {"soak", &n.soak},
                                                     {"spread", &n.spread},
                                                     {"in_flight", &n.in_flight},
                                                     {"late_call_window", &n.late_call_window},
                                                     {"last_use_lag", &n.last_use_lag},
                                                     {"propagation", &world_.aws.propagation}};
    const auto it = durations.find(name);
    const auto duration = parse_duration(value);
    if (it == durations.end() || !duration) return false;
    *it->second = *duration;
    return true;
}

Result<void> Stage::given(const std::string& sentence) {
    const auto also = [&](void (*change)(rotation::Request&)) {
        world_.adjust = [before = world_.adjust, change](rotation::Request& request) {
            before(request);
            change(request);
        };
    };
    const auto another_key = [&](KeyStatus status) {
        const auto made = world_.aws.make_key();
        world_.aws.keys.at(made.id).status = status;
        world_.aws.keys.at(made.id).created -= std::chrono::days{30};
        watch_.others.insert(made.id);
        name(made.id, "OTHER");
    };
    const auto space = sentence.find(' ');
    if (space != std::string::npos && number(sentence.substr(0, space), sentence.substr(space + 1)))
        return {};
    if (sentence == "an administrator signs") {
        world_.by_administrator = true;
        world_.aws.allowed.insert("ListAccessKeys");
    } else if (sentence == "bob has no key yet") {
        world_.without_a_key();
    } else if (sentence == "nobody else makes keys for bob") {
        watch_.sole_writer = true;
        also([](rotation::Request& r) { r.sole_writer = true; });
    } else if (sentence == "OLD is compromised") {
        watch_.compromised = true;
        also([](rotation::Request& r) { r.compromised = true; });
    } else if (sentence == "calls go through a proxy") {
        also([](rotation::Request& r) { r.connection.through_proxy = true; });
    } else if (sentence == "an inactive second key may be replaced") {
        wanted_.replace_inactive = true;
    } else if (sentence == "OLD is named by its id") {
        wanted_.access_key_id = world_.old_key;
    } else if (sentence == "app is to hold the key too") {
        world_.places.push_back(&world_.app);
        if (world_.profile.held) world_.app.held = world_.profile.held->clone();
    } else if (sentence == "app is empty") {
        world_.app.held.reset();
    } else if (sentence == "an inactive key OTHER") {
        another_key(KeyStatus::inactive);
    } else if (sentence == "an active key OTHER") {
        another_key(KeyStatus::active);
    } else if (sentence == "a dead process is known to be dead") {
        world_.processes.are_seen = true;
    } else if (!outsider(sentence) && !surroundings(sentence)) {
        return failed("nobody understands 'given " + sentence + "'");
    }
    return {};
}

Result<void> Stage::act(const std::string& sentence) {
    if (sentence == "the process dies") throw Crash{};
    if (!operation_.empty() && fate(sentence)) return {};
    if (sentence == "a person settles what is asked") {
        say("*** " + sentence);
        settle_what_is_asked();
        return {};
    }
    if (outsider(sentence) || surroundings(sentence)) {
        say("*** " + sentence);
        look();
        return {};
    }
    return failed("nobody understands '" + sentence + "' here");
}

// What happens to the call that is about to leave.
bool Stage::fate(const std::string& sentence) {
    Fault fault{operation_, Fate::refused, {}, {}};
    if (sentence == "the answer is lost")
        fault.fate = Fate::lost_after;
    else if (sentence == "the call is lost")
        fault.fate = Fate::lost_before;
    else if (sentence == "it is not sent")
        fault.fate = Fate::not_sent;
    else if (sentence == "a stale replica answers" && operation_ == "ListAccessKeys")
        fault.fate = Fate::stale;
    else if (const auto late = match("it lands {} later", sentence)) {
        const auto delay = parse_duration(late->front());
        if (!delay) return false;
        fault.fate = Fate::lands_late;
        fault.delay = *delay;
    } else if (const auto code = match("AWS says {}", sentence))
        fault.code = code->front();
    else
        return false;
    world_.aws.faults = {fault};
    return true;
}

// What somebody else does to the same user.
bool Stage::outsider(const std::string& sentence) {
    auto& aws = world_.aws;
    const auto harm = [&] { return watch_.meddled = true; };
    if (sentence == "somebody creates a key") {
        if (aws.keys.size() >= 2) return true;  // there is no room
        const auto made = aws.make_key();
        watch_.others.insert(made.id);
        name(made.id, "OTHER");
        return true;
    }
    if (sentence == "bob is renamed to robert") {
        aws.bob.arn = "arn:aws:iam::123456789012:user/robert";
        return harm();
    }
    if (sentence == "bob is deleted, and another user is made with his name") {
        aws.keys.clear();
        aws.bob.user_id = "AIDAANOTHERBOB";
        return harm();
    }
    if (const auto gaps = match("somebody deletes {}", sentence))
        return aws.keys.erase(key(gaps->front())), harm();
    if (const auto gaps = match("somebody deactivates {}", sentence)) {
        if (const auto it = aws.keys.find(key(gaps->front())); it != aws.keys.end())
            it->second.status = KeyStatus::inactive;
        return harm();
    }
    if (const auto gaps = match("somebody activates {}", sentence)) {
        if (const auto it = aws.keys.find(key(gaps->front())); it != aws.keys.end())
            it->second.status = KeyStatus::active;
        return harm();
    }
    if (const auto gaps = match("somebody writes another secret for {} into {}", sentence)) {
        place(gaps->back())->held = AccessKey{key(gaps->front()), Secret("not its secret"), Secret()};
        return harm();
    }
    if (const auto gaps = match("somebody writes {} into {}", sentence)) {
        auto& held = place(gaps->back())->held;
        const auto id = key(gaps->front());
        if (held && held->id != id) replaced_.insert_or_assign(gaps->back(), held->clone());
        const auto it = aws.keys.find(id);
        held =
            it != aws.keys.end() ? AccessKey{id, it->second.secret.clone(), Secret()} : strangers_key.clone();
        if (it == aws.keys.end()) held->id = id;
        return harm();
    }
    if (const auto gaps = match("somebody empties {}", sentence))
        return place(gaps->front())->held.reset(), harm();
    if (const auto gaps = match("{} turns out to belong to somebody else", sentence)) {
        aws.strangers.insert_or_assign(
            key(gaps->front()),
            CallerIdentity{"AIDASOMEBODY", aws.bob.account, "arn:aws:iam::123456789012:user/somebody"});
        return harm();
    }
    return false;
}

// Time, disks, permissions, uses, and AWS itself.
bool Stage::surroundings(const std::string& sentence) {
    auto& aws = world_.aws;
    if (sentence == "the disk is full") return disk_is_full_ = true;
    if (sentence == "somebody presses Ctrl-C") return world_.clock.stop = true;
    if (sentence == "alice wants to go back") return wants_back_ = true;
    if (sentence == "all is well again") {
        armed_.clear();
        return true;
    }
    if (const auto gaps = match("{} pass", sentence)) {
        const auto time = parse_duration(gaps->front());
        if (time) world_.clock.time += *time;
        aws.land_late_calls();
        return time.has_value();
    }
    if (const auto gaps = match("the local clock jumps {} ahead", sentence)) {
        const auto time = parse_duration(gaps->front());
        if (!time) return false;
        world_.clock.time += *time;
        aws.behind += *time;
        return true;
    }
    if (const auto gaps = match("bob may not {}", sentence)) {
        for (const auto& permission : list(gaps->front())) aws.allowed.erase(permission);
        return true;
    }
    if (const auto gaps = match("bob may {}", sentence)) {
        for (const auto& permission : list(gaps->front())) aws.allowed.insert(permission);
        return true;
    }
    if (const auto gaps = match("what is sealed of {} is damaged", sentence))
        return world_.ledger.damaged.insert(key(gaps->front())), true;
    if (const auto gaps = match("no service is told of {}", sentence))
        return aws.never_known.insert(key(gaps->front())).second;
    if (const auto gaps = match("the services hear of {}", sentence))
        return aws.never_known.erase(key(gaps->front())) > 0;
    if (const auto gaps = match("{} was last used at {} {} ago", sentence)) {
        const auto ago = parse_duration(gaps->back());
        if (ago) aws.uses[key(gaps->front())] = {aws.now() - *ago, (*gaps)[1], "us-east-1"};
        return ago.has_value();
    }
    if (const auto gaps = match("a program is handed what {} holds, for {}", sentence)) {
        const auto* where = place(gaps->front());
        const auto time = parse_duration(gaps->back());
        if (where == nullptr || !where->held || !time) return false;
        auto& until = world_.hand_outs.until[where->held->id];
        until = std::max(until, world_.clock.time + *time);
        watch_.handed_out(where->held->id, *time);
        return true;
    }
    if (sentence == "what was handed out cannot be read") return world_.hand_outs.unreadable = true;
    if (const auto gaps = match("{} is used at {}", sentence)) {
        aws.uses[key(gaps->front())] = {aws.now(), gaps->back(), "us-east-1"};
        return true;
    }
    if (const auto gaps = match("{} refuses to be written {} times", sentence)) {
        auto* where = place(gaps->front());
        if (where != nullptr) where->refusals = std::stoi(gaps->back());
        return where != nullptr;
    }
    if (const auto gaps = match("{} forgets what is written", sentence)) {
        auto* where = place(gaps->front());
        if (where != nullptr) where->forgets = true;
        return where != nullptr;
    }
    if (const auto gaps = match("{} works again", sentence)) {
        auto* where = place(gaps->front());
        if (where == nullptr) return false;
        where->refusals = 0;
        where->forgets = false;
        return true;
    }
    return false;
}

// As the question says: keys that nobody knows go, what was taken away is given back.
void Stage::settle_what_is_asked() {
    auto& aws = world_.aws;
    aws.allowed.insert(allowed_at_first_.begin(), allowed_at_first_.end());
    for (const std::string permission : {"ListAccessKeys", "UpdateAccessKey", "DeleteAccessKey"})
        if (asked_.find("iam:" + permission) != std::string::npos) aws.allowed.insert(permission);
    world_.ledger.damaged.clear();  // put back from a backup
    for (auto* where : world_.places) {
        where->refusals = 0;
        where->forgets = false;
        const auto it = replaced_.find(where == &world_.profile ? "profile" : "app");
        if (it != replaced_.end()) where->held = it->second.clone();
    }
    replaced_.clear();
    std::erase_if(aws.keys, [&](const auto& key) {
        if (!open_) return !world_.profile.held || key.first != world_.profile.held->id;
        const bool known = key.first == watch_.old_key() || key.first == watch_.new_key();
        return !known || key.first == watch_.deleted();
    });
    const auto set = [&](const std::optional<AccessKeyId>& id, KeyStatus status) {
        if (id && aws.keys.contains(*id)) aws.keys.at(*id).status = status;
    };
    set(watch_.new_key(), KeyStatus::active);
    set(watch_.old_key(), watch_.old_key_is_to_be_inactive() ? KeyStatus::inactive : KeyStatus::active);
    if (!open_ && world_.profile.held) set(world_.profile.held->id, KeyStatus::active);
    look();
}

}  // namespace keytide::simulator
