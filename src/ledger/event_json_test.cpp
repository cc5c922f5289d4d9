#include "ledger/event_json.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace keytide::ledger {
namespace {

using namespace rotation;
using namespace std::chrono_literals;

AccessKeyId id(const char* text) {
    return *AccessKeyId::parse(text);
}

Instant at(int n) {
    return *parse_rfc3339("2026-01-31T12:00:00.123Z") + std::chrono::seconds{n};
}

// Every member differs from its default and from its neighbours, so that a swap shows.
Request request() {
    return {.user = {"AIDAEXAMPLE", "123456789012", "arn:aws:iam::123456789012:user/bob"},
            .user_name = "bob",
            .old_key = id("AKIAIOSFODNN7EXAMPLE"),
            .self = false,
            .administrator = {"AIDAADMIN", "210987654321", "arn:aws:iam::123456789012:user/admin"},
            .mfa_serial = "arn:aws:iam::210987654321:mfa/admin",
            .may_deactivate = true,
            .sole_writer = true,
            .compromised = true,
            .give_up = id("AKIAI44QH8DHBEXAMPLE"),
            .destinations = {"profile:/home/böb/.aws/credentials#default", "env-file:/tmp/\"quoted\"\n.env"},
            .probes = {"sts", "s3:list-buckets"},
            .connection = {"aws-cn", "cn-north-1", "http://127.0.0.1:1/", "http://127.0.0.1:2/",
                           "http://127.0.0.1:3/", "/etc/ca.pem", true},
            .numbers = {1ms, 11ms, 12ms, 2, 3ms, 4ms, 5ms, 6ms, 7ms, 8ms, 9ms, 10ms, 13ms, 14ms, 15ms},
            .consent = {{Guarantee::list, Guarantee::grace, Guarantee::quiet, Guarantee::soak,
                         Guarantee::confirm, Guarantee::restore, Guarantee::compare},
                        "prompt"}};
}

std::vector<KeyMetadata> some_keys() {
    return {{id("AKIAIOSFODNN7EXAMPLE"), KeyStatus::active, at(-9)},
            {id("AKIAI44QH8DHBEXAMPLE"), KeyStatus::inactive, std::nullopt}};
}

const std::vector<Event>& one_of_each() {
    static const std::vector<Event> all{
        Started{at(1), request()},
        Resumed{at(2), true},
        Inspected{at(3), some_keys(), {id("AKIAIOSFODNN7EXAMPLE"), std::nullopt}},
        CreateIntended{at(4), "nonceabc", {"boot", 4711, 1ull << 63}, some_keys()},
        CreateRefused{at(5), "LimitExceeded", "Cannot exceed quota for AccessKeysPerUser: 2"},
        CreateUnanswered{at(6), "timeout"},
        CreateSettled{at(7), true},
        KeyCreated{at(8), id("AKIAI44QH8DHBEXAMPLE")},
        NewKeyAccepted{at(9), {"AIDAEXAMPLE", "123456789012", "arn:x"}, {"s3:list-buckets"}},
        OldValueSealed{at(10), "profile:a"},
        DeliverIntended{at(11), "profile:b"},
        DeliverFailed{at(12), "profile:c", "read-only"},
        Delivered{at(13), "profile:d"},
        Acknowledged{at(45), "alice"},
        Reminded{at(46), "person:age1vera"},
        NothingToRetire{at(29)},
        OverlapBegan{at(14)},
        OverlapEnded{at(15)},
        EvidenceTaken{at(16)},
        DeleteIntended{at(17), Which::new_key, id("AKIAI44QH8DHBEXAMPLE"), id("AKIAIOSFODNN7EXAMPLE")},
        DeleteRefused{at(18), Which::new_key, "Throttling", "Rate exceeded"},
        DeleteUnanswered{at(19), Which::new_key, "reset"},
        OldKeyDeleted{at(20), true},
        NewKeyDeleted{at(21), true},
        OldKeyRejected{at(22), "InvalidClientTokenId"},
        GoingBack{at(23), "never accepted", "alice"},
        OldKeyAccepted{at(30)},
        OldKeyQuiet{at(31), at(-5)},
        HandedOut{at(43), at(44)},
        DeactivateIntended{at(32), id("AKIAI44QH8DHBEXAMPLE"), id("AKIAIOSFODNN7EXAMPLE")},
        ActivateIntended{at(33), id("AKIAI44QH8DHBEXAMPLE"), id("AKIAIOSFODNN7EXAMPLE")},
        StatusRefused{at(34), "AccessDenied", "not authorized"},
        StatusUnanswered{at(35), "reset"},
        OldKeyDeactivated{at(36)},
        OldKeyActivated{at(37), true},
        SoakEnded{at(38)},
        OtherKeyDeleted{at(39), id("AKIAI44QH8DHBEXAMPLE"), true},
        NewKeyRejected{at(40), "InvalidClientTokenId"},
        Abandoned{at(41), "settled by hand", "alice"},
        Parked{at(24), at(25), "grace"},
        NeedsPerson{at(26), "Whose key is it?", {"ours", "theirs"}},
        NeedsMfa{at(42), "GAHT12345678", "a code is needed", {"keytide resume"}},
        Completed{at(27)},
        RolledBack{at(28), "refused"},
    };
    return all;
}

const Event& the(std::string_view name) {
    return *std::find_if(one_of_each().begin(), one_of_each().end(),
                         [&](const Event& e) { return name_of(e) == name; });
}

TEST(EventJson, GivesBackEveryEventAsItWas) {
    constexpr std::size_t transient =
        6;  // ProbeAnswered, EvidenceMissing, LastUseSeen, HandOutsSeen, SecretLost, SessionAnswered
    ASSERT_EQ(one_of_each().size(), std::variant_size_v<Event> - transient) << "add the new event above";
    std::set<std::size_t> seen;
    for (const auto& event : one_of_each()) {
        seen.insert(event.index());
        const auto text = to_json(event);
        ASSERT_TRUE(text) << name_of(event);
        const auto back = event_from_json(*text);
        ASSERT_TRUE(back) << *text << back.error().message;
        EXPECT_EQ(back->index(), event.index());
        EXPECT_EQ(to_json(*back), text);
    }
    EXPECT_EQ(seen.size(), one_of_each().size());
}

// The round trip alone would not notice two members that swap places on both ways.
TEST(EventJson, WritesEachFieldUnderItsOwnName) {
    EXPECT_EQ(to_json(the("Inspected")),
              R"({"v":1,"event":"Inspected","at":"2026-01-31T12:00:03.123Z","keys":[)"
              R"({"id":"AKIAIOSFODNN7EXAMPLE","status":"active","created":"2026-01-31T11:59:51.123Z"},)"
              R"({"id":"AKIAI44QH8DHBEXAMPLE","status":"inactive","created":null}],)"
              R"("held":["AKIAIOSFODNN7EXAMPLE",null]})");
    EXPECT_EQ(to_json(the("CreateIntended")).value().substr(0, 164),
              R"({"v":1,"event":"CreateIntended","at":"2026-01-31T12:00:04.123Z","nonce":"nonceabc",)"
              R"("sender":{"boot_id":"boot","pid":4711,"start":9223372036854775808},"keys_before":)");
    EXPECT_EQ(to_json(the("DeleteIntended")),
              R"({"v":1,"event":"DeleteIntended","at":"2026-01-31T12:00:17.123Z","target":"new_key",)"
              R"("key":"AKIAI44QH8DHBEXAMPLE","signer":"AKIAIOSFODNN7EXAMPLE"})");
    EXPECT_EQ(to_json(the("Parked")), R"({"v":1,"event":"Parked","at":"2026-01-31T12:00:24.123Z",)"
                                      R"("until":"2026-01-31T12:00:25.123Z","reason":"grace"})");
}

TEST(EventJson, KeepsARequestExactly) {
    const auto back = request_from_json(to_json(request()).value());
    ASSERT_TRUE(back);
    EXPECT_EQ(*back, request());
    EXPECT_EQ(std::get<Started>(*event_from_json(to_json(the("Started")).value())).request, request());
}

TEST(EventJson, KeepsTheDifferenceBetweenAnEmptyListAndNone) {
    const Event none = Inspected{at(1), std::nullopt, {}}, empty = Inspected{at(1), {{}}, {}};
    EXPECT_FALSE(std::get<Inspected>(*event_from_json(*to_json(none))).keys);
    ASSERT_TRUE(std::get<Inspected>(*event_from_json(*to_json(empty))).keys);
}

TEST(EventJson, GuessesNothing) {
    const auto reads = [](std::string_view text) { return event_from_json(text).has_value(); };
    ASSERT_TRUE(reads(R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAI"})"));
    for (
        const auto* bad : {
            "",
            "7",
            "[]",
            "{}",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAI"}x)",
            R"({"v":2,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAI"})",
            R"({"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAI"})",
            R"({"v":1,"event":"KeyMelted","at":"2026-01-31T12:00:00.000Z","key":"AKIAI"})",
            R"({"v":1,"event":"ProbeAnswered","at":"2026-01-31T12:00:00.000Z"})",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z"})",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"AKIAI","more":1})",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":"not a key id"})",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T14:00:00.000+02:00","key":"AKIAI"})",
            R"({"v":1,"event":"KeyCreated","at":1769860800,"key":"AKIAI"})",
            R"({"v":1,"event":"KeyCreated","at":"2026-01-31T12:00:00.000Z","key":null})",
            R"({"v":1,"event":"Resumed","at":"2026-01-31T12:00:00.000Z","sender_gone":1})",
            R"({"v":1,"event":"DeleteUnanswered","at":"2026-01-31T12:00:00.000Z","target":"OLD","reason":""})",
        })
        EXPECT_FALSE(reads(bad)) << bad;
}

