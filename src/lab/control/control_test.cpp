// The control plane as it is asked over HTTP, without the HTTP.
#include "lab/control/control.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "lab/signed_call.hpp"

namespace keytide::lab {
namespace {

namespace json = boost::json;
using namespace std::chrono_literals;
using ::testing::HasSubstr;

class Control : public ::testing::Test {
protected:
    Reply ask(std::string method, std::string path, std::string body = "", std::string query = "") {
        return control::answer(rehearsal,
                               {std::move(method),
                                std::move(path),
                                std::move(query),
                                {{"Authorization", "Bearer open-sesame"}},
                                std::move(body)},
                               real);
    }
    json::value said(std::string method, std::string path, std::string body = "", std::string query = "") {
        const auto reply = ask(std::move(method), std::move(path), std::move(body), std::move(query));
        EXPECT_EQ(reply.status, 200) << reply.body;
        return json::parse(reply.body);
    }
    // As a client does it whose clock is the real one.
    Rehearsal::Ending call(Request request) {
        sign(request, lab.root_key(), "iam", real);
        const auto arrival = rehearsal.receive(request, real);
        return rehearsal.act(request, arrival, real);
    }
    Rehearsal::Ending create_user(std::string_view name) {
        return call(query_request("iam", "CreateUser", {{"UserName", name}}));
    }
    std::string code_of(const Rehearsal::Ending& ending) {
        return ending.reply ? Answer{*ending.reply}.code() : "no answer";
    }

