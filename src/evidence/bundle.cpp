#include "evidence/bundle.hpp"

#include <fmt/format.h>
#include <sodium.h>

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "vocabulary/printable.hpp"

namespace keytide::evidence {
namespace {

namespace json = boost::json;

// What is signed is of one kind, whatever else the key may ever sign.
constexpr std::string_view preamble = "keytide evidence 1\n";
constexpr std::string_view signature_begins = "{\"signature\":\"", signature_ends = "\"}";

std::string signed_text(std::string_view lines) {
    return std::string(preamble) + std::string(lines);
}

json::object to_object(const ledger::Head& head) {
    return {{"count", head.count}, {"link", ledger::to_hex(head.link)}};
}

std::optional<ledger::Link> link_of(std::string_view hex) {
    ledger::Link link{};
    std::size_t size = 0;
    if (hex.size() != link.size() * 2 ||
        sodium_hex2bin(link.data(), link.size(), hex.data(), hex.size(), nullptr, &size, nullptr) != 0 ||
        ledger::to_hex(link) != hex)
        return std::nullopt;
    return link;
}

std::optional<json::object> object_of(std::string_view line) {
    std::error_code error;
    auto value = json::parse(line, error);
    if (error || !value.is_object()) return std::nullopt;
    return std::move(value.as_object());
}

std::string text_of(const json::object& o, std::string_view name) {
    const auto* value = o.if_contains(name);
    const auto* text = value != nullptr ? value->if_string() : nullptr;
    return text != nullptr ? printable(*text) : "";
}

std::optional<std::uint64_t> number_of(const json::object& o, std::string_view name) {
    const auto* value = o.if_contains(name);
    if (value == nullptr || !value->is_int64() || value->get_int64() < 0) return std::nullopt;
    return std::uint64_t(value->get_int64());
}

std::optional<ledger::Head> head_of(const json::object& o, std::string_view name) {
    const auto* value = o.if_contains(name);
    const auto* head = value != nullptr ? value->if_object() : nullptr;
    if (head == nullptr) return std::nullopt;
    const auto count = number_of(*head, "count");
    const auto link = link_of(text_of(*head, "link"));
    if (!count || !link) return std::nullopt;
    return ledger::Head{*count, *link};
}

// A bundle, line by line.
class Reading {
public:
    Reading(const PublicKey& key, const std::optional<ledger::Head>& anchor) : key_(key), anchor_(anchor) {}

    Verification take(std::string_view bundle) {
        if (!bundle.ends_with('\n')) {
            found("the bundle is cut off: its last line does not end");
            return std::move(result_);
        }
        const auto last = bundle.rfind('\n', bundle.size() - 2);
        const auto lines = last == std::string_view::npos ? std::string_view() : bundle.substr(0, last + 1);
        const bool is_signed =
            check_signature(lines, bundle.substr(lines.size(), bundle.size() - 1 - lines.size()));
        read_lines(lines);
        // Of what nobody signed, nothing is told as if it were so.
        if (!is_signed) result_.summary.clear();
        return std::move(result_);
    }

private:
    void found(std::string what) { result_.findings.push_back(std::move(what)); }

    bool check_signature(std::string_view lines, std::string_view line) {
        if (!line.starts_with(signature_begins) || !line.ends_with(signature_ends)) {
            found("the bundle is cut off: its last line is no signature");
            return false;
        }
        line.remove_prefix(signature_begins.size());
        line.remove_suffix(std::min(line.size(), signature_ends.size()));
        const auto signature = from_base64(line);
        if (signature && key_.signed_this(signed_text(lines), *signature)) return true;
        found(
            "the signature is not one of this key over this bundle: it was changed, or somebody else signed "
            "it");
        return false;
    }

    void read_lines(std::string_view lines) {
        bool is_first = true;
        for (; !lines.empty(); is_first = false) {
            const auto end = lines.find('\n');
            const auto line = object_of(lines.substr(0, end));
            lines.remove_prefix(end + 1);
            if (!line)
                found(is_first ? "the first line is no JSON object" : "a line is no JSON object");
            else if (is_first)
                read_header(*line);
            else
                read_event(*line);
        }
        check_counts();
        if (anchor_) hold_against_anchor();
    }

