// Which calls are made again, how often and how soon; and which never are.
#include "orchestrator/patient_reads.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>

namespace keytide::orchestrator {
namespace {

using namespace std::chrono_literals;
using ports::Answer;
using ports::Indeterminate;
using ports::NotSent;
using ports::Refused;
using Trouble = std::variant<Refused, NotSent, Indeterminate>;

const Refused throttling{"Throttling", "Rate exceeded", 400};

struct HandClock final : ports::Clock {
    Instant time{std::chrono::sys_days{std::chrono::year{2026} / 1 / 31}};
    std::vector<Duration> waits;
    bool stop = false;         // interrupted already
    bool stop_asleep = false;  // interrupted in the next wait
    Instant now() override { return time; }
    bool sleep(Duration d) override {
        waits.push_back(d);
        time += d;
        stop = stop || stop_asleep;
        return !stop;
    }
    bool interrupted() override { return stop; }
};

struct SameByte final : ports::Entropy {
    std::byte byte{0x80};
    void fill(std::span<std::byte> bytes) override { std::fill(bytes.begin(), bytes.end(), byte); }
};

// Has its troubles in this order, and none afterwards.
struct TroubledAws final : ports::AccessKeys, ports::Identities {
    explicit TroubledAws(HandClock& c) : clock(c) {}
    HandClock& clock;
    std::deque<Trouble> troubles;
    Duration takes{0};  // each call
    std::vector<std::string> calls;
    CallerIdentity bob{"AIDAEXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/bob"};

    template <class T>
    Answer<T> call(std::string what, T done) {
        calls.push_back(std::move(what));
        clock.time += takes;
        if (troubles.empty()) return {std::move(done), clock.time};
        auto trouble = std::move(troubles.front());
        troubles.pop_front();
        return std::visit([&](auto& t) { return Answer<T>{std::move(t), clock.time}; }, trouble);
    }
    Answer<std::vector<KeyMetadata>> list(const AccessKey& signer, std::string_view user_name) override {
        return call<std::vector<KeyMetadata>>("list " + std::string(user_name) + " by " + signer.id.text(),
                                              {{signer.id, KeyStatus::active, {}}});
    }
    Answer<ports::LastUsed> last_used(const AccessKey& signer, const AccessKeyId& id) override {
        return call("last_used " + id.text() + " by " + signer.id.text(), ports::LastUsed{{}, "s3", ""});
    }
    Answer<CallerIdentity> caller(const AccessKey& signer) override {
        return call("caller by " + signer.id.text(), bob);
    }
    Answer<CallerIdentity> user(const AccessKey& signer, std::string_view user_name) override {
        return call("user " + std::string(user_name) + " by " + signer.id.text(), bob);
    }
    Answer<ports::CreatedKey> create(const AccessKey& signer, std::string_view user_name, Instant signed_at,
                                     std::string_view nonce) override {
        return call("create " + std::string(user_name) + " by " + signer.id.text() + " at " +
                        to_rfc3339(signed_at) + " " + std::string(nonce),
                    ports::CreatedKey{signer.clone(), {}});
    }
    Answer<ports::Done> set_status(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                                   KeyStatus status, Instant signed_at) override {
        return call("set_status " + std::string(user_name) + " " + id.text() + " " +
                        std::string(to_text(status)) + " by " + signer.id.text() + " at " +
                        to_rfc3339(signed_at),
                    ports::Done{});
    }
    Answer<ports::Done> remove(const AccessKey& signer, std::string_view user_name, const AccessKeyId& id,
                               Instant signed_at) override {
        return call("remove " + std::string(user_name) + " " + id.text() + " by " + signer.id.text() +
                        " at " + to_rfc3339(signed_at),
                    ports::Done{});
    }
};

// How any call ended, as text that tells two answers apart.
template <class T>
std::string told(const Answer<T>& answer) {
    const auto at = answer.server_time ? " at " + to_rfc3339(*answer.server_time) : "";
    if (const auto* refused = answer.refused())
        return refused->code + ": " + refused->message + " " + std::to_string(refused->status) + at;
    if (const auto* unsent = answer.not_sent()) return "not sent: " + unsent->reason + at;
    if (const auto* lost = answer.indeterminate()) return "no answer: " + lost->reason + at;
    return "done" + at;
}

struct PatientReads : testing::Test {
    HandClock clock;
    SameByte entropy;
    TroubledAws aws{clock};
    PatientAccessKeys keys{aws, clock, entropy};
    PatientIdentities identities{aws, clock, entropy};
    const AccessKey signer{*AccessKeyId::parse("AKIASIGNER"), Secret("secret-of-signer"), Secret()};
    const AccessKeyId other = *AccessKeyId::parse("AKIAOTHER");
    const Instant intended = clock.time - 5min;

