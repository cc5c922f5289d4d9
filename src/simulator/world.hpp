// A small world for the protocol to live in: one user at a living fake of AWS, a ledger in memory, places
// that hold keys, and a clock that moves only when somebody sleeps. Every touch of it can be made to go
// wrong.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "orchestrator/orchestrator.hpp"
#include "orchestrator/survey.hpp"
#include "simulator/crash.hpp"

namespace keytide::simulator {

// What happens to a call: before it is done, instead of it, or to its answer. A stale list is the one before
// the last change.
enum class Fate { refused, not_sent, lost_before, lost_after, lands_late, stale };

struct Fault {
    std::string operation;  // "CreateAccessKey", "GetCallerIdentity", "ListBuckets"…
    Fate fate;
    std::string code{};  // for refused
    Duration delay{};    // for lands_late
};

// For whoever watches.
struct CallSeen {
    std::string call;    // "DeleteAccessKey OLD by NEW", with the ids
    std::string answer;  // and what the caller does not know of it
};

struct ManualClock final : ports::Clock {
    Instant time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
    bool stop = false;
    Instant now() override { return time; }
    bool sleep(Duration d) override {
        time += d;
        return !stop;
    }
    bool interrupted() override { return stop; }
};

struct FakeKey {
    Secret secret;
    KeyStatus status = KeyStatus::active;
    Instant created;
};

// The person at the terminal, and the MFA device in their hand.
struct FakePerson final : ports::MfaCodes {
    std::deque<std::string> codes;     // what they will type; when there is none, nobody is there
    std::vector<std::string> remarks;  // what they were told each time
    Result<std::optional<Secret>> ask(std::string_view serial, std::string_view remark) override;
};

// One IAM user. A new key is known to each service only `propagation` after its creation; a deleted key is
// still accepted that long.
class FakeAws final : public ports::AccessKeys, public ports::Identities, public ports::SessionTokens {
public:
    explicit FakeAws(ManualClock& clock) : clock_(clock) {}

    CallerIdentity bob{"AIDAEXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/bob"};
    std::set<std::string> allowed{"CreateAccessKey", "DeleteAccessKey"};
    std::deque<Fault> faults;
    bool demands_mfa = false;     // of every call of IAM, as a policy with aws:MultiFactorAuthPresent does
    std::set<std::string> codes;  // that the MFA device shows, and nobody has used
    Duration propagation{0};
    Duration behind{0};                               // the local clock is so far ahead of AWS's
    std::set<AccessKeyId> never_known;                // AWS forgot to tell its services of these
    std::map<AccessKeyId, CallerIdentity> strangers;  // keys of other users
    std::map<AccessKeyId, FakeKey> keys;              // bob's
    const AccessKey administrator{*AccessKeyId::parse("AKIAADMINISTRATOR"), Secret("secret-of-administrator"),
                                  Secret()};
    std::vector<std::string> calls;                       // "DeleteAccessKey OLD by NEW", with the ids
    std::function<void(const std::string&)> before_call;  // may throw Crash
    std::function<void(const CallSeen&)> after_call;

    AccessKey make_key();
    void end_sessions();
    void land_late_calls();  // those whose time has come
    Instant now() const { return landing_.value_or(clock_.time - behind); }
    bool accepts(const AccessKeyId& signer) const { return !turned_away(signer); }

