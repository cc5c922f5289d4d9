// Requests to S3, rightly signed and then served: the first line is method and target, then come headers, an
// empty line and the body. Paths, queries, listings, ranges, copies, parts and XML bodies are behind it.
#include <algorithm>
#include <memory>
#include <random>
#include <string>

#include "lab/lab.hpp"
#include "signature/sigv4.hpp"
#include "target.hpp"

using namespace keytide;

namespace {

const Instant noon = *parse_rfc3339("2026-01-31T12:00:00Z");

AccessKey root_key() {
    return {*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"), Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
            Secret()};
}

lab::Reply ask(lab::Lab& lab, lab::Request request) {
    signature::WireRequest wire{request.method, request.path, request.query, request.headers,
                                signature::sha256_hex(request.body)};
    signature::sign(wire, root_key(), "us-east-1", "s3", noon);
    request.headers = wire.headers;
    return lab.handle(std::move(request), noon);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    lab::Lab lab({.root_key = root_key(), .created = noon},
                 [engine = std::make_shared<std::mt19937_64>(1)](std::span<std::byte> bytes) {
                     for (auto& byte : bytes) byte = std::byte((*engine)() & 0xff);
                 });
    ask(lab, {"PUT", "/b-one", "", {{"Host", "h"}}, ""});
    ask(lab, {"PUT", "/b-one/a/b", "", {{"Host", "h"}}, "text"});

    auto rest = fuzz::text_of(data, size);
    auto line = fuzz::take(rest);
    lab::Request request;
    request.method = fuzz::take(line, ' ');
    request.path = "/" + std::string(fuzz::take(line, '?'));
    request.query = std::string(line);
    request.headers.push_back({"Host", "h"});
    while (!rest.empty()) {
        auto header = fuzz::take(rest);
        if (header.empty()) break;
        const std::string name(fuzz::take(header, ':'));
        request.headers.push_back({name, std::string(header)});
    }
    request.body = std::string(rest);
    const auto reply = ask(lab, std::move(request));
    fuzz::require(reply.status >= 200 && reply.status < 600 && reply.status != 500);
    // Whatever was done, the lab goes on, and its bucket is there or was deleted by name.
    fuzz::require(ask(lab, {"GET", "/", "", {{"Host", "h"}}, ""}).status == 200);
    return 0;
}