    Instant real = noon;
    Lab lab = example_lab();
    Rehearsal rehearsal{lab, {.token = Secret("open-sesame"), .seed = 7}};
};

TEST_F(Control, OpensToTheTokenOnly) {
    for (const char* authorization :
         {"", "open-sesame", "Bearer ", "Bearer open-sesamf", "Basic open-sesame"}) {
        const auto refused = control::answer(
            rehearsal, {"GET", "/_lab/health", "", {{"Authorization", authorization}}, ""}, real);
        EXPECT_EQ(refused.status, 401) << authorization;
        EXPECT_EQ(refused.headers.front().name, "WWW-Authenticate");
    }
    EXPECT_EQ(control::answer(rehearsal, {"GET", "/_lab/nowhere", "", {}, ""}, real).status, 401);
    EXPECT_EQ(ask("GET", "/_lab/health").status, 200);

    Rehearsal closed(lab, {});
    EXPECT_EQ(
        control::answer(closed, {"GET", "/_lab/health", "", {{"Authorization", "Bearer "}}, ""}, real).status,
        401)
        << "where there is no token, none opens";
}

TEST_F(Control, RefusesWhatItDoesNotUnderstand) {
    EXPECT_EQ(ask("GET", "/_lab/nowhere").status, 404);
    EXPECT_EQ(ask("DELETE", "/_lab/clock").status, 405);
    EXPECT_EQ(ask("POST", "/_lab/health").status, 405);
    EXPECT_EQ(ask("GET", "/_lab/reset").status, 405);
    EXPECT_EQ(ask("GET", "/_lab/health", "", "x=1").status, 400);
    for (const char* body : {"{", "[]", "7", "{\"advance\":\"90d\"} x"})
        EXPECT_EQ(ask("POST", "/_lab/clock", body).status, 400) << body;
    EXPECT_EQ(ask("POST", "/_lab/clock", std::string(5000, '[')).status, 400);
}

TEST_F(Control, TellsTheClock) {
    EXPECT_EQ(said("GET", "/_lab/clock"), json::parse(R"({"now":"2026-01-31T12:00:00.000Z",
        "real":"2026-01-31T12:00:00.000Z","speed":1E0})"));
    EXPECT_EQ(said("POST", "/_lab/clock", R"({"advance":"90d"})").at("now"), "2026-05-01T12:00:00.000Z");
    real += 1s;
    EXPECT_EQ(said("GET", "/_lab/clock").at("now"), "2026-05-01T12:00:01.000Z");
    EXPECT_EQ(said("POST", "/_lab/clock", R"({"set":"2026-06-01T00:00:00Z"})").at("now"),
              "2026-06-01T00:00:00.000Z");
    said("POST", "/_lab/clock", R"({"speed":60})");
    real += 1s;
    EXPECT_EQ(said("GET", "/_lab/clock").at("now"), "2026-06-01T00:01:00.000Z");
    for (const char* body :
         {"{}", R"({"advance":"soon"})", R"({"set":"yesterday"})", R"({"speed":-1})", R"({"speed":"1"})",
          R"({"advance":"1d","speed":2})", R"({"rewind":"1d"})", R"({"set":"2026-05-31T00:00:00Z"})"})
        EXPECT_EQ(ask("POST", "/_lab/clock", body).status, 400) << body;
}

TEST_F(Control, AgesFollowTheClockAndRealClientsAreStillUnderstood) {
    said("POST", "/_lab/clock", R"({"advance":"90d"})");
    EXPECT_EQ(code_of(create_user("late")), "");
    const auto got = call(query_request("iam", "GetUser", {{"UserName", "late"}}));
    EXPECT_EQ(Answer{*got.reply}.text("//CreateDate"), "2026-05-01T12:00:00Z");
}

TEST_F(Control, ASignatureFitsTheRealOrTheLabsClock) {
    said("POST", "/_lab/clock", R"({"advance":"2h"})");
    const auto attempt = [&](Duration from_real) {
        auto request = query_request("iam", "ListUsers");
        sign(request, lab.root_key(), "iam", real + from_real);
        return code_of(rehearsal.act(request, rehearsal.receive(request, real), real));
    };
    for (const Duration from_real : {Duration(0min), Duration(15min), Duration(105min), Duration(135min)})
        EXPECT_EQ(attempt(from_real), "") << to_text(from_real);
    for (const Duration from_real : {Duration(16min), Duration(104min), Duration(136min)})
        EXPECT_EQ(attempt(from_real), "SignatureDoesNotMatch") << to_text(from_real);
}

TEST_F(Control, SignaturesAreGoodForAsLongAsItIsTold) {
    EXPECT_EQ(said("GET", "/_lab/signatures"), json::parse(R"({"window":"15m"})"));
    EXPECT_EQ(said("POST", "/_lab/signatures", R"({"window":"20s"})"), json::parse(R"({"window":"20s"})"));
    const auto attempt = [&](Duration before) {
        auto request = query_request("iam", "ListUsers");
        sign(request, lab.root_key(), "iam", real - before);
        return Answer{*rehearsal.act(request, rehearsal.receive(request, real), real).reply};
    };
    EXPECT_EQ(attempt(20s).code(), "");
    EXPECT_EQ(attempt(21s).code(), "SignatureDoesNotMatch");
    EXPECT_EQ(attempt(21s).message(),
              "Signature expired: 20260131T115939Z is now earlier than 20260131T115940Z (20260131T120000Z - "
              "20 s.)");
    for (const char* body : {"{}", R"({"window":"0s"})", R"({"window":"16m"})", R"({"window":20})",
                             R"({"window":"20s","for":"iam"})"})
        EXPECT_EQ(ask("POST", "/_lab/signatures", body).status, 400) << body;
    said("POST", "/_lab/reset");
    EXPECT_EQ(said("GET", "/_lab/signatures"), json::parse(R"({"window":"15m"})"));
}

TEST_F(Control, FaultsAreToldAndTaken) {
    const auto added = said("POST", "/_lab/faults",
                            R"({"service":"iam","action":["CreateUser","DeleteUser"],"principal":"root",
                                "skip":1,"times":2,"fault":"refuse","code":"ServiceUnavailable","status":503})");
    EXPECT_EQ(added, json::parse(R"({"rules":[{"id":1,"service":["iam"],"action":["CreateUser","DeleteUser"],
        "principal":["root"],"skip":1,"times":2,"fault":"refuse","code":"ServiceUnavailable","status":503,
        "message":"Made to fail by the lab.","matched":0,"applied":0}]})"));
    said("POST", "/_lab/faults",
         R"({"rules":[{"fault":"lose_answer","times":1},{"fault":"hold","for":"30s","hang_up":true},
                      {"fault":"delay","before":"250ms"},{"fault":"throttle","rate":2,"burst":5},
                      {"fault":"reset"},{"fault":"truncate","after":10},{"fault":"html","acts":true},
                      {"fault":"close","probability":0.5}]})");
    EXPECT_EQ(said("GET", "/_lab/faults").at("rules").as_array().size(), 9u);
    EXPECT_EQ(said("DELETE", "/_lab/faults", "", "id=1").at("rules").as_array().size(), 8u);
    EXPECT_EQ(ask("DELETE", "/_lab/faults", "", "id=1").status, 404);
    EXPECT_EQ(ask("DELETE", "/_lab/faults", "", "id=x").status, 400);
    EXPECT_EQ(said("DELETE", "/_lab/faults").at("rules").as_array().size(), 0u);
}