    ports::Answer<std::vector<KeyMetadata>> list(const AccessKey&, std::string_view) override;
    ports::Answer<ports::CreatedKey> create(const AccessKey&, std::string_view, Instant,
                                            std::string_view) override;
    ports::Answer<ports::Done> set_status(const AccessKey&, std::string_view, const AccessKeyId&, KeyStatus,
                                          Instant) override;
    ports::Answer<ports::Done> remove(const AccessKey&, std::string_view, const AccessKeyId&,
                                      Instant) override;
    ports::Answer<ports::LastUsed> last_used(const AccessKey&, const AccessKeyId&) override;
    ports::Answer<CallerIdentity> caller(const AccessKey&) override;
    ports::Answer<CallerIdentity> user(const AccessKey&, std::string_view) override;
    ports::Answer<ports::MintedSession> mint(const AccessKey&, std::string_view, const Secret& code,
                                             Duration lifetime) override;
    const CallerIdentity& owner(const AccessKeyId& id) const {
        return strangers.contains(id) ? strangers.at(id) : bob;
    }
    std::map<AccessKeyId, ports::LastUsed> uses;  // what GetAccessKeyLastUsed says

    // One call of any service, from authentication to the lost answer.
    template <class T>
    ports::Answer<T> call(const std::string& operation, const AccessKey& signer, const std::string& about,
                          const std::string& unknown_key_code,
                          std::function<std::variant<T, ports::Refused>()> act);

private:
    struct LateCall {
        Instant lands;
        std::string call;
        std::function<std::string()> act;
    };
    struct FakeSession {
        AccessKeyId minted_from;
        Instant expires;
    };
    const AccessKeyId& principal(const AccessKeyId& signer) const;  // the long-term key
    std::optional<ports::Refused> turned_away(const AccessKeyId& signer) const;
    std::optional<ports::Refused> turned_away(const std::string& user_name, Instant signed_at) const;
    std::vector<KeyMetadata> listed() const;
    ManualClock& clock_;
    std::map<AccessKeyId, Instant> deleted_;
    std::map<AccessKeyId, FakeSession> sessions_;
    std::vector<LateCall> late_;
    std::optional<Instant> landing_;                       // of a late call, while it lands
    std::optional<std::vector<KeyMetadata>> list_before_;  // the last change
    int made_ = 0;
};

class FakeProbe final : public ports::Probe {
public:
    FakeProbe(FakeAws& aws, std::string name) : aws_(aws), name_(std::move(name)) {}
    std::string name() const override { return name_; }
    ports::Answer<ports::ProbeAccepted> attempt(const AccessKey& key) override;

private:
    FakeAws& aws_;
    std::string name_;
};

class FakeDestination final : public ports::Destination {
public:
    explicit FakeDestination(std::string uri) : uri_(std::move(uri)) {}
    std::optional<AccessKey> held;
    ports::Capabilities can{true, true, true};
    bool forgets = false;  // says that it was written, and holds what it held
    int refusals = 0;      // so many deliveries are refused first
    std::string refusal = "no space left on device";
    std::function<void()> before_touch;                   // may throw Crash
    std::function<void(const std::string&)> after_touch;  // told what was done; may throw Crash

    std::string uri() const override { return uri_; }
    ports::Capabilities capabilities() const override { return can; }
    Result<std::optional<AccessKey>> read() override;
    Result<void> check_writable() override { return {}; }
    ports::DeliverAnswer deliver(const AccessKey&, std::span<const AccessKeyId> replaceable) override;

private:
    void told(const std::string& what) const {
        if (after_touch) after_touch(what);
    }
    std::string uri_;
};

// Events go through the ledger's own serialisation.
class MemoryLedger final : public ports::Ledger {
public:
    std::function<void(const rotation::Event&)> before_append;  // may throw Crash
    std::function<void(const rotation::Event&)> after_append;
    std::function<bool(const rotation::Event&)> append_fails = [](const rotation::Event&) { return false; };
    std::set<AccessKeyId> damaged;  // whose sealed values cannot be opened

    Result<ports::Sequence> append(const rotation::RotationId&, ports::Sequence, const rotation::Event&,
                                   std::span<const AccessKey* const>) override;
    Result<std::vector<ports::Recorded>> events(const rotation::RotationId&) override;
    Result<std::vector<rotation::RotationId>> rotations() override;
    Result<AccessKey> unseal(const rotation::RotationId&, const AccessKeyId&) override;
    Result<void> reserve() override { return {}; }

