#include <boost/json.hpp>

#include "lab/control/fields.hpp"
#include "lab/control/topics.hpp"
#include "lab/gate/service.hpp"

namespace keytide::lab::control {
namespace {

namespace json = boost::json;
using namespace misbehaviour;

constexpr Duration longest = std::chrono::days(1);
constexpr std::size_t most_replicas = 100;

struct Named {
    const char* name;
    Duration Delays::*delay;
};
constexpr Named delays[] = {{"new", &Delays::created},
                            {"inactive", &Delays::inactive},
                            {"reactivated", &Delays::reactivated},
                            {"deleted", &Delays::deleted},
                            {"policies", &Delays::policies},
                            {"reads", &Delays::reads},
                            {"writes", &Delays::writes},
                            {"wrong_secret", &Delays::wrong_secret},
                            {"last_used", &Delays::last_used},
                            {"deleted_buckets", &Delays::deleted_buckets}};

Duration time_in(Fields& fields, const char* name, Duration otherwise) {
    const auto time = fields.duration(name).value_or(otherwise);
    if (time > longest) fields.complain(std::string(name) + " is a day at most");
    return time;
}

// `delay` stands for the five that changes of keys and policies have.
Delays delays_in(Fields& fields, const Delays& otherwise) {
    auto result = otherwise;
    if (const auto all = fields.duration("delay"))
        result.created = result.inactive = result.reactivated = result.deleted = result.policies = *all;
    for (const auto& [name, delay] : delays) result.*delay = time_in(fields, name, result.*delay);
    return result;
}

Delays replica_in(Fields& fields, const json::value& told, const Delays& otherwise) {
    if (!told.is_object()) {
        fields.complain("a replica is an object");
        return {};
    }
    Fields of_replica(told.get_object());
    const auto result = delays_in(of_replica, otherwise);
    if (auto understood = of_replica.end(); !understood) fields.complain(understood.error().message);
    return result;
}

// Of all services, or of one: the delays themselves, and either `flapping` or a list of replicas that differ.
std::vector<Delays> replicas_in(Fields& fields) {
    const auto common = delays_in(fields, {});
    const auto flaps = time_in(fields, "flapping", Duration{0});
    const auto* list = fields.take("replicas");
    if (list == nullptr) return flaps > Duration{0} ? flapping(common, flaps) : std::vector<Delays>{common};
    const auto* array = list->if_array();
    if (array == nullptr || array->empty() || array->size() > most_replicas || flaps > Duration{0}) {
        fields.complain("replicas is a list of 1 to 100, and not together with flapping");
        return {common};
    }
    std::vector<Delays> result;
    for (const auto& each : *array) result.push_back(replica_in(fields, each, common));
    return result;
}

json::array described(const std::vector<Delays>& replicas) {
    json::array out;
    for (const auto& replica : replicas) {
        json::object one;
        for (const auto& [name, delay] : delays)
            if (replica.*delay > Duration{0}) one[name] = to_text(replica.*delay);
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace

Said show_propagation(Rehearsal& rehearsal) {
    const auto& settings = rehearsal.lab().propagation();
    json::object services;
    for (const auto& [name, replicas] : settings.services)
        services[name] = json::object{{"replicas", described(replicas)}};
    return json::object{{"replicas", described(settings.replicas)},
                        {"services", std::move(services)},
                        {"choice", settings.at_random ? "random" : "in_turn"},
                        {"seed", settings.seed}};
}

Said change_propagation(Rehearsal& rehearsal, const json::object& told) {
    Fields fields(told);
    Propagation settings{.replicas = replicas_in(fields)};
    if (const auto* services = fields.take("services")) {
        if (!services->is_object()) return complain("services is an object: service and its delays");
        for (const auto& [name, of_service] : services->get_object()) {
            if (!gate::service_named(std::string_view(name)))
                return complain("services knows iam, sts, s3, cloudformation, secretsmanager and ssm");
            if (!of_service.is_object()) return complain("a service is an object");
            Fields inner(of_service.get_object());
            settings.services.emplace(std::string(name), replicas_in(inner));
            if (auto understood = inner.end(); !understood) return complain(understood.error().message);
        }
    }
    const auto choice = fields.text("choice").value_or("in_turn");
    if (choice != "random" && choice != "in_turn") fields.complain("choice is random or in_turn");
    settings.at_random = choice == "random";
    settings.seed = fields.count("seed").value_or(rehearsal.faults().seed());
    if (auto understood = fields.end(); !understood) return complain(understood.error().message);
    rehearsal.lab().set_propagation(std::move(settings));
    return show_propagation(rehearsal);
}

}  // namespace keytide::lab::control