    struct Call {
        std::string as_made;
        std::function<std::string()> make;  // how it ended
    };
    std::vector<Call> reads() {
        return {{"list bob by AKIASIGNER", [&] { return told(keys.list(signer, "bob")); }},
                {"last_used AKIAOTHER by AKIASIGNER", [&] { return told(keys.last_used(signer, other)); }},
                {"caller by AKIASIGNER", [&] { return told(identities.caller(signer)); }},
                {"user bob by AKIASIGNER", [&] { return told(identities.user(signer, "bob")); }}};
    }
    std::vector<Call> changes() {
        const auto at = " by AKIASIGNER at 2026-01-30T23:55:00Z";
        return {{std::string("create bob") + at + " n1",
                 [&] { return told(keys.create(signer, "bob", intended, "n1")); }},
                {std::string("set_status bob AKIAOTHER Inactive") + at,
                 [&] { return told(keys.set_status(signer, "bob", other, KeyStatus::inactive, intended)); }},
                {std::string("set_status bob AKIAOTHER Active") + at,
                 [&] { return told(keys.set_status(signer, "bob", other, KeyStatus::active, intended)); }},
                {std::string("remove bob AKIAOTHER") + at,
                 [&] { return told(keys.remove(signer, "bob", other, intended)); }}};
    }
    void begin_anew(std::deque<Trouble> troubles) {
        aws.troubles = std::move(troubles);
        aws.calls.clear();
        clock.waits.clear();
    }
};

TEST_F(PatientReads, AreMadeAgainAfterThrottlingAndAfterLostAnswers) {
    for (const Trouble& trouble : {Trouble(throttling), Trouble(Refused{"ThrottlingException", "", 400}),
                                   Trouble(Refused{"RequestLimitExceeded", "", 400}),
                                   Trouble(Indeterminate{"HTTP status 503"}), Trouble(NotSent{"no route"})})
        for (const auto& read : reads()) {
            begin_anew({trouble});
            EXPECT_TRUE(read.make().starts_with("done"));
            EXPECT_EQ(aws.calls, std::vector(2, read.as_made));
            begin_anew({trouble, trouble});
            EXPECT_TRUE(read.make().starts_with("done"));
            EXPECT_EQ(aws.calls, std::vector(3, read.as_made));
        }
}

TEST_F(PatientReads, AreMadeThreeTimesAtMostAndTellTheLastAnswer) {
    for (const auto& read : reads()) {
        begin_anew({throttling, NotSent{"no route"}, Indeterminate{"timeout"}});
        aws.takes = 1s;
        const auto begun = clock.time;
        const auto end = read.make();
        EXPECT_EQ(end, "no answer: timeout at " + to_rfc3339(clock.time));
        EXPECT_GT(clock.time, begun + 3s);
        EXPECT_EQ(aws.calls, std::vector(3, read.as_made));
        EXPECT_EQ(clock.waits.size(), 2u) << "nobody waits for an attempt that is not made";
    }
}

TEST_F(PatientReads, AreMadeOnceWhenTheyAreAnswered) {
    for (const auto& read : reads()) {
        begin_anew({});
        EXPECT_TRUE(read.make().starts_with("done"));
        EXPECT_EQ(aws.calls, std::vector(1, read.as_made));
    }
    const auto list = keys.list(signer, "bob");
    ASSERT_NE(list.done(), nullptr);
    EXPECT_EQ(list.done()->front().id, signer.id);
    EXPECT_TRUE(clock.waits.empty());
}

TEST_F(PatientReads, TakeAnyOtherRefusalAsTheAnswer) {
    for (const auto* code :
         {"AccessDenied", "InvalidClientTokenId", "SignatureDoesNotMatch", "RequestExpired",
          "RequestTimeTooSkewed", "ExpiredToken", "NoSuchEntity", "LimitExceeded", "ValidationError"})
        for (const auto& read : reads()) {
            begin_anew({Refused{code, "no", 403}});
            EXPECT_TRUE(read.make().starts_with(code));
            EXPECT_EQ(aws.calls.size(), 1u) << code;
        }
    begin_anew({throttling, Refused{"AccessDenied", "no", 403}});
    EXPECT_NE(keys.list(signer, "bob").refused(), nullptr);
    EXPECT_EQ(aws.calls.size(), 2u) << "a refusal after throttling is an answer as well";
}

TEST_F(PatientReads, WaitUpToOneSecondAndThenUpToTwo) {
    using Waits = std::vector<Duration>;
    for (const auto& [byte, waits] :
         {std::pair(std::byte{0}, Waits{0s, 0s}), std::pair(std::byte{0x80}, Waits{502ms, 1004ms}),
          std::pair(std::byte{0xff}, Waits{1s, 2s})})
        for (const auto& read : reads()) {
            entropy.byte = byte;
            begin_anew({throttling, throttling});
            read.make();
            EXPECT_EQ(clock.waits, waits);
        }
}

TEST_F(PatientReads, AreNotMadeAgainAfterATimeout) {
    for (const auto& read : reads()) {
        begin_anew({Indeterminate{"timeout"}, Indeterminate{"timeout"}, Indeterminate{"timeout"}});
        aws.takes = 60s;
        EXPECT_TRUE(read.make().starts_with("no answer"));
        EXPECT_EQ(aws.calls.size(), 1u);
        EXPECT_TRUE(clock.waits.empty());
    }
}

TEST_F(PatientReads, BeginNoAttemptTenSecondsAfterTheFirst) {
    entropy.byte = std::byte{0xff};
    aws.takes = 4s;  // 0 s to 4 s, 5 s to 9 s; the third would begin at 11 s
    begin_anew({throttling, throttling, throttling});
    EXPECT_NE(keys.list(signer, "bob").refused(), nullptr);
    EXPECT_EQ(aws.calls.size(), 2u);
    EXPECT_EQ(clock.waits, std::vector<Duration>{1s});
}

TEST_F(PatientReads, EndWhenThePersonInterrupts) {
    for (const auto& read : reads()) {
        clock.stop = false;
        clock.stop_asleep = true;
        begin_anew({throttling, throttling});
        EXPECT_TRUE(read.make().starts_with("Throttling"));
        EXPECT_EQ(aws.calls.size(), 1u);
        EXPECT_EQ(clock.waits.size(), 1u);

        clock.stop = true;  // within the call
        begin_anew({Indeterminate{"interrupted"}});
        EXPECT_TRUE(read.make().starts_with("no answer: interrupted"));
        EXPECT_EQ(aws.calls.size(), 1u);
        EXPECT_TRUE(clock.waits.empty());
    }
}

TEST_F(PatientReads, ChangesAreMadeExactlyOnceWhateverTheAnswer) {
    const std::vector<std::pair<std::deque<Trouble>, std::string>> answers{
        {{}, "done"},
        {{throttling, throttling, throttling}, "Throttling: Rate exceeded 400"},
        {{Refused{"AccessDenied", "no", 403}}, "AccessDenied: no 403"},
        {{Refused{"NoSuchEntity", "gone", 404}}, "NoSuchEntity: gone 404"},
        {{Refused{"RequestExpired", "late", 400}}, "RequestExpired: late 400"},
        {{NotSent{"no route"}, NotSent{"no route"}}, "not sent: no route"},
        {{Indeterminate{"timeout"}, Indeterminate{"timeout"}}, "no answer: timeout"},
        {{Indeterminate{"HTTP status 503"}}, "no answer: HTTP status 503"}};
    for (const auto& change : changes())
        for (const auto& [troubles, expected] : answers) {
            begin_anew(troubles);
            EXPECT_EQ(change.make(), expected + " at " + to_rfc3339(clock.time));
            EXPECT_EQ(aws.calls, std::vector(1, change.as_made));
            EXPECT_TRUE(clock.waits.empty());
        }
}

}  // namespace
}  // namespace keytide::orchestrator