    std::vector<std::string> story() const;  // the names of the last rotation's events
    std::size_t begun() const { return streams_.size(); }
    bool holds_secrets() const;

private:
    struct Stream {
        rotation::RotationId id;
        std::vector<std::string> texts, names;  // of the events
        std::map<AccessKeyId, AccessKey> sealed;
    };
    Stream* stream(const rotation::RotationId& id);
    std::vector<Stream> streams_;
};

struct CountingEntropy final : ports::Entropy {
    unsigned char next = 0;
    void fill(std::span<std::byte> bytes) override {
        for (auto& byte : bytes) byte = std::byte{next++};
    }
};

// Each start and each resumption is a process of its own.
struct FakeProcesses final : ports::Processes {
    int current = 0;
    bool are_seen = false;  // whoever went is known to be gone; otherwise it may be on another machine
    rotation::Process self() override { return {"boot", current, 1}; }
    bool is_gone(const rotation::Process& sender) override { return are_seen && sender.pid != current; }
};

struct FakeHandOuts final : ports::HandOuts {
    std::map<AccessKeyId, Instant> until;  // by the local clock
    bool unreadable = false;
    Result<std::optional<Instant>> latest(const AccessKeyId& key) override {
        if (unreadable) return failed("input/output error");
        const auto found = until.find(key);
        return found == until.end() ? std::nullopt : std::optional(found->second);
    }
};

struct FakeNarrator final : ports::Narrator {
    std::function<void(Duration)> on_wait;
    void happened(const rotation::Rotation&, const rotation::Event&) override {}
    void waiting(const rotation::Rotation&, Duration time) override {
        if (on_wait) on_wait(time);
    }
};

// The whole stage: a user `bob` with one key, held by one destination.
class World {
public:
    World();

    bool by_administrator = false;  // an administrator signs, and not bob himself
    void without_a_key();           // bob is to be issued a first one

    void with_mfa(int codes);    // nobody may call IAM without it; the person has so many codes
    void type_codes(int codes);  // so many more

    void next_rotation();  // is of the key that the profile holds now

    // Runs a rotation from its start, with or without the survey before it, or the next process of one that
    // was left.
    Result<orchestrator::Outcome> rotate(orchestrator::Wanted wanted);
    Result<orchestrator::Outcome> start();
    Result<orchestrator::Outcome> resume();
    Result<orchestrator::Outcome> settle(const rotation::Event& by_a_person);
    bool started() const { return ledger.begun() > 0; }

    ManualClock clock;
    FakeAws aws{clock};
    FakeProbe sts{aws, "sts"}, s3{aws, "s3:list-buckets"};
    FakeDestination profile{"credentials-file:/home/bob/.aws/credentials?profile=default"};
    FakeDestination app{"env-file:/srv/app/.env"};
    std::vector<FakeDestination*> places{&profile};  // in the order of delivery
    MemoryLedger ledger;
    FakeProcesses processes;
    FakeHandOuts hand_outs;
    FakeNarrator narrator;
    FakePerson person;
    std::string mfa_serial;
    AccessKeyId old_key;
    bool first_key = false;
    rotation::Numbers numbers;
    std::function<void(rotation::Request&)> adjust = [](rotation::Request&) {};  // what else is asked for

private:
    orchestrator::Doors doors();
    rotation::Request request() const;
    Result<orchestrator::Outcome> start(const rotation::Request& request, orchestrator::Doors& doors);
    rotation::RotationId last_rotation() const { return "r-" + std::to_string(ledger.begun()); }
    const AccessKey* administrator() const { return by_administrator ? &aws.administrator : nullptr; }
    orchestrator::AwsClock aws_clock_{clock};
    CountingEntropy entropy_;
    AccessKey first_key_;
    std::optional<orchestrator::MfaSessions> mfa_sessions_;  // of the present process
    int shown_ = 0;                                          // codes
};

}  // namespace keytide::simulator