TEST_F(Control, FaultsThatAreNotUnderstoodAreRefusedAltogether) {
    for (const char* body :
         {"{}", R"({"fault":"misfortune"})", R"({"fault":"lose_answer","acton":"CreateUser"})",
          R"({"fault":"lose_answer","action":[]})", R"({"fault":"lose_answer","action":7})",
          R"({"fault":"lose_answer","times":-1})", R"({"fault":"lose_answer","probability":1.5})",
          R"({"fault":"refuse"})", R"({"fault":"refuse","code":"X","status":200})", R"({"fault":"hold"})",
          R"({"fault":"delay"})", R"({"fault":"throttle"})", R"({"fault":"html","status":204})",
          R"({"rules":7})", R"({"rules":[7]})", R"({"rules":[{"fault":"close"},{"fault":"misfortune"}]})",
          R"({"rules":[],"fault":"close"})"}) {
        const auto refused = ask("POST", "/_lab/faults", body);
        EXPECT_EQ(refused.status, 400) << body;
        EXPECT_THAT(refused.body, HasSubstr("\"error\"")) << body;
    }
    EXPECT_EQ(said("GET", "/_lab/faults").at("rules").as_array().size(), 0u);
}

TEST_F(Control, WhatIsLostWasDoneAndWhatIsClosedWasNot) {
    said("POST", "/_lab/faults", R"({"action":"CreateUser","times":1,"fault":"lose_answer"})");
    EXPECT_EQ(code_of(create_user("lost")), "no answer");
    EXPECT_EQ(code_of(create_user("lost")), "EntityAlreadyExists");
    said("POST", "/_lab/faults", R"({"action":"CreateUser","times":1,"fault":"close"})");
    EXPECT_EQ(code_of(create_user("unheard")), "no answer");
    EXPECT_EQ(code_of(create_user("unheard")), "");
}

TEST_F(Control, RefusalsHaveTheShapeOfTheService) {
    said("POST", "/_lab/faults",
         R"({"fault":"refuse","code":"InternalFailure","status":500,"message":"No."})");
    const Answer iam{*create_user("bob").reply};
    EXPECT_EQ(iam.status(), 500);
    EXPECT_EQ(iam.text("/ErrorResponse/Error/Type"), "Receiver");
    EXPECT_EQ(iam.text("/ErrorResponse/Error/Code"), "InternalFailure");
    EXPECT_EQ(iam.message(), "No.");
    auto request = s3_request("GET", "/");
    sign(request, lab.root_key(), "s3", real);
    const Answer s3{*rehearsal.act(request, rehearsal.receive(request, real), real).reply};
    EXPECT_EQ(s3.text("/Error/Code"), "InternalFailure");
}

TEST_F(Control, ACallThatWasHeldBackLandsAndHasAged) {
    said("POST", "/_lab/faults", R"({"action":"CreateUser","fault":"hold","for":"14m"})");
    auto request = query_request("iam", "CreateUser", {{"UserName", "held"}});
    sign(request, lab.root_key(), "iam", real);
    const auto arrival = rehearsal.receive(request, real);
    EXPECT_EQ(arrival.lands_at(), noon + 14min);
    said("POST", "/_lab/clock", R"({"advance":"14m"})");
    EXPECT_EQ(code_of(rehearsal.act(request, arrival, real)), "");

    said("DELETE", "/_lab/faults");
    said("POST", "/_lab/faults", R"({"action":"CreateUser","fault":"hold","for":"16m"})");
    auto older = query_request("iam", "CreateUser", {{"UserName", "aged"}});
    sign(older, lab.root_key(), "iam", real);
    const auto held = rehearsal.receive(older, real);
    said("POST", "/_lab/clock", R"({"advance":"16m"})");
    EXPECT_EQ(code_of(rehearsal.act(older, held, real)), "SignatureDoesNotMatch")
        << "although the real clock has not moved";
}

