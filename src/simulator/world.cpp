#include "simulator/world.hpp"

#include <algorithm>
#include <type_traits>

#include "ledger/event_json.hpp"

namespace keytide::simulator {

using namespace ports;

AccessKey FakeAws::make_key() {
    const auto number = std::to_string(++made_);
    const auto id = *AccessKeyId::parse("AKIAEXAMPLE" + std::string(9 - number.size(), 'A') + number);
    const std::string secret = "secret-of-" + id.text();
    keys.emplace(id, FakeKey{Secret(secret), KeyStatus::active, now()});
    return {id, Secret(secret), Secret()};
}

namespace {

constexpr auto signature_life = std::chrono::minutes{15};

std::string in_words(const Done&) {
    return "done";
}
std::string in_words(const CreatedKey& made) {
    return made.key.id.text();
}
std::string in_words(const CallerIdentity& who) {
    return who.arn;
}
std::string in_words(const ProbeAccepted& accepted) {
    return accepted.identity ? accepted.identity->arn : "accepted";
}
std::string in_words(const LastUsed& use) {
    return use.at ? "at " + to_rfc3339(*use.at) + " by " + use.service : "no use on record";
}
std::string in_words(const std::vector<KeyMetadata>& keys) {
    std::string text;
    for (const auto& key : keys)
        text += (text.empty() ? "" : ", ") + key.id.text() + " " + std::string(to_text(key.status));
    return text.empty() ? "no key" : text;
}
std::string in_words(const MintedSession& session) {
    return "a session until " + to_rfc3339(session.expires);
}
std::string in_words(const Refused& refused) {
    return "refused, " + refused.code;
}
std::string in_words(const NotSent&) {
    return "not sent";
}
std::string in_words(const Indeterminate&) {
    return "no answer";
}

template <class Outcome>
std::string said(const Outcome& outcome) {
    return std::visit([](const auto& o) { return in_words(o); }, outcome);
}

}  // namespace

Result<std::optional<Secret>> FakePerson::ask(std::string_view, std::string_view remark) {
    remarks.emplace_back(remark);
    if (codes.empty()) return std::nullopt;
    Secret code(codes.front());
    codes.pop_front();
    return code;
}

void FakeAws::end_sessions() {
    for (auto& [id, session] : sessions_) session.expires = now();
}

const AccessKeyId& FakeAws::principal(const AccessKeyId& signer) const {
    const auto session = sessions_.find(signer);
    return session != sessions_.end() ? session->second.minted_from : signer;
}

std::optional<Refused> FakeAws::turned_away(const AccessKeyId& signer) const {
    const auto no = Refused{"", "no such key", 403};
    if (const auto session = sessions_.find(signer); session != sessions_.end()) {
        if (now() >= session->second.expires) return Refused{"ExpiredToken", "the token is expired", 403};
        return turned_away(session->second.minted_from);
    }
    if (signer == administrator.id) return std::nullopt;
    if (never_known.contains(signer)) return no;
    if (const auto it = keys.find(signer); it != keys.end()) {
        const bool takes =
            it->second.status == KeyStatus::active && now() - it->second.created >= propagation;
        return takes ? std::nullopt : std::optional(no);
    }
    const auto gone = deleted_.find(signer);
    const bool still = gone != deleted_.end() && now() - gone->second < propagation;
    return still ? std::nullopt : std::optional(no);
}

// A changing call carries its intent's time, and names the user.
std::optional<Refused> FakeAws::turned_away(const std::string& user_name, Instant signed_at) const {
    if (now() - signed_at > signature_life)
        return Refused{"SignatureDoesNotMatch", "Signature expired: it is older than 15 minutes", 403};
    if (bob.user_name() != user_name)
        return Refused{"NoSuchEntity", "The user with name " + user_name + " cannot be found.", 404};
    return std::nullopt;
}

template <class T>
Answer<T> FakeAws::call(const std::string& operation, const AccessKey& signer, const std::string& about,
                        const std::string& unknown_key_code, std::function<std::variant<T, Refused>()> act) {
    const bool by_session = sessions_.contains(signer.id);
    const auto text = operation + (about.empty() ? "" : " " + about) + " by " +
                      (by_session ? "session of " : "") + principal(signer.id).text();
    land_late_calls();
    if (before_call) before_call(text);
    calls.push_back(text);
    std::optional<Fault> fault;
    if (!faults.empty() && faults.front().operation == operation) {
        fault = faults.front();
        faults.pop_front();
    }
    const auto outcome = [=, this, id = signer.id]() -> std::variant<T, Refused> {
        if (auto refused = turned_away(id)) {
            if (refused->code.empty()) refused->code = unknown_key_code;
            return *refused;
        }
        const bool free =
            operation == "GetCallerIdentity" || operation == "ListBuckets" || operation == "GetSessionToken";
        if (!free && demands_mfa && !by_session)
            return Refused{"AccessDenied", "not authorized, with an explicit deny", 403};
        if (!free && principal(id) != administrator.id && !allowed.contains(operation))
            return Refused{"AccessDenied", "not authorized", 403};
        return act();
    };
    std::string aside;  // what the caller is not told
    const auto answered = [&]() -> Answer<T> {
        const auto lost = [&](std::string truth) -> Answer<T> {
            aside = std::move(truth);
            return {Indeterminate{"timeout"}, {}};
        };
        if (fault && fault->fate == Fate::not_sent) return {NotSent{"connection refused"}, {}};
        if (fault && fault->fate == Fate::lost_before) return lost(" (it never arrived)");
        if (fault && fault->fate == Fate::refused) return {Refused{fault->code, fault->code, 400}, now()};
        if (fault && fault->fate == Fate::lands_late) {
            late_.push_back({now() + fault->delay, text, [outcome] { return said(outcome()); }});
            return lost(" (it is still on its way)");
        }
        auto what = outcome();
        if (fault && fault->fate == Fate::lost_after) return lost(" (" + said(what) + ")");
        if (auto* refused = std::get_if<Refused>(&what)) return {std::move(*refused), now()};
        if constexpr (std::is_same_v<T, std::vector<KeyMetadata>>)
            if (fault && fault->fate == Fate::stale && list_before_) {
                aside = " (a stale replica)";
                return {*list_before_, now()};
            }
        return {std::move(std::get<T>(what)), now()};
    };
    auto answer = answered();
    if (after_call) after_call({text, said(answer.outcome) + aside});
    return answer;
}

void FakeAws::land_late_calls() {
    for (std::size_t i = 0; i < late_.size();) {
        if (now() < late_[i].lands) {
            ++i;
            continue;
        }
        const auto call = std::move(late_[i]);
        late_.erase(late_.begin() + std::ptrdiff_t(i));
        landing_ = call.lands;
        const auto what = call.act();
        if (after_call) after_call({call.call + ", late", what});
        landing_.reset();
    }
}

std::vector<KeyMetadata> FakeAws::listed() const {
    std::vector<KeyMetadata> result;
    for (const auto& [id, key] : keys) result.push_back({id, key.status, key.created});
    return result;
}

Answer<std::vector<KeyMetadata>> FakeAws::list(const AccessKey& signer, std::string_view user_name) {
    using Keys = std::vector<KeyMetadata>;
    return call<Keys>("ListAccessKeys", signer, "", "InvalidClientTokenId",
                      [this, name = std::string(user_name)]() -> std::variant<Keys, Refused> {
                          if (const auto no = turned_away(name, now())) return *no;
                          return listed();
                      });
}

Answer<CreatedKey> FakeAws::create(const AccessKey& signer, std::string_view user_name, Instant signed_at,
                                   std::string_view) {
    return call<CreatedKey>(
        "CreateAccessKey", signer, "", "InvalidClientTokenId",
        [=, this, name = std::string(user_name)]() -> std::variant<CreatedKey, Refused> {
            if (const auto no = turned_away(name, signed_at)) return *no;
            if (keys.size() >= 2)
                return Refused{"LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2", 409};
            list_before_ = listed();
            return CreatedKey{make_key(), now()};
        });
}

Answer<Done> FakeAws::set_status(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                                 KeyStatus status, Instant signed_at) {
    return call<Done>("UpdateAccessKey", signer, id.text() + " " + std::string(to_text(status)),
                      "InvalidClientTokenId",
                      [=, this, name = std::string(user_name)]() -> std::variant<Done, Refused> {
                          if (const auto no = turned_away(name, signed_at)) return *no;
                          const auto it = keys.find(id);
                          if (it == keys.end()) return Refused{"NoSuchEntity", "no such key", 404};
                          list_before_ = listed();
                          it->second.status = status;
                          return Done{};
                      });
}

Answer<Done> FakeAws::remove(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                             Instant signed_at) {
    return call<Done>("DeleteAccessKey", signer, id.text(), "InvalidClientTokenId",
                      [=, this, name = std::string(user_name)]() -> std::variant<Done, Refused> {
                          if (const auto no = turned_away(name, signed_at)) return *no;
                          const auto it = keys.find(id);
                          if (it == keys.end()) return Refused{"NoSuchEntity", "no such key", 404};
                          list_before_ = listed();
                          keys.erase(it);
                          deleted_[id] = now();
                          return Done{};
                      });
}

Answer<LastUsed> FakeAws::last_used(const AccessKey& signer, const AccessKeyId& id) {
    return call<LastUsed>("GetAccessKeyLastUsed", signer, id.text(), "InvalidClientTokenId",
                          [=, this]() -> std::variant<LastUsed, Refused> {
                              return uses.contains(id) ? uses.at(id) : LastUsed{};
                          });
}

Answer<CallerIdentity> FakeAws::caller(const AccessKey& signer) {
    return call<CallerIdentity>(
        "GetCallerIdentity", signer, "", "InvalidClientTokenId",
        [this, id = signer.id]() -> std::variant<CallerIdentity, Refused> { return owner(id); });
}

Answer<CallerIdentity> FakeAws::user(const AccessKey& signer, std::string_view user_name) {
    return call<CallerIdentity>(
        "GetUser", signer, "", "InvalidClientTokenId",
        [this, name = std::string(user_name)]() -> std::variant<CallerIdentity, Refused> {
            if (const auto no = turned_away(name, now())) return *no;
            return bob;
        });
}

Answer<MintedSession> FakeAws::mint(const AccessKey& key, std::string_view, const Secret& code,
                                    Duration lifetime) {
    return call<MintedSession>(
        "GetSessionToken", key, "", "InvalidClientTokenId",
        [=, this, id = key.id, typed = std::string(code.reveal())]() -> std::variant<MintedSession, Refused> {
            if (sessions_.contains(id))
                return Refused{"AccessDenied", "Cannot call GetSessionToken with session credentials", 403};
            if (codes.erase(typed) == 0)
                return Refused{"AccessDenied",
                               "MultiFactorAuthentication failed with invalid MFA one time pass code.", 403};
            const auto session = *AccessKeyId::parse("ASIAEXAMPLE" + std::to_string(sessions_.size() + 1));
            sessions_.emplace(session, FakeSession{id, now() + lifetime});
            return MintedSession{{session, Secret("secret-of-session"), Secret("token")}, now() + lifetime};
        });
}

Answer<ProbeAccepted> FakeProbe::attempt(const AccessKey& key) {
    const bool sts = name_ == "sts";
    return aws_.call<ProbeAccepted>(sts ? "GetCallerIdentity" : "ListBuckets", key, "",
                                    sts ? "InvalidClientTokenId" : "InvalidAccessKeyId",
                                    [this, sts, id = key.id]() -> std::variant<ProbeAccepted, Refused> {
                                        if (!sts) return ProbeAccepted{};
                                        return ProbeAccepted{aws_.owner(id)};
                                    });
}

Result<std::optional<AccessKey>> FakeDestination::read() {
    if (!can.readable) throw std::logic_error("asked what it cannot tell");
    if (before_touch) before_touch();
    auto result = held ? std::optional(held->clone()) : std::nullopt;
    told("read -> " + (held ? held->id.text() : "nothing"));
    return result;
}

DeliverAnswer FakeDestination::deliver(const AccessKey& key, std::span<const AccessKeyId> replaceable) {
    if (before_touch) before_touch();
    if (refusals > 0) {
        --refusals;
        told("write " + key.id.text() + " -> refused, " + refusal);
        return DeliverRefused{{ErrorKind::failed, refusal, ""}};
    }
    if (held && std::find(replaceable.begin(), replaceable.end(), held->id) == replaceable.end()) {
        told("write " + key.id.text() + " -> not touched, it holds " + held->id.text());
        return DeliverStranger{held->id};
    }
    if (!forgets) held = key.clone();
    told("write " + key.id.text() + " -> done");
    return DeliverDone{};
}

MemoryLedger::Stream* MemoryLedger::stream(const rotation::RotationId& id) {
    const auto it =
        std::find_if(streams_.begin(), streams_.end(), [&](const Stream& s) { return s.id == id; });
    return it != streams_.end() ? &*it : nullptr;
}

Result<Sequence> MemoryLedger::append(const rotation::RotationId& id, Sequence last_seen,
                                      const rotation::Event& event, std::span<const AccessKey* const> keys) {
    if (before_append) before_append(event);
    if (append_fails(event)) return failed("no space left on device");
    auto text = ledger::to_json(event);
    if (!text) return std::unexpected(text.error());
    auto* s = stream(id);
    if (last_seen != (s != nullptr ? s->texts.size() : 0))
        return std::unexpected(Error{ErrorKind::busy, "somebody else wrote first", ""});
    if (s == nullptr) s = &streams_.emplace_back(Stream{id, {}, {}, {}});
    s->texts.push_back(std::move(*text));
    s->names.emplace_back(rotation::name_of(event));
    for (const auto* key : keys) s->sealed.emplace(key->id, key->clone());
    if (rotation::is_end(event)) s->sealed.clear();
    const auto sequence = s->texts.size();
    if (after_append) after_append(event);
    return sequence;
}

Result<std::vector<Recorded>> MemoryLedger::events(const rotation::RotationId& id) {
    const auto* s = stream(id);
    if (s == nullptr) return failed("no rotation " + id);
    std::vector<Recorded> result;
    for (const auto& text : s->texts) {
        auto event = ledger::event_from_json(text);
        if (!event) return std::unexpected(event.error());
        result.push_back({result.size() + 1, std::move(*event)});
    }
    return result;
}

Result<std::vector<rotation::RotationId>> MemoryLedger::rotations() {
    std::vector<rotation::RotationId> result;
    for (const auto& s : streams_) result.push_back(s.id);
    return result;
}

Result<AccessKey> MemoryLedger::unseal(const rotation::RotationId& id, const AccessKeyId& key) {
    const auto* s = stream(id);
    const auto it = s != nullptr ? s->sealed.find(key) : decltype(s->sealed.end()){};
    if (s == nullptr || it == s->sealed.end()) return lost("no sealed value for " + key.text());
    if (damaged.contains(key)) return lost("the sealed value of " + key.text() + " is damaged");
    return it->second.clone();
}

std::vector<std::string> MemoryLedger::story() const {
    return streams_.empty() ? std::vector<std::string>{} : streams_.back().names;
}

bool MemoryLedger::holds_secrets() const {
    return std::any_of(streams_.begin(), streams_.end(), [](const Stream& s) { return !s.sealed.empty(); });
}

World::World() : old_key(*AccessKeyId::parse("AKIAEXAMPLE")), first_key_(aws.make_key()) {
    old_key = first_key_.id;
    profile.held = first_key_.clone();
    aws.keys.at(old_key).created -= std::chrono::days{89};
    aws.strangers.emplace(aws.administrator.id, CallerIdentity{"AIDAADMINISTRATOR", aws.bob.account,
                                                               "arn:aws:iam::123456789012:user/alice"});
    numbers.spread = Duration{0};
    numbers.in_flight = std::chrono::seconds{2};
}

void World::without_a_key() {
    by_administrator = first_key = true;
    aws.keys.clear();
    profile.held.reset();
}

void World::with_mfa(int codes) {
    aws.demands_mfa = true;
    mfa_serial = "arn:aws:iam::123456789012:mfa/bob";
    type_codes(codes);
}

void World::type_codes(int codes) {
    for (; codes > 0; --codes) {
        const auto code = std::to_string(100000 + shown_++);
        aws.codes.insert(code);
        person.codes.push_back(code);
    }
}

void World::next_rotation() {
    first_key_ = profile.held->clone();
    old_key = first_key_.id;
}

orchestrator::Doors World::doors() {
    ++processes.current;
    mfa_sessions_.emplace(person);
    return {aws,       aws,  {&sts, &s3},    {places.begin(), places.end()}, aws_clock_, entropy_, processes,
            hand_outs, &aws, &*mfa_sessions_};
}

rotation::Request World::request() const {
    rotation::Request request{.user = aws.bob,
                              .user_name = "bob",
                              .old_key = first_key ? std::nullopt : std::optional(old_key),
                              .self = !by_administrator,
                              .mfa_serial = mfa_serial,
                              .probes = {"sts", "s3:list-buckets"},
                              .numbers = numbers};
    for (const auto* place : places) request.destinations.push_back(place->uri());
    return request;
}

Result<orchestrator::Outcome> World::start(const rotation::Request& request, orchestrator::Doors& all) {
    return orchestrator::Orchestrator(all, ledger, narrator, administrator())
        .start("r-" + std::to_string(ledger.begun() + 1), request, by_administrator ? nullptr : &first_key_);
}

Result<orchestrator::Outcome> World::start() {
    auto what = request();
    adjust(what);
    auto all = doors();
    return start(what, all);
}

Result<orchestrator::Outcome> World::rotate(orchestrator::Wanted wanted) {
    auto all = doors();
    wanted.first_key = first_key;
    wanted.mfa_serial = mfa_serial;
    if (by_administrator) wanted.user_name = "bob";
    const auto& signer = by_administrator ? aws.administrator : first_key_;
    const auto identity = orchestrator::identify(all, signer);
    if (!identity) return std::unexpected(identity.error());
    const auto survey = orchestrator::survey(all, signer, *identity, wanted);
    if (!survey) return std::unexpected(survey.error());
    auto what = request();
    if (!survey->self) what.administrator = *identity;
    what.user = survey->user;
    what.user_name = survey->user_name;
    what.old_key = survey->old_key;
    what.give_up = survey->give_up;
    what.may_deactivate = survey->may_deactivate;
    what.consent = {orchestrator::skipped_guarantees(all, *survey, numbers), "--yes"};
    adjust(what);
    const bool wants_it_off = what.compromised || what.numbers.soak > Duration{0};
    if (wants_it_off && !what.may_deactivate)  // as the command line says
        return usage_error("--compromised and --soak need iam:UpdateAccessKey, which is not allowed");
    return start(what, all);
}

Result<orchestrator::Outcome> World::settle(const rotation::Event& by_a_person) {
    auto all = doors();
    return orchestrator::Orchestrator(all, ledger, narrator, administrator())
        .settle(last_rotation(), by_a_person);
}

Result<orchestrator::Outcome> World::resume() {
    auto all = doors();
    return orchestrator::Orchestrator(all, ledger, narrator, administrator()).resume(last_rotation());
}

}  // namespace keytide::simulator