    void read_header(const json::object& o) {
        if (number_of(o, "keytide_evidence") != 1u)
            found("it is no bundle of evidence that this Keytide knows");
        result_.ledger = text_of(o, "ledger");
        result_.by = text_of(o, "by");
        result_.from = text_of(o, "from");
        result_.to = text_of(o, "to");
        result_.made = text_of(o, "made");
        if (const auto* lines = o.if_contains("summary"); lines != nullptr && lines->is_array())
            for (const auto& line : lines->get_array())
                if (line.is_string()) result_.summary.push_back(printable(line.get_string()));
        before_ = head_of(o, "before");
        ledger_head_ = head_of(o, "ledger_head");
        counted_ = number_of(o, "events");
        if (!ledger_head_ || !counted_) found("the first line does not say where the ledger's chain stood");
        if (before_) links_[before_->count] = before_->link;
        if (ledger_head_) links_[ledger_head_->count] = ledger_head_->link;
        next_ = before_ ? before_->count + 1 : 1;
    }

    void read_event(const json::object& o) {
        const auto position = number_of(o, "position"), sequence = number_of(o, "sequence");
        const auto link = link_of(text_of(o, "hash"));
        const auto rotation = text_of(o, "rotation");
        if (!position || !sequence || !link || rotation.empty() || !o.contains("event")) {
            found("a line is no event");
            return;
        }
        if (*position != next_)
            found(*position > next_ ? fmt::format("events {} to {} are missing", next_, *position - 1)
                                    : fmt::format("event {} stands where {} belongs", *position, next_));
        next_ = *position + 1;
        const auto [known, is_new] = sequences_.try_emplace(rotation, *sequence);
        if (!is_new && *sequence != known->second + 1)
            found(fmt::format("of rotation {}, event {} does not follow event {}", rotation, *sequence,
                              known->second));
        known->second = *sequence;
        const auto [there, was_new] = links_.try_emplace(*position, *link);
        if (!was_new && there->second != *link)
            found(fmt::format("event {} is not the one that the ledger's chain has there", *position));
        if (result_.events++ == 0) result_.first = *position;
        result_.last = *position;
        result_.rotations = sequences_.size();
    }

    void check_counts() {
        if (counted_ && *counted_ != result_.events)
            found(fmt::format("there are {} events, and there were {}", result_.events, *counted_));
        if (ledger_head_ && result_.last > ledger_head_->count)
            found("it has events beyond the end of its ledger");
    }

    void hold_against_anchor() {
        if (!ledger_head_) return;
        if (ledger_head_->count < anchor_->count) {
            found(
                fmt::format("its ledger ended with event {}, and the anchor knows of {}: the end was cut off",
                            ledger_head_->count, anchor_->count));
            return;
        }
        const auto there = links_.find(anchor_->count);
        if (there != links_.end() && there->second != anchor_->link)
            found(fmt::format("event {} is another one than the anchor's: this is another history",
                              anchor_->count));
    }

    const PublicKey& key_;
    const std::optional<ledger::Head>& anchor_;
    Verification result_;
    std::optional<ledger::Head> before_, ledger_head_;
    std::optional<std::uint64_t> counted_;
    std::uint64_t next_ = 1;
    std::map<std::string, std::uint64_t> sequences_;
    std::map<std::uint64_t, ledger::Link> links_;
};

}  // namespace

std::string to_bundle(const Contents& c, const SigningKey& key) {
    json::object header{{"keytide_evidence", 1},
                        {"ledger", c.ledger},
                        {"by", as_utf8(c.by)},
                        {"from", to_rfc3339(c.from)},
                        {"to", to_rfc3339(c.to)},
                        {"made", to_rfc3339(c.made)},
                        {"events", c.events.size()},
                        {"ledger_head", to_object(c.ledger_head)},
                        {"public_key", key.public_key().base64()}};
    if (c.before) header["before"] = to_object(*c.before);
    json::array summary;
    for (const auto& line : c.summary) summary.emplace_back(printable(line));
    header["summary"] = std::move(summary);
    auto lines = json::serialize(header) + '\n';
    for (const auto& event : c.events) lines += event + '\n';
    const auto signature = to_base64(key.sign(signed_text(lines)));
    return lines + std::string(signature_begins) + signature + std::string(signature_ends);
}

Verification verify(std::string_view bundle, const PublicKey& key,
                    const std::optional<ledger::Head>& anchor) {
    return Reading(key, anchor).take(bundle);
}

Result<ledger::Head> read_anchor(std::string_view text) {
    while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    text = text.substr(text.find_last_of('\n') + 1);
    const auto space = text.find(' ');
    std::uint64_t count = 0;
    const auto digits = text.substr(0, space);
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), count);
    const bool is_number = error == std::errc() && end == digits.data() + digits.size() && !digits.empty();
    const auto link = space == std::string_view::npos ? std::nullopt : link_of(text.substr(space + 1));
    if (!link || !is_number)
        return usage_error("this is no anchor", "it is a number and 64 hexadecimal digits");
    return ledger::Head{count, *link};
}

}  // namespace keytide::evidence
