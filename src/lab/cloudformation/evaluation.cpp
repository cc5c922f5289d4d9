#include "lab/cloudformation/evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "lab/cloudformation/substitution.hpp"

namespace keytide::lab::cloudformation {
namespace {

class Evaluation {
public:
    explicit Evaluation(const Surroundings& surroundings) : surroundings_(surroundings) {}

    Outcome<Value> of(const Value& value) {
        if (is_intrinsic(value)) return call(value.members.front().key, value.members.front().value);
        Value result{value.kind, value.scalar};
        for (const auto& item : value.items) {
            auto evaluated = of(item);
            if (!evaluated) return evaluated;
            if (evaluated->kind != Value::Kind::null) result.items.push_back(std::move(*evaluated));
        }
        for (const auto& [key, member] : value.members) {
            auto evaluated = of(member);
            if (!evaluated) return evaluated;
            if (evaluated->kind != Value::Kind::null) result.members.push_back({key, std::move(*evaluated)});
        }
        return result;
    }

    Outcome<std::string> text_of(const Value& value, std::string_view function) {
        auto evaluated = of(value);
        if (!evaluated) return std::unexpected(evaluated.error());
        if (evaluated->is_scalar()) return std::move(evaluated->scalar);
        return template_error(fmt::format("{} needs a string where it got something else", function));
    }

private:
    Outcome<Value> call(const std::string& name, const Value& argument) {
        if (name == "Ref") return look_up({argument.scalar, {}});
        if (name == "Fn::GetAtt") return look_up(*attribute_reference(argument));
        if (name == "Fn::Sub") return sub(argument);
        if (name == "Fn::Join") return join(argument);
        if (name == "Fn::Split") return split(argument);
        if (name == "Fn::Select") return select(argument);
        if (name == "Fn::FindInMap") return find_in_map(argument);
        const auto condition = surroundings_.conditions.find(argument.items[0].scalar);  // Fn::If
        return of(argument.items[condition->second ? 1 : 2]);
    }

    Outcome<Value> look_up(const Reference& reference) {
        auto value = surroundings_.look_up(reference);
        if (!value) return value;
        return written(std::move(*value));
    }

    Outcome<Value> written(Value value) {
        written_ += value.scalar.size() + 1;
        for (const auto& item : value.items) written_ += item.scalar.size() + 1;
        if (written_ > most_written)
            return template_error(
                fmt::format("the functions of one value write more than {} bytes", most_written));
        return value;
    }

    Outcome<Value> sub(const Value& argument) {
        const auto* mapped = argument.is_list() ? &argument.items[1] : nullptr;
        const auto fragments = *fragments_of(argument.is_list() ? argument.items[0].scalar : argument.scalar);
        std::map<std::string, std::string> known;
        std::string text;
        for (const auto& fragment : fragments) {
            if (!fragment.is_variable) {
                text += fragment.text;
                continue;
            }
            auto place = known.find(fragment.text);
            if (place == known.end()) {
                const auto* given = mapped != nullptr ? mapped->find(fragment.text) : nullptr;
                auto value = given != nullptr ? of(*given) : look_up(reference_of(fragment));
                if (!value) return value;
                if (!value->is_scalar())
                    return template_error(fmt::format(
                        "variable {} in Fn::Sub expression does not resolve to a string", fragment.text));
                place = known.emplace(fragment.text, std::move(value->scalar)).first;
            }
            text += place->second;
            if (text.size() > most_written) break;
        }
        return written(Value::text(std::move(text)));
    }

    Outcome<Value> join(const Value& argument) {
        auto list = of(argument.items[1]);
        if (!list) return list;
        if (!list->is_list())
            return template_error(
                "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
                "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to "
                "be joined.");
        std::string text;
        for (const auto& item : list->items) {
            if (!item.is_scalar())
                return template_error(
                    "every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of "
                    "strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) "
                    "to be joined.");
            if (&item != list->items.data()) text += argument.items[0].scalar;
            text += item.scalar;
            if (text.size() > most_written) break;
        }
        return written(Value::text(std::move(text)));
    }

    Outcome<Value> split(const Value& argument) {
        auto text = text_of(argument.items[1], "Fn::Split");
        if (!text) return std::unexpected(text.error());
        const auto& delimiter = argument.items[0].scalar;
        auto list = Value::of(Value::Kind::list);
        for (std::size_t start = 0;;) {
            const auto end = text->find(delimiter, start);
            list.items.push_back(Value::text(text->substr(start, end - start)));
            if (end == std::string::npos) break;
            start = end + delimiter.size();
        }
        return written(std::move(list));
    }

    Outcome<Value> select(const Value& argument) {
        auto index = text_of(argument.items[0], "Fn::Select");
        if (!index) return std::unexpected(index.error());
        auto list = of(argument.items[1]);
        if (!list) return list;
        std::size_t position = 0;
        const auto* end = index->data() + index->size();
        const auto [stopped, error] = std::from_chars(index->data(), end, position);
        if (error != std::errc{} || stopped != end || !list->is_list() || position >= list->items.size())
            return template_error(
                fmt::format("Fn::Select cannot select nonexistent value at index {}", *index));
        return written(std::move(list->items[position]));
    }

    Outcome<Value> find_in_map(const Value& argument) {
        std::vector<std::string> keys;
        for (const auto& item : argument.items) {
            auto key = text_of(item, "Fn::FindInMap");
            if (!key) return std::unexpected(key.error());
            keys.push_back(std::move(*key));
        }
        const auto* map = surroundings_.mappings.find(keys[0]);
        if (map == nullptr)
            return template_error(fmt::format(
                "Mapping named '{}' is not present in the 'Mappings' section of template.", keys[0]));
        const auto* first = map->find(keys[1]);
        const auto* second = first != nullptr ? first->find(keys[2]) : nullptr;
        if (second == nullptr)
            return template_error(
                fmt::format("Unable to get mapping for {}::{}::{}", keys[0], keys[1], keys[2]));
        return written(*second);
    }

    const Surroundings& surroundings_;
    std::size_t written_ = 0;
};

}  // namespace

Outcome<Value> evaluate(const Value& value, const Surroundings& surroundings) {
    return Evaluation(surroundings).of(value);
}

Outcome<std::string> evaluate_text(const Value& value, const Surroundings& surroundings) {
    return Evaluation(surroundings).text_of(value, "a value");
}

}  // namespace keytide::lab::cloudformation
