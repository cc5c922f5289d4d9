#include "simulator/world.hpp"

#include <algorithm>

namespace keytide::simulator {

using namespace ports;

AccessKey FakeAws::make_key() {
    const auto number = std::to_string(++made_);
    const auto id = *AccessKeyId::parse("AKIAEXAMPLE" + std::string(9 - number.size(), 'A') + number);
    const std::string secret = "secret-of-" + id.text();
    keys.emplace(id, FakeKey{Secret(secret), KeyStatus::active, now()});
    return {id, Secret(secret), Secret()};
}

bool FakeAws::known(const AccessKey& key) const {
    if (key.id == administrator.id) return true;
    if (never_known.contains(key.id)) return false;
    if (const auto it = keys.find(key.id); it != keys.end())
        return it->second.status == KeyStatus::active && now() - it->second.created >= propagation;
    const auto gone = deleted_.find(key.id);
    return gone != deleted_.end() && now() - gone->second < propagation;
}

template <class T>
Answer<T> FakeAws::call(const std::string& operation, const AccessKey& signer, const std::string& about,
                        const std::string& unknown_key_code, std::function<std::variant<T, Refused>()> act) {
    const auto text = operation + (about.empty() ? "" : " " + about) + " by " + signer.id.text();
    if (before_call) before_call(text);
    calls.push_back(text);
    std::optional<Fault> fault;
    if (!faults.empty() && faults.front().operation == operation) {
        fault = faults.front();
        faults.pop_front();
    }
    Answer<T> answer{Indeterminate{"connection reset"}, now()};
    if (fault && fault->fate == Fate::not_sent) return {NotSent{"connection refused"}, {}};
    if (fault && fault->fate == Fate::lost_before) return {Indeterminate{"timeout"}, {}};
    if (fault && fault->fate == Fate::refused) return {Refused{fault->code, fault->code, 400}, now()};
    if (!known(signer)) return {Refused{unknown_key_code, "no such key", 403}, now()};
    const bool free = operation == "GetCallerIdentity" || operation == "ListBuckets";
    if (!free && signer.id != administrator.id && !allowed.contains(operation))
        return {Refused{"AccessDenied", "not authorized", 403}, now()};
    auto outcome = act();
    if (fault && fault->fate == Fate::lost_after) return {Indeterminate{"timeout"}, {}};
    if (auto* refused = std::get_if<Refused>(&outcome)) return {std::move(*refused), now()};
    answer.outcome = std::move(std::get<T>(outcome));
    return answer;
}

Answer<std::vector<KeyMetadata>> FakeAws::list(const AccessKey& signer, std::string_view) {
    using Keys = std::vector<KeyMetadata>;
    return call<Keys>("ListAccessKeys", signer, "", "InvalidClientTokenId",
                      [&]() -> std::variant<Keys, Refused> {
                          Keys result;
                          for (const auto& [id, key] : keys) result.push_back({id, key.status, key.created});
                          return result;
                      });
}

Answer<CreatedKey> FakeAws::create(const AccessKey& signer, std::string_view, Instant, std::string_view) {
    return call<CreatedKey>(
        "CreateAccessKey", signer, "", "InvalidClientTokenId", [&]() -> std::variant<CreatedKey, Refused> {
            if (keys.size() >= 2)
                return Refused{"LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409};
            return CreatedKey{make_key(), now()};
        });
}

Answer<Done> FakeAws::set_status(const AccessKey& signer, std::string_view, const AccessKeyId& id,
                                 KeyStatus status, Instant) {
    return call<Done>("UpdateAccessKey", signer, id.text(), "InvalidClientTokenId",
                      [&]() -> std::variant<Done, Refused> {
                          const auto it = keys.find(id);
                          if (it == keys.end()) return Refused{"NoSuchEntity", "no such key", 404};
                          it->second.status = status;
                          return Done{};
                      });
}

Answer<Done> FakeAws::remove(const AccessKey& signer, std::string_view, const AccessKeyId& id, Instant) {
    return call<Done>("DeleteAccessKey", signer, id.text(), "InvalidClientTokenId",
                      [&]() -> std::variant<Done, Refused> {
                          if (keys.erase(id) == 0) return Refused{"NoSuchEntity", "no such key", 404};
                          deleted_[id] = now();
                          return Done{};
                      });
}

Answer<LastUsed> FakeAws::last_used(const AccessKey& signer, const AccessKeyId& id) {
    return call<LastUsed>(
        "GetAccessKeyLastUsed", signer, id.text(), "InvalidClientTokenId",
        [&]() -> std::variant<LastUsed, Refused> { return uses.contains(id) ? uses.at(id) : LastUsed{}; });
}

Answer<CallerIdentity> FakeAws::caller(const AccessKey& signer) {
    return call<CallerIdentity>("GetCallerIdentity", signer, "", "InvalidClientTokenId",
                                [&]() -> std::variant<CallerIdentity, Refused> { return owner(signer.id); });
}

Answer<CallerIdentity> FakeAws::user(const AccessKey& signer, std::string_view) {
    return call<CallerIdentity>("GetUser", signer, "", "InvalidClientTokenId",
                                [&]() -> std::variant<CallerIdentity, Refused> { return bob; });
}

Answer<ProbeAccepted> FakeProbe::attempt(const AccessKey& key) {
    const bool sts = name_ == "sts";
    return aws_.call<ProbeAccepted>(
        sts ? "GetCallerIdentity" : "ListBuckets", key, "",
        sts ? "InvalidClientTokenId" : "InvalidAccessKeyId", [&]() -> std::variant<ProbeAccepted, Refused> {
            return ProbeAccepted{sts ? std::optional(aws_.owner(key.id)) : std::nullopt};
        });
}

Result<std::optional<AccessKey>> FakeDestination::read() {
    if (before_touch) before_touch();
    return held ? std::optional(held->clone()) : std::nullopt;
}

DeliverAnswer FakeDestination::deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) {
    if (before_touch) before_touch();
    if (refusals > 0) {
        --refusals;
        return DeliverRefused{{ErrorKind::failed, "no space left on device", ""}};
    }
    if (held && std::find(replaceable.begin(), replaceable.end(), held->id) == replaceable.end())
        return DeliverStranger{held->id};
    if (!forgets) held = key.clone();
    return DeliverDone{};
}

Result<Sequence> MemoryLedger::append(const rotation::RotationId&, Sequence last_seen,
                                      const rotation::Event& event, std::span<const AccessKey* const> keys) {
    if (before_append) before_append(event);
    if (append_fails(event)) return failed("no space left on device");
    if (last_seen != events_.size())
        return std::unexpected(Error{ErrorKind::busy, "somebody else wrote first", ""});
    events_.push_back(event);
    for (const auto* key : keys) sealed_.emplace(key->id, key->clone());
    if (rotation::is_end(event)) sealed_.clear();
    if (after_append) after_append(event);
    return events_.size();
}

Result<std::vector<Recorded>> MemoryLedger::events(const rotation::RotationId&) {
    std::vector<Recorded> result;
    for (std::size_t i = 0; i < events_.size(); ++i) result.push_back({i + 1, events_[i]});
    return result;
}

Result<std::vector<rotation::RotationId>> MemoryLedger::rotations() {
    return std::vector<rotation::RotationId>{"r-1"};
}

Result<AccessKey> MemoryLedger::unseal(const rotation::RotationId&, const AccessKeyId& id) {
    const auto it = sealed_.find(id);
    if (it == sealed_.end()) return failed("no sealed value for " + id.text());
    return it->second.clone();
}

std::vector<std::string> MemoryLedger::story() const {
    std::vector<std::string> names;
    for (const auto& event : events_) names.emplace_back(rotation::name_of(event));
    return names;
}

World::World() : old_key(*AccessKeyId::parse("AKIAEXAMPLE")), first_key_(aws.make_key()) {
    old_key = first_key_.id;
    profile.held = first_key_.clone();
    aws.keys.at(old_key).created -= std::chrono::days{89};
    numbers.spread = Duration{0};
    numbers.in_flight = std::chrono::seconds{2};
}

void World::without_a_key() {
    by_administrator = first_key = true;
    aws.keys.clear();
    profile.held.reset();
}

orchestrator::Doors World::doors() {
    ++processes.current;
    return {aws, aws, {&sts, &s3}, {&profile}, aws_clock_, entropy_, processes};
}

Result<orchestrator::Outcome> World::start() {
    rotation::Request request{.user = aws.bob,
                              .user_name = "bob",
                              .old_key = first_key ? std::nullopt : std::optional(old_key),
                              .self = !by_administrator,
                              .destinations = {profile.uri()},
                              .probes = {"sts", "s3:list-buckets"},
                              .numbers = numbers};
    adjust(request);
    auto all = doors();
    return orchestrator::Orchestrator(all, ledger, narrator_, administrator())
        .start("r-1", request, by_administrator ? nullptr : &first_key_);
}

Result<orchestrator::Outcome> World::settle(const rotation::Event& by_a_person) {
    auto all = doors();
    return orchestrator::Orchestrator(all, ledger, narrator_, administrator()).settle("r-1", by_a_person);
}

Result<orchestrator::Outcome> World::resume() {
    auto all = doors();
    return orchestrator::Orchestrator(all, ledger, narrator_, administrator()).resume("r-1");
}

}  // namespace keytide::simulator
