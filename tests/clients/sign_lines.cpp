// The signature module behind a pipe, for tests that compare it with other people's signers.
//
// One JSON object a line on standard input, one answer a line on standard output:
//   {"do": "sign",   request…, "key_id", "secret", "token", "region", "service", "date"}  -> the
//   Authorization header
//   {"do": "verify", request…, "secret"}                                     -> accepted | refused | not
//   presented
// with request… = "method", "path", "query", "headers": [[name, value]…], "payload_hash".
#include <boost/json.hpp>
#include <iostream>
#include <string>

#include "signature/presented.hpp"

namespace {

using namespace keytide;

std::string text(const boost::json::object& line, const char* member) {
    return std::string(line.at(member).as_string());
}

signature::WireRequest request_of(const boost::json::object& line) {
    signature::WireRequest request{
        text(line, "method"), text(line, "path"), text(line, "query"), {}, text(line, "payload_hash")};
    for (const auto& header : line.at("headers").as_array())
        request.headers.push_back(
            {std::string(header.at(0).as_string()), std::string(header.at(1).as_string())});
    return request;
}

std::string signed_by_us(const boost::json::object& line) {
    auto request = request_of(line);
    const AccessKey key{AccessKeyId::parse(text(line, "key_id")).value(), Secret(text(line, "secret")),
                        Secret(text(line, "token"))};
    signature::sign(request, key, text(line, "region"), text(line, "service"),
                    parse_amz_date(text(line, "date")).value());
    for (const auto& header : request.headers)
        if (header.name == "Authorization") return header.value;
    return "no Authorization";
}

std::string judged(const boost::json::object& line) {
    const auto request = request_of(line);
    const auto presented = signature::read_presented(request);
    if (!presented) return "not presented";
    const signature::SigningKey key(Secret(text(line, "secret")), presented->scope);
    return signature::verifies(*presented, request, key) ? "accepted" : "refused";
}

}  // namespace

int main() {
    for (std::string input; std::getline(std::cin, input);) {
        const auto line = boost::json::parse(input).as_object();
        std::cout << (text(line, "do") == "sign" ? signed_by_us(line) : judged(line)) << '\n';
    }
}
