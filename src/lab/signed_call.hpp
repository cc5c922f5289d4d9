// Requests that are really signed, and a look into the answers: for tests and benchmarks.
#pragma once

#include <boost/json.hpp>
#include <initializer_list>
#include <memory>
#include <pugixml.hpp>
#include <random>
#include <string>
#include <string_view>
#include <utility>

#include "lab/gate/service.hpp"
#include "lab/lab.hpp"
#include "signature/percent_encoding.hpp"
#include "signature/sigv4.hpp"

namespace keytide::lab {

inline const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");

inline Randomness seeded_randomness(std::uint64_t seed = 1) {
    return [engine = std::make_shared<std::mt19937_64>(seed)](std::span<std::byte> bytes) {
        for (auto& byte : bytes) byte = std::byte((*engine)() & 0xff);
    };
}

inline AccessKey example_root_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            Secret()};
}

inline Lab example_lab() {
    return Lab({.root_key = example_root_key(), .created = noon}, seeded_randomness());
}

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

inline void sign(Request& request, const AccessKey& key, std::string_view service, Instant at,
                 std::string_view region = "us-east-1") {
    signature::WireRequest wire{request.method, request.path, request.query, request.headers,
                                signature::sha256_hex(request.body)};
    signature::sign(wire, key, region, service, at);
    request.headers = wire.headers;
}

// Not signed yet.
inline Request query_request(std::string_view service, std::string_view action, Fields fields = {}) {
    const auto version = gate::version_of(*gate::service_named(service));
    std::string body = "Action=" + std::string(action) + "&Version=" + std::string(version);
    for (const auto& [name, value] : fields) {
        body.append("&").append(name).append("=");
        signature::append_encoded(body, value);
    }
    return {
        "POST",
        "/",
        "",
        {{"Host", "127.0.0.1:4599"}, {"Content-Type", "application/x-www-form-urlencoded; charset=utf-8"}},
        std::move(body)};
}

inline Request s3_request(std::string_view method, std::string_view path, std::string_view query = "",
                          std::string_view body = "") {
    return {std::string(method),
            std::string(path),
            std::string(query),
            {{"Host", "127.0.0.1:4599"}},
            std::string(body)};
}

// An answer, read as XML.
struct Answer {
    Reply reply;

    int status() const { return reply.status; }
    std::string code() const { return text("//Error/Code"); }
    std::string message() const { return text("//Error/Message"); }
    // The text of the first element that the XPath expression finds; empty when there is none.
    std::string text(const char* path) const {
        pugi::xml_document document;
        document.load_buffer(reply.body.data(), reply.body.size());
        return document.select_node(path).node().text().get();
    }
    std::size_t count(const char* path) const {
        pugi::xml_document document;
        document.load_buffer(reply.body.data(), reply.body.size());
        return document.select_nodes(path).size();
    }
};

inline Request json_request(std::string_view service, std::string_view action, std::string_view body) {
    const std::string prefix = service == "ssm" ? "AmazonSSM." : "secretsmanager.";
    return {"POST",
            "/",
            "",
            {{"Host", "127.0.0.1:4599"},
             {"Content-Type", "application/x-amz-json-1.1"},
             {"X-Amz-Target", prefix + std::string(action)}},
            std::string(body)};
}

// An answer of the JSON protocol.
struct JsonAnswer {
    Reply reply;

    int status() const { return reply.status; }
    boost::json::value body() const { return boost::json::parse(reply.body); }
    // The text at a JSON pointer (RFC 6901), numbers as they are written; empty where there is none.
    std::string text(std::string_view pointer) const {
        boost::system::error_code error;
        const auto whole = boost::json::parse(reply.body, error);
        const auto* found = error ? nullptr : whole.find_pointer({pointer.data(), pointer.size()}, error);
        if (found == nullptr) return {};
        return found->is_string() ? std::string(found->get_string()) : boost::json::serialize(*found);
    }
    std::string code() const { return text("/__type"); }
    std::string message() const { return text("/message") + text("/Message"); }
};

// Somebody with a key.
struct Client {
    Lab& lab;
    AccessKey key;
    Instant now = noon;

    Answer query(std::string_view service, std::string_view action, Fields fields = {}) const {
        auto request = query_request(service, action, fields);
        sign(request, key, service, now);
        return {lab.handle(request, now)};
    }
    Answer iam(std::string_view action, Fields fields = {}) const { return query("iam", action, fields); }
    Answer sts(std::string_view action, Fields fields = {}) const { return query("sts", action, fields); }
    JsonAnswer json(std::string_view service, std::string_view action, std::string_view body,
                    std::string_view region = "us-east-1") const {
        auto request = json_request(service, action, body);
        sign(request, key, service, now, region);
        return {lab.handle(request, now)};
    }
    JsonAnswer secrets(std::string_view action, std::string_view body) const {
        return json("secretsmanager", action, body);
    }
    JsonAnswer ssm(std::string_view action, std::string_view body) const { return json("ssm", action, body); }
    Answer s3(std::string_view method, std::string_view path, std::string_view query_string = "",
              std::string_view body = "", std::string_view region = "us-east-1") const {
        auto request = s3_request(method, path, query_string, body);
        sign(request, key, "s3", now, region);
        return {lab.handle(request, now)};
    }
};

inline Client root_of(Lab& lab) {
    return {lab, lab.root_key().clone()};
}

// The key in an answer of AssumeRole or GetSessionToken.
inline AccessKey session_key(const Answer& answer) {
    return {AccessKeyId::parse(answer.text("//AccessKeyId")).value(),
            Secret(answer.text("//SecretAccessKey")), Secret(answer.text("//SessionToken"))};
}

inline constexpr const char* allow_everything =
    R"({"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}})";

// A user with a key and, where a document is given, with that inline policy.
inline Client make_user(Lab& lab, std::string_view name, std::string_view policy = {});

// The key in an answer of CreateAccessKey.
inline AccessKey created_key(const Answer& answer) {
    return {AccessKeyId::parse(answer.text("//AccessKeyId")).value(),
            Secret(answer.text("//SecretAccessKey")), Secret()};
}

inline Client make_user(Lab& lab, std::string_view name, std::string_view policy) {
    const auto root = root_of(lab);
    root.iam("CreateUser", {{"UserName", name}});
    if (!policy.empty())
        root.iam("PutUserPolicy", {{"UserName", name}, {"PolicyName", "p"}, {"PolicyDocument", policy}});
    return {lab, created_key(root.iam("CreateAccessKey", {{"UserName", name}}))};
}

}  // namespace keytide::lab
