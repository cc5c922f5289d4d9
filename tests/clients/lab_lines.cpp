// The lab behind a pipe, without a server: for tests that feed it many requests which others signed.
//
// One JSON object a line on standard input, one line on standard output:
//   {"method", "path", "query", "headers": [[name, value]…], "body": hexadecimal, "now": RFC 3339}
//   -> the status, the error's code or "-", and the body in hexadecimal
// The root key is AWS's example.
#include <boost/json.hpp>
#include <iostream>
#include <memory>
#include <random>
#include <string>

#include "lab/lab.hpp"

namespace {

using namespace keytide;

std::string text(const boost::json::object& line, const char* member) {
    return std::string(line.at(member).as_string());
}

std::string bytes(std::string_view hexadecimal) {
    std::string result;
    for (std::size_t i = 0; i + 1 < hexadecimal.size(); i += 2)
        result += char(std::stoi(std::string(hexadecimal.substr(i, 2)), nullptr, 16));
    return result;
}

std::string code_in(const std::string& body) {
    const auto start = body.find("<Code>");
    if (start == std::string::npos) return "-";
    return body.substr(start + 6, body.find('<', start + 6) - start - 6);
}

std::string hexadecimal(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string result;
    for (const unsigned char c : bytes) result += {digits[c >> 4], digits[c & 15]};
    return result;
}

lab::Randomness seeded() {
    return [engine = std::make_shared<std::mt19937_64>(1)](std::span<std::byte> bytes) {
        for (auto& byte : bytes) byte = std::byte((*engine)() & 0xff);
    };
}

}  // namespace

int main() {
    const AccessKey root{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"),
                         Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};
    lab::Lab lab({.root_key = root.clone(), .created = *parse_rfc3339("2013-01-01T00:00:00Z")}, seeded());
    for (std::string input; std::getline(std::cin, input);) {
        const auto line = boost::json::parse(input).as_object();
        lab::Request request{
            text(line, "method"), text(line, "path"), text(line, "query"), {}, bytes(text(line, "body"))};
        for (const auto& header : line.at("headers").as_array())
            request.headers.push_back(
                {std::string(header.at(0).as_string()), std::string(header.at(1).as_string())});
        const auto reply = lab.handle(std::move(request), *parse_rfc3339(text(line, "now")));
        std::cout << reply.status << ' ' << code_in(reply.body) << ' ' << hexadecimal(reply.body)
                  << std::endl;
    }
}