TEST_F(Control, TheRecordTellsWhoAskedWhatAndHowItEnded) {
    create_user("bob");
    create_user("bob");
    said("POST", "/_lab/faults", R"({"action":"DeleteUser","fault":"lose_answer"})");
    call(query_request("iam", "DeleteUser", {{"UserName", "bob"}}));
    const auto all = said("GET", "/_lab/requests");
    EXPECT_EQ(all.at("next"), 3);
    const auto& requests = all.at("requests").as_array();
    ASSERT_EQ(requests.size(), 3u);
    EXPECT_EQ(requests[1], json::parse(R"({"number":2,"received":"2026-01-31T12:00:00.000Z",
        "landed":"2026-01-31T12:00:00.000Z","service":"iam","action":"CreateUser",
        "access_key_id":"AKIAIOSFODNN7EXAMPLE","principal":"arn:aws:iam::123456789012:root","acted":true,
        "status":409,"code":"EntityAlreadyExists"})"));
    EXPECT_EQ(requests[2].at("fault"), "lose_answer");
    EXPECT_EQ(requests[2].at("rule"), 1);
    EXPECT_FALSE(requests[2].as_object().contains("status")) << "nobody was told";
    EXPECT_EQ(said("GET", "/_lab/requests", "", "since=2").at("requests").as_array().size(), 1u);
    EXPECT_EQ(said("GET", "/_lab/requests", "", "since=0&limit=1").at("next"), 1);
    EXPECT_EQ(said("GET", "/_lab/requests", "", "code=EntityAlreadyExists").at("requests").as_array().size(),
              1u);
    for (const char* query : {"since=x", "limit=0", "limit=99999", "colour=red"})
        EXPECT_EQ(ask("GET", "/_lab/requests", "", query).status, 400) << query;
}

TEST_F(Control, ASecretInARequestIsNotInTheRecord) {
    const auto made = call(query_request("iam", "CreateAccessKey", {}));
    const auto secret = Answer{*made.reply}.text("//SecretAccessKey");
    ASSERT_EQ(secret.size(), 40u);
    EXPECT_THAT(ask("GET", "/_lab/requests").body, ::testing::Not(HasSubstr(secret)));
}

TEST_F(Control, PropagationIsToldAsAWhole) {
    EXPECT_EQ(said("GET", "/_lab/propagation"),
              json::parse(R"({"replicas":[{}],"services":{},"choice":"in_turn","seed":1})"));
    const auto told = said("POST", "/_lab/propagation",
                           R"({"delay":"10s","deleted":"4s","flapping":"5s","choice":"random","seed":3,
                               "services":{"s3":{"replicas":[{"new":"1s"},{"new":"9s","wrong_secret":"5s"}]}}})");
    EXPECT_EQ(told, json::parse(R"({"replicas":[
        {"new":"10s","inactive":"10s","reactivated":"10s","deleted":"4s","policies":"10s"},
        {"new":"15s","inactive":"15s","reactivated":"15s","deleted":"9s","policies":"15s"}],
        "services":{"s3":{"replicas":[{"new":"1s"},{"new":"9s","wrong_secret":"5s"}]}},
        "choice":"random","seed":3})"));
    EXPECT_EQ(said("POST", "/_lab/propagation", "{}").at("replicas"), json::parse("[{}]"))
        << "what is not told is not so";
    for (const char* body :
         {R"({"delay":"soon"})", R"({"delay":10})", R"({"new":"2d"})", R"({"old":"1s"})",
          R"({"replicas":[]})", R"({"replicas":[7]})", R"({"replicas":[{"flapping":"1s"}]})",
          R"({"flapping":"1s","replicas":[{}]})", R"({"services":{"ec2":{}}})",
          R"({"services":{"s3":{"choice":"random"}}})", R"({"choice":"best"})"})
        EXPECT_EQ(ask("POST", "/_lab/propagation", body).status, 400) << body;
}

TEST_F(Control, ResetBeginsAnewWithTheSameRootKey) {
    create_user("bob");
    said("POST", "/_lab/clock", R"({"advance":"90d"})");
    said("POST", "/_lab/faults", R"({"fault":"hold","for":"1h"})");
    auto held = query_request("iam", "CreateUser", {{"UserName", "from-before"}});
    sign(held, lab.root_key(), "iam", real);
    const auto arrival = rehearsal.receive(held, real);

    said("POST", "/_lab/reset");
    EXPECT_EQ(rehearsal.now(real), real);
    EXPECT_EQ(lab.root_key().id, example_root_key().id);
    EXPECT_EQ(said("GET", "/_lab/requests").at("requests").as_array().size(), 0u);
    EXPECT_EQ(code_of(rehearsal.act(held, arrival, real + 1h)), "no answer");
    const auto users = call(query_request("iam", "ListUsers"));
    EXPECT_EQ(Answer{*users.reply}.count("//Users/member"), 0u) << users.reply->body;
}

}  // namespace
}  // namespace keytide::lab
