#include "lab/rehearsal.hpp"

#include <fmt/format.h>

#include <utility>

namespace keytide::lab {
namespace {

using misbehaviour::Fault;

constexpr std::size_t most_logged = 10'000;

Reply page_of_a_proxy(int status) {
    return {status,
            "text/html",
            {},
            "<html>\r\n<head><title>Proxy</title></head>\r\n<body>\r\n<center><h1>By order of the "
            "proxy</h1></center>\r\n</body>\r\n</html>\r\n"};
}

// Nothing but time went by: a delay.
std::string_view struck_by(const misbehaviour::Course& course) {
    if (course.fault) return name_of(*course.fault);
    return course.rule != 0 ? "delay" : "";
}

}  // namespace

Rehearsal::Rehearsal(Lab& lab, Options options)
    : lab_(lab), options_(std::move(options)), faults_(options_.seed), log_(most_logged) {
    if (const auto kept = lab_.clock_setting()) clock_.resume(*kept);
    settle();
}

// What was told with the start holds at the start, and after each reset.
void Rehearsal::settle() {
    lab_.set_propagation(options_.propagation);
    lab_.set_signature_window(options_.signature_window);
}

Instant Rehearsal::Arrival::lands_at() const {
    const auto* hold = course.fault ? std::get_if<misbehaviour::Hold>(&*course.fault) : nullptr;
    return received + course.before + (hold != nullptr ? hold->time : Duration{0});
}

bool Rehearsal::Arrival::hangs_up() const {
    const auto* hold = course.fault ? std::get_if<misbehaviour::Hold>(&*course.fault) : nullptr;
    return hold != nullptr && hold->hang_up;
}

Rehearsal::Arrival Rehearsal::receive(const Request& request, Instant real) {
    Arrival arrival{.received = now(real), .real = real, .life = life_};
    if (faults_.empty()) return arrival;
    arrival.attempt = lab_.attempt_of(request);
    arrival.course = faults_.decide(arrival.attempt, arrival.received);
    return arrival;
}

Rehearsal::Ending Rehearsal::act(Request request, const Arrival& arrival, Instant real) {
    if (arrival.life != life_) return {};
    const auto landed = now(real);
    const auto& fault = arrival.course.fault;
    const bool acted = !fault || acts(*fault);
    Ending ending;
    misbehaviour::Attempt attempt;
    std::string code;
    if (acted) {
        // To whoever signed it, a call that was held back has aged by the time that the lab's clock went on.
        auto served = lab_.serve(std::move(request), {landed, arrival.real + (landed - arrival.received)});
        attempt = std::move(served.attempt);
        code = std::move(served.code);
        ending.reply = std::move(served.reply);
    } else {
        attempt = arrival.attempt;
    }

    if (fault) {
        if (const auto* refusal = std::get_if<misbehaviour::Refuse>(&*fault)) {
            ending.reply = lab_.refuse({refusal->code, refusal->message, refusal->status}, arrival.attempt);
            code = refusal->code;
        } else if (const auto* html = std::get_if<misbehaviour::Html>(&*fault)) {
            ending.reply = page_of_a_proxy(html->status);
        } else if (const auto* truncated = std::get_if<misbehaviour::Truncate>(&*fault)) {
            ending.cut_after = truncated->after;
        } else if (std::holds_alternative<misbehaviour::Reset>(*fault)) {
            ending.reply.reset();
            ending.reset = true;
        } else if (!std::holds_alternative<misbehaviour::Hold>(*fault) || arrival.hangs_up()) {
            ending.reply.reset();
        }
    }
    log_.add({.received = arrival.received,
              .landed = landed,
              .service = attempt.service,
              .action = attempt.action,
              .access_key_id = attempt.access_key_id,
              .user_name = attempt.user_name,
              .arn = attempt.arn,
              .acted = acted,
              .status = ending.reply ? ending.reply->status : 0,
              .code = code,
              .fault = struck_by(arrival.course),
              .rule = arrival.course.rule});
    return ending;
}

Result<void> Rehearsal::reset(Instant real) {
    if (auto anew = lab_.reset(real); !anew) return anew;
    settle();
    ++life_;
    clock_ = {};
    faults_ = misbehaviour::FaultRules(options_.seed);
    log_.clear();
    return {};
}

}  // namespace keytide::lab
