#include "ledger/event_json.hpp"

#include <fmt/format.h>

#include <boost/core/type_name.hpp>
#include <boost/json.hpp>
#include <boost/pfr/tuple_size.hpp>
#include <concepts>
#include <type_traits>

#include "ledger/event_fields.hpp"
#include "vocabulary/printable.hpp"

namespace keytide::ledger {
namespace {

namespace json = boost::json;

constexpr std::int64_t version = 1;

template <class T>
concept Described = !std::same_as<std::remove_cv_t<decltype(fields<T>)>, std::nullptr_t>;
template <class T>
concept Worded = !std::same_as<std::remove_cv_t<decltype(words<T>)>, std::nullptr_t>;
template <class T>
concept Transient =
    std::same_as<T, ProbeAnswered> || std::same_as<T, EvidenceMissing> || std::same_as<T, LastUseSeen> ||
    std::same_as<T, HandOutsSeen> || std::same_as<T, SecretLost> || std::same_as<T, SessionAnswered>;

template <Described T>
constexpr bool is_complete =
    std::tuple_size_v<std::remove_cv_t<decltype(fields<T>)>> == boost::pfr::tuple_size_v<T>;

class Writer {
public:
    bool lossy = false;  // something was not UTF-8

    json::value value(const std::string& text) {
        auto clean = as_utf8(text);
        lossy = lossy || clean != text;
        return json::string(clean);
    }
    template <std::integral T>
    json::value value(T number) {
        return number;
    }
    json::value value(Instant t) { return json::string(to_rfc3339(t, true)); }
    json::value value(Duration d) { return d.count(); }
    json::value value(const AccessKeyId& id) { return json::string(id.text()); }
    template <Worded T>
    json::value value(T word) {
        for (const auto& [known, text] : words<T>)
            if (known == word) return json::string(text);
        return nullptr;  // no such enumerator: reading it back fails
    }
    template <class T>
    json::value value(const std::optional<T>& maybe) {
        return maybe ? value(*maybe) : json::value(nullptr);
    }
    template <class T>
    json::value value(const std::vector<T>& list) {
        json::array result;
        for (const auto& entry : list) result.push_back(value(entry));
        return result;
    }
    template <Described T>
    json::value value(const T& described) {
        json::object result;
        add(result, described);
        return result;
    }
    template <Described T>
    void add(json::object& object, const T& described) {
        static_assert(is_complete<T>, "event_fields.hpp does not list every member");
        std::apply([&](const auto&... f) { ((object[f.name] = value(described.*f.member)), ...); },
                   fields<T>);
    }
};

// Reads what Writer wrote. At the first trouble the values are worth nothing any more.
class Reader {
public:
    std::string trouble;

    template <Described T>
    T object(const json::value& v, std::string_view what, std::size_t more_fields = 0) {
        static_assert(is_complete<T>, "event_fields.hpp does not list every member");
        static const json::object none;
        const auto* found = v.if_object();
        if (found == nullptr) wrong(what, "is not an object");
        const auto& o = found != nullptr ? *found : none;
        return std::apply(
            [&](const auto&... f) {
                if (o.size() > sizeof...(f) + more_fields) wrong(what, "has an unknown field");
                return T{member(o, f)...};
            },
            fields<T>);
    }

private:
    template <class T>
    struct Type {};

    void wrong(std::string_view what, std::string_view how) {
        if (trouble.empty()) trouble = fmt::format("'{}' {}", what, how);
    }

    template <class Struct, class Member>
    Member member(const json::object& o, const Field<Struct, Member>& f) {
        static const json::value none;
        const auto* v = o.if_contains(f.name);
        if (v == nullptr) wrong(f.name, "is missing");
        return read(Type<Member>{}, v != nullptr ? *v : none, f.name);
    }

