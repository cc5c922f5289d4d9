#include <boost/json.hpp>

#include "iam_policy/duplicate_keys.hpp"
#include "lab/cloudformation/template_text.hpp"

namespace keytide::lab::cloudformation {
namespace {

Value convert(const boost::json::value& json) {
    using Kind = Value::Kind;
    switch (json.kind()) {
        case boost::json::kind::null: return Value::of(Kind::null);
        case boost::json::kind::bool_: return Value::of(Kind::boolean, json.get_bool() ? "true" : "false");
        case boost::json::kind::int64:
        case boost::json::kind::uint64:
        case boost::json::kind::double_: return Value::of(Kind::number, boost::json::serialize(json));
        case boost::json::kind::string: return Value::text(std::string(json.get_string()));
        case boost::json::kind::array: {
            auto list = Value::of(Kind::list);
            for (const auto& item : json.get_array()) list.items.push_back(convert(item));
            return list;
        }
        case boost::json::kind::object: {
            auto object = Value::of(Kind::object);
            for (const auto& [key, value] : json.get_object())
                object.members.push_back({std::string(key), convert(value)});
            return object;
        }
    }
    return {};
}

}  // namespace

Outcome<Value> read_json(std::string_view text) {
    boost::json::parse_options options;
    options.max_depth = deepest_value;
    boost::json::stream_parser parser({}, options);
    boost::json::error_code error;
    const std::size_t read = parser.write_some(text.data(), text.size(), error);
    if (!error) parser.finish(error);
    if (error || text.find_first_not_of(" \t\r\n", read) != std::string_view::npos)
        return not_well_formed("JSON", text, read);
    if (iam_policy::has_duplicate_keys(text))
        return refuse("ValidationError",
                      "Template format error: JSON not well-formed: an object names a key twice.", 400);
    return convert(parser.release());
}

}  // namespace keytide::lab::cloudformation
