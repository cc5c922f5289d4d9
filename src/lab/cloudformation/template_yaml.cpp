// YAML is read from the parser's events, not from its tree: only they tell aliases, tags and positions, and
// only they show a key that comes twice.
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <set>
#include <sstream>

#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

using Kind = Value::Kind;

constexpr std::string_view standard_tags = "tag:yaml.org,2002:";

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

// -?(0|[1-9][0-9]*)(.[0-9]+)?([eE][+-]?[0-9]+)? : what is a number in JSON too. Anything else that YAML might
// call one (2012-10-17, 0o17, 1_000, 12:30) stays a text, leading zeros of an account number included.
bool is_json_number(std::string_view text) {
    const auto digits = [&] {
        const auto count = std::size_t(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
        text.remove_prefix(count);
        return count;
    };
    if (text.starts_with('-')) text.remove_prefix(1);
    const bool zero = text.starts_with('0');
    const auto whole = digits();
    if (whole == 0 || (zero && whole > 1)) return false;
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (digits() == 0) return false;
    }
    if (text.starts_with('e') || text.starts_with('E')) {
        text.remove_prefix(1);
        if (text.starts_with('+') || text.starts_with('-')) text.remove_prefix(1);
        if (digits() == 0) return false;
    }
    return text.empty();
}

Value plain_scalar(std::string text) {
    if (text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL")
        return Value::of(Kind::null);
    if (text == "true" || text == "True" || text == "TRUE") return Value::of(Kind::boolean, "true");
    if (text == "false" || text == "False" || text == "FALSE") return Value::of(Kind::boolean, "false");
    if (is_json_number(text)) return Value::of(Kind::number, std::move(text));
    return Value::text(std::move(text));
}

bool is_plain(const std::string& tag) {
    return tag.empty() || tag == "?";
}
bool is_short_form(const std::string& tag) {
    return tag.size() > 1 && tag.front() == '!';
}

// `!Ref X` and its like, as the long form says it.
Value long_form(const std::string& tag, Value value) {
    const std::string name = tag.substr(1);
    if (name == "Ref" || name == "Condition") return Value::object(name, std::move(value));
    if (name == "GetAtt" && value.is_text())
        if (const auto dot = value.scalar.find('.'); dot != std::string::npos)
            value = Value::list(
                {Value::text(value.scalar.substr(0, dot)), Value::text(value.scalar.substr(dot + 1))});
    return Value::object("Fn::" + name, std::move(value));
}

// Leaves the parser, which knows no other way out.
struct Stop {
    ServiceError error;
};

[[noreturn]] void stop(const YAML::Mark& mark) {
    throw Stop{not_well_formed("YAML", std::size_t(mark.line) + 1, std::size_t(mark.column) + 1).error()};
}

class Builder : public YAML::EventHandler {
public:
    Value take() { return std::move(document_); }

    void OnDocumentStart(const YAML::Mark&) override {}
    void OnDocumentEnd() override {}

    void OnAlias(const YAML::Mark&, YAML::anchor_t) override {
        throw Stop{{"ValidationError",
                    "Template error: YAML aliases are not allowed in CloudFormation templates", 400}};
    }

    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { add(mark, {}, Value::of(Kind::null)); }

    void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                  const std::string& text) override {
        if (is_plain(tag)) return add(mark, {}, plain_scalar(text), text);
        if (tag == "!") return add(mark, {}, Value::text(text));
        if (is_short_form(tag)) return add(mark, tag, Value::text(text));
        if (tag == std::string(standard_tags) + "str") return add(mark, {}, Value::text(text));
        for (const char* one : {"int", "float", "bool", "null"})
            if (tag == std::string(standard_tags) + one) return add(mark, {}, plain_scalar(text));
        stop(mark);  // binary, timestamp and the like, which CloudFormation does not support
    }

    void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        begin(mark, tag, Kind::list, "seq");
    }
    void OnSequenceEnd() override { end(); }
    void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t,
                    YAML::EmitterStyle::value) override {
        begin(mark, tag, Kind::object, "map");
    }
    void OnMapEnd() override { end(); }

private:
    // A list or object whose end has not come yet.
    struct Open {
        YAML::Mark mark;
        std::string short_form;  // its tag, when that is a short form
        Value value;
        std::set<std::string> keys{};  // of its members so far
        std::string key{};             // of the member that comes next
        bool has_key = false;
    };

    void begin(const YAML::Mark& mark, const std::string& tag, Kind kind, std::string_view standard) {
        const bool accepted = is_plain(tag) || tag == "!" || is_short_form(tag) ||
                              tag == std::string(standard_tags).append(standard);
        if (!accepted || open_.size() == deepest_value) stop(mark);
        if (!open_.empty() && open_.back().value.is_object() && !open_.back().has_key)
            stop(mark);  // a key that is no scalar
        open_.push_back({mark, is_short_form(tag) ? tag : std::string{}, Value::of(kind)});
    }

    void end() {
        auto closed = std::move(open_.back());
        open_.pop_back();
        add(closed.mark, closed.short_form, std::move(closed.value));
    }

    // `as_key`: the words of a plain scalar, which as a key is a text whatever it looks like.
    void add(const YAML::Mark& mark, const std::string& short_form, Value value, std::string as_key = {}) {
        if (!open_.empty() && open_.back().value.is_object() && !open_.back().has_key) {
            if (!short_form.empty() || !value.is_scalar()) stop(mark);
            auto& object = open_.back();
            object.key = as_key.empty() ? std::move(value.scalar) : std::move(as_key);
            if (!object.keys.insert(object.key).second) stop(mark);
            object.has_key = true;
            return;
        }
        if (!short_form.empty()) value = long_form(short_form, std::move(value));
        if (open_.empty()) {
            document_ = std::move(value);
        } else if (auto& parent = open_.back(); parent.value.is_list()) {
            parent.value.items.push_back(std::move(value));
        } else {
            parent.value.members.push_back({std::move(parent.key), std::move(value)});
            parent.has_key = false;
        }
    }

    Value document_;
    std::vector<Open> open_;
};

// Control characters are not YAML; some would even make the parser take the text for UTF-16 or UTF-32.
std::size_t find_forbidden(std::string_view text) {
    const auto forbidden = [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte < 0x20 ? c != '\t' && c != '\n' && c != '\r' : byte == 0x7f || byte >= 0xf8;
    };
    const auto found = std::find_if(text.begin(), text.end(), forbidden);
    return found == text.end() ? std::string_view::npos : std::size_t(found - text.begin());
}

}  // namespace

Outcome<Value> read_yaml(std::string_view text) {
    if (const auto bad = find_forbidden(text); bad != std::string_view::npos)
        return not_well_formed("YAML", text, bad);
    try {
        std::istringstream input{std::string(text)};
        YAML::Parser parser(input);
        Builder document;
        if (!parser.HandleNextDocument(document)) return Value{};
        Builder second;
        if (parser.HandleNextDocument(second))
            return refuse("ValidationError", "Template format error: unsupported structure.", 400);
        return document.take();
    } catch (Stop& stopped) {
        return std::unexpected(std::move(stopped.error));
    } catch (const YAML::Exception& error) {
        return not_well_formed("YAML", std::size_t(std::max(error.mark.line, 0)) + 1,
                               std::size_t(std::max(error.mark.column, 0)) + 1);
    }
}

}  // namespace keytide::lab::cloudformation
