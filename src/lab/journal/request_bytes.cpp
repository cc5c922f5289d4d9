#include "lab/journal/request_bytes.hpp"

#include <charconv>

namespace keytide::lab::journal {
namespace {

void append(std::string& out, std::string_view text) {
    out.append(std::to_string(text.size())).append(":").append(text);
}

class Reader {
public:
    explicit Reader(std::string_view bytes) : rest_(bytes) {}

    bool read(std::string& text) {
        std::size_t size = 0;
        const auto* end = rest_.data() + rest_.size();
        const auto [stopped, error] = std::from_chars(rest_.data(), end, size);
        if (error != std::errc{} || stopped == end || *stopped != ':') return false;
        rest_.remove_prefix(std::size_t(stopped - rest_.data()) + 1);
        if (size > rest_.size()) return false;
        text = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }
    bool at_end() const { return rest_.empty(); }

private:
    std::string_view rest_;
};

}  // namespace

// Both take the head apart: a member that it gets later does not compile until it is kept, too.
std::string to_bytes(const Request& request) {
    const auto& [method, path, query, headers] = static_cast<const signature::Head&>(request);
    std::string bytes;
    for (const auto* text : {&method, &path, &query, &request.body, &request.source_ip}) append(bytes, *text);
    for (const auto& [name, value] : headers) {
        append(bytes, name);
        append(bytes, value);
    }
    return bytes;
}

std::optional<Request> from_bytes(std::string_view bytes) {
    Request request;
    auto& [method, path, query, headers] = static_cast<signature::Head&>(request);
    Reader reader(bytes);
    for (auto* text : {&method, &path, &query, &request.body, &request.source_ip})
        if (!reader.read(*text)) return std::nullopt;
    while (!reader.at_end()) {
        auto& header = headers.emplace_back();
        if (!reader.read(header.name) || !reader.read(header.value)) return std::nullopt;
    }
    return request;
}

}  // namespace keytide::lab::journal