TEST(EventJson, NumbersStayInTheirRange) {
    auto text = to_json(the("Started")).value();
    const auto place = text.find("\"steady\":2");
    ASSERT_NE(place, text.npos);
    for (const auto* number : {"2.5", "99999999999999999999", "4294967298", "\"2\""}) {
        auto changed = text;
        changed.replace(place, 10, std::string("\"steady\":") + number);
        EXPECT_FALSE(event_from_json(changed)) << number;
    }
}

TEST(EventJson, RecordsWordsOfOthersWhateverTheirBytes) {
    const Event refused =
        CreateRefused{at(1), "Odd", "caf\xe9 \xed\xa0\x80 \xc0\xaf \xf4\x90\x80\x80 \xe2\x82"};
    const auto back = event_from_json(to_json(refused).value());
    ASSERT_TRUE(back) << "what was recorded must be readable";
    EXPECT_TRUE(std::get<CreateRefused>(*back).message.starts_with("caf\xEF\xBF\xBD "));
}

TEST(EventJson, RefusesARequestThatItCannotKeepExactly) {
    auto odd = request();
    odd.destinations = {"env-file:/tmp/caf\xe9"};
    EXPECT_FALSE(to_json(odd));
    EXPECT_FALSE(to_json(Event{Started{at(1), odd}}));
}

TEST(EventJson, NeverRecordsAnObservation) {
    EXPECT_FALSE(to_json(Event{ProbeAnswered{.at = at(1), .key = Which::old_key, .probe = 0}}));
    EXPECT_FALSE(to_json(Event{EvidenceMissing{at(1), "?", "?"}}));
}

}  // namespace
}  // namespace keytide::ledger
