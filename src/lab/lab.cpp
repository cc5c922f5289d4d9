#include "lab/lab.hpp"

#include <cstdint>
#include <map>
#include <random>
#include <span>

#include "lab/cloudformation/cloudformation.hpp"
#include "lab/gate/authentication.hpp"
#include "lab/gate/refusals.hpp"
#include "lab/iam/iam.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "lab/s3/s3.hpp"
#include "lab/state/partition.hpp"
#include "lab/sts/sts.hpp"

namespace keytide::lab {
namespace {

using gate::Service;

// The form of a query request: the body of a POST, or the query of a GET that names an Action.
Parameters form_of(const Request& request) {
    if (request.method == "POST") return Parameters::parse(request.body);
    if (request.method == "GET" && request.query.find("Action=") != std::string::npos)
        return Parameters::parse(request.query);
    return {};
}

// Whom the request addresses, as far as it can be told, and so who answers it, if only to refuse.
Service addressed(const gate::Claim& claim, const Parameters& form) {
    if (const auto by_version = gate::service_of_version(form.get("Version"))) return *by_version;
    if (claim.presented)
        if (const auto scoped = gate::service_named(claim.presented->scope.service)) return *scoped;
    return form.has("Action") ? Service::iam : Service::s3;
}

Outcome<void> check_operation(const Parameters& form, Service service) {
    if (!form.has("Action")) return refuse("MissingAction", "The request is missing an action.", 400);
    const auto version = form.get("Version", "NO_VERSION_SPECIFIED");
    if (version != gate::version_of(service))
        return std::unexpected(unknown_action(form.get("Action"), version));
    return {};
}

// For request ids, which need not be secret: asking the system twice a request would cost more than the
// signature.
Randomness quick_randomness(const Randomness& seed) {
    std::uint64_t number = 0;
    seed(std::as_writable_bytes(std::span(&number, 1)));
    return [engine = std::mt19937_64(number)](std::span<std::byte> bytes) mutable {
        for (auto& byte : bytes) byte = std::byte(engine() & 0xff);
    };
}

}  // namespace

struct Lab::State {
    explicit State(Quotas quotas, Randomness randomness) : partition(quotas, std::move(randomness)) {}

    Partition partition;
    AccountId account_id{};  // the first account
    Randomness request_ids = quick_randomness(partition.randomness());
    std::map<AccountId, cloudformation::Stacks> stacks{};  // by account
    gate::Authenticator authenticator{};

    ActionResult serve_query(Service service, const Caller& caller, const Parameters& form, Instant now) {
        if (auto known = check_operation(form, service); !known) return std::unexpected(known.error());
        auto& account = *partition.find_account(caller.account);
        if (service == Service::iam) return iam::serve(account, caller, form, now);
        if (service == Service::sts) return sts::serve(caller, form);
        return cloudformation::serve(account, stacks[account.id()], caller, form, now);
    }

    Reply answer_query(Service service, const Outcome<Caller>& caller, const Parameters& form, Instant now) {
        const auto request_id = draw_uuid(request_ids);
        const auto xmlns = gate::xmlns_of(service);
        if (!caller) return render_query_error(xmlns, request_id, caller.error());
        return render_query_result(form.get("Action"), xmlns, request_id,
                                   serve_query(service, *caller, form, now));
    }

    Reply answer_s3(const Outcome<Caller>& caller, const Request& request, Instant now) {
        if (!caller) return finish_s3(std::unexpected(caller.error()));
        return finish_s3(s3::serve(*partition.find_account(caller->account), *caller, request, now));
    }

    Reply finish_s3(Outcome<Reply> reply) {
        const auto request_id = draw_letters(request_ids, 16);
        const auto host_id = draw_letters(request_ids, 56);
        if (!reply) reply = s3::render_error(reply.error(), request_id, host_id);
        reply->headers.push_back({"x-amz-request-id", request_id});
        reply->headers.push_back({"x-amz-id-2", host_id});
        return std::move(*reply);
    }
};

Lab::Lab(Options options, Randomness randomness) : state_(new State(options.quotas, std::move(randomness))) {
    state_->account_id = options.account_id;
    state_->partition.open_account(options.account_id, std::move(options.region), std::move(options.root_key),
                                   options.created);
}
Lab::Lab(Lab&&) noexcept = default;
Lab& Lab::operator=(Lab&&) noexcept = default;
Lab::~Lab() = default;

const AccessKey& Lab::root_key() const {
    return state_->partition.find_account(state_->account_id)->root_key();
}

Reply Lab::refuse(const ServiceError& error) {
    return state_->finish_s3(std::unexpected(error));
}

Reply Lab::handle(Request request, Instant now) {
    if (!request.path.starts_with('/'))
        return refuse({"BadRequest", "An error occurred when parsing the HTTP request.", 400});
    const auto form = form_of(request);
    auto claim = gate::read_claim(request);
    const auto service = addressed(claim, form);
    const auto caller =
        state_->authenticator.authenticate(std::move(claim), request, service, state_->partition, now);
    if (service == Service::s3) return state_->answer_s3(caller, request, now);
    return state_->answer_query(service, caller, form, now);
}

}  // namespace keytide::lab