    std::string read(Type<std::string>, const json::value& v, std::string_view what) {
        if (const auto* text = v.if_string()) return std::string(std::string_view(*text));
        wrong(what, "is not a text");
        return {};
    }
    bool read(Type<bool>, const json::value& v, std::string_view what) {
        if (const auto* yes = v.if_bool()) return *yes;
        wrong(what, "is not true or false");
        return false;
    }
    template <std::integral T>
    T read(Type<T>, const json::value& v, std::string_view what) {
        std::error_code error;
        if (v.is_int64() || v.is_uint64())
            if (const T number = v.to_number<T>(error); !error) return number;
        wrong(what, "is not a whole number in its range");
        return 0;
    }
    Instant read(Type<Instant>, const json::value& v, std::string_view what) {
        if (const auto* text = v.if_string())
            if (const auto t = parse_rfc3339(*text); t && to_rfc3339(*t, true) == *text) return *t;
        wrong(what, "is not a time in UTC with milliseconds");
        return {};
    }
    Duration read(Type<Duration>, const json::value& v, std::string_view what) {
        return Duration{read(Type<std::int64_t>{}, v, what)};
    }
    AccessKeyId read(Type<AccessKeyId>, const json::value& v, std::string_view what) {
        if (const auto* text = v.if_string())
            if (auto id = AccessKeyId::parse(*text)) return *std::move(id);
        wrong(what, "is not an access key id");
        return *AccessKeyId::parse("none");
    }
    template <Worded T>
    T read(Type<T>, const json::value& v, std::string_view what) {
        if (const auto* text = v.if_string())
            for (const auto& [known, word] : words<T>)
                if (word == std::string_view(*text)) return known;
        wrong(what, "is none of its words");
        return {};
    }
    template <class T>
    std::optional<T> read(Type<std::optional<T>>, const json::value& v, std::string_view what) {
        if (v.is_null()) return std::nullopt;
        return read(Type<T>{}, v, what);
    }
    template <class T>
    std::vector<T> read(Type<std::vector<T>>, const json::value& v, std::string_view what) {
        std::vector<T> result;
        const auto* list = v.if_array();
        if (list == nullptr)
            wrong(what, "is not a list");
        else
            for (const auto& entry : *list) result.push_back(read(Type<T>{}, entry, what));
        return result;
    }
    template <Described T>
    T read(Type<T>, const json::value& v, std::string_view what) {
        return object<T>(v, what);
    }
};

std::unexpected<Error> unreadable(const std::string& why) {
    return failed("the ledger holds a record that this keytide cannot read: " + why,
                  "use the version of keytide that wrote it, or a newer one");
}

std::unexpected<Error> not_utf8() {
    return failed("a name or path in the request is not UTF-8 and cannot be recorded exactly",
                  "use a path and names of UTF-8 characters");
}

Result<json::value> parse(std::string_view text) {
    std::error_code error;
    auto value = json::parse({text.data(), text.size()}, error);
    if (error) return unreadable("it is not JSON");
    return value;
}

// "KeyCreated", as name_of() says it of an instance.
template <class T>
const std::string& name_of_type() {
    static const std::string name = [] {
        const auto full = boost::core::type_name<T>();
        return full.substr(full.rfind(':') + 1);
    }();
    return name;
}

// Calls read<T>() for the alternative of Event with that name.
template <std::size_t Index = 0, class Read>
Result<Event> by_name(std::string_view name, const Read& read) {
    if constexpr (Index == std::variant_size_v<Event>) {
        return unreadable(fmt::format("an event '{}' is unknown", name));
    } else {
        using T = std::variant_alternative_t<Index, Event>;
        if constexpr (!Transient<T>) {
            static_assert(Described<T>, "an event is missing in event_fields.hpp");
            if (name == name_of_type<T>()) return read.template operator()<T>();
        }
        return by_name<Index + 1>(name, read);
    }
}

}  // namespace

Result<std::string> to_json(const Event& event) {
    Writer writer;
    json::object object{{"v", version}, {"event", name_of(event)}};
    const bool stored = std::visit(
        [&]<class T>(const T& e) {
            if constexpr (Transient<T>) {
                return false;
            } else {
                writer.add(object, e);
                return true;
            }
        },
        event);
    if (!stored) return failed(std::string(name_of(event)) + " is an observation and is never recorded");
    if (writer.lossy && std::holds_alternative<Started>(event)) return not_utf8();
    return json::serialize(object);
}

Result<std::string> to_json(const Request& request) {
    Writer writer;
    const auto value = writer.value(request);
    if (writer.lossy) return not_utf8();
    return json::serialize(value);
}

Result<Event> event_from_json(std::string_view text) {
    const auto value = parse(text);
    if (!value) return std::unexpected(value.error());
    const auto* object = value->if_object();
    const auto* v = object != nullptr ? object->if_contains("v") : nullptr;
    const auto* name = object != nullptr ? object->if_contains("event") : nullptr;
    if (v == nullptr || name == nullptr || !name->is_string()) return unreadable("it is not an event");
    if (*v != version) return unreadable("its version is " + json::serialize(*v));
    return by_name(name->get_string(), [&]<class T>() -> Result<Event> {
        Reader reader;
        auto event = reader.object<T>(*value, std::string_view(name->get_string()), 2);
        if (!reader.trouble.empty()) return unreadable(reader.trouble);
        return Event{std::move(event)};
    });
}

Result<Request> request_from_json(std::string_view text) {
    const auto value = parse(text);
    if (!value) return std::unexpected(value.error());
    Reader reader;
    auto request = reader.object<Request>(*value, "request");
    if (!reader.trouble.empty()) return unreadable(reader.trouble);
    return request;
}

}  // namespace keytide::ledger
