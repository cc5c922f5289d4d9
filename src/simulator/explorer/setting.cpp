#include "simulator/explorer/setting.hpp"

#include "simulator/explorer/situation.hpp"

namespace keytide::simulator {
namespace {

using namespace std::chrono_literals;

Setting basic(std::string name, std::uint16_t allowed) {
    Setting s{.name = std::move(name), .request = {}, .allowed = allowed};
    auto& r = s.request;
    r.user = {"AIDAUSER", "123456789012", "arn:user/bob"};
    r.administrator = {"AIDAADMIN", "123456789012", "arn:user/amy"};
    r.user_name = "bob";
    r.old_key = id_of(old_key);
    r.may_deactivate = (allowed & may_update) != 0;
    r.destinations = {"place:1"};
    r.probes = {"sts"};
    r.numbers = {.steady = 2,
                 .spread = 0s,
                 .verify_deadline = 3s,
                 .mismatch_deadline = 2s,
                 .settle_deadline = 3s,
                 .poll = 1s,
                 .in_flight = 2s,
                 .late_call_window = 10s,
                 .evidence_life = 2s,
                 .last_use_step = 15s,
                 .last_use_lag = 20s,
                 .gate_deadline = 1min};
    return s;
}

constexpr std::uint16_t least = may_create | may_delete;
constexpr std::uint16_t all = least | may_list | may_update | may_see_last_use;

std::vector<Setting> make() {
    std::vector<Setting> result;
    const auto add = [&](std::string name, std::uint16_t allowed, auto change) {
        auto s = basic(std::move(name), allowed);
        change(s, s.request, s.request.numbers);
        result.push_back(std::move(s));
    };
    using S = Setting&;
    using R = rotation::Request&;
    using N = rotation::Numbers&;
    add("create and delete only", least, [](S, R, N) {});
    add("list", least | may_list, [](S, R, N) {});
    add("two places", least | may_list, [](S, R r, N) { r.destinations.push_back("place:2"); });
    add("deactivate, grace and soak", all, [](S, R, N n) { n.grace = n.soak = 5s; });
    add("sole writer", least | may_list, [](S, R r, N) { r.sole_writer = true; });
    add("slow services", least | may_list, [](S s, R, N n) {
        s.propagation = 2s;
        n.spread = 1s;
        n.verify_deadline = 6s;
    });
    add("through a proxy, with waits that park", all, [](S, R r, N n) {
        r.connection.through_proxy = true;
        n.late_call_window = 16min;
        n.grace = n.soak = 90s;
    });
    add("an administrator", least | may_list, [](S, R r, N) { r.self = false; });
    add("an administrator, deactivate, grace and soak", all, [](S, R r, N n) {
        r.self = false;
        n.grace = n.soak = 5s;
    });
    add("quiet", all, [](S, R r, N n) {
        n.quiet = 30s;
        r.may_deactivate = false;
    });
    add("credentials are handed out", least | may_list | may_update, [](S s, R, N) { s.lifetime = 30s; });
    add("the second slot", least | may_list, [](S, R r, N) { r.give_up = id_of(2); });
    add("compromised", all, [](S, R r, N) { r.compromised = true; });
    add("compromised, an administrator", all, [](S, R r, N) {
        r.compromised = true;
        r.self = false;
    });
    add("a first key", least | may_list, [](S, R r, N) {
        r.self = false;
        r.old_key.reset();
    });
    return result;
}

}  // namespace

const std::vector<Setting>& settings() {
    static const auto all_of_them = make();
    return all_of_them;
}

}  // namespace keytide::simulator
