#include "lab/lab.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <random>
#include <span>
#include <utility>

#include "lab/adoption.hpp"
#include "lab/cloudformation/cloudformation.hpp"
#include "lab/cloudtrail/cloudtrail.hpp"
#include "lab/concealed_passwords.hpp"
#include "lab/gate/authentication.hpp"
#include "lab/gate/refusals.hpp"
#include "lab/iam/iam.hpp"
#include "lab/journal/recorder.hpp"
#include "lab/json_protocol.hpp"
#include "lab/organizations/organizations.hpp"
#include "lab/parameters.hpp"
#include "lab/query_protocol.hpp"
#include "lab/s3/operation.hpp"
#include "lab/s3/s3.hpp"
#include "lab/secretsmanager/secretsmanager.hpp"
#include "lab/securityhub/securityhub.hpp"
#include "lab/ssm/ssm.hpp"
#include "lab/state/partition.hpp"
#include "lab/state/policy_past.hpp"
#include "lab/sts/sts.hpp"

namespace keytide::lab {
namespace {

using gate::Service;

constexpr std::size_t longest_name = 128;  // of what the record keeps

// The form of a query request: the body of a POST, or the query of a GET that names an Action.
Parameters form_of(const Request& request) {
    if (request.body.size() > Lab::longest_form) return {};  // an upload to S3
    if (json_target(request)) return {};
    if (request.method == "POST") return Parameters::parse(request.body);
    if (request.method == "GET" && request.query.find("Action=") != std::string::npos)
        return Parameters::parse(request.query);
    return {};
}

// Whom the request addresses, as far as it can be told, and so who answers it, if only to refuse.
Service addressed(const gate::Claim& claim, const Request& request, const Parameters& form) {
    if (const auto target = json_target(request)) return target->service;
    if (const auto by_version = gate::service_of_version(form.get("Version"))) return *by_version;
    if (claim)
        if (const auto scoped = gate::service_named(claim->scope.service)) return *scoped;
    return form.has("Action") ? Service::iam : Service::s3;
}

Outcome<void> check_operation(const Parameters& form, Service service) {
    if (!form.has("Action")) return refuse("MissingAction", "The request is missing an action.", 400);
    const auto version = form.get("Version", "NO_VERSION_SPECIFIED");
    if (version != gate::version_of(service))
        return std::unexpected(unknown_action(form.get("Action"), version));
    return {};
}

std::string action_of(Service service, const Request& request, const Parameters& form) {
    if (service == Service::s3) return s3::operation_of(request);
    if (!gate::speaks_json(service)) return std::string(form.get("Action"));
    const auto target = json_target(request);
    return target && target->service == service ? target->action : std::string();
}

// What changes nothing, whoever asks. GetSessionToken takes a one-time code.
bool only_reads(Service service, const Request& request, const Parameters& form) {
    if (service == Service::s3) return request.method == "GET" || request.method == "HEAD";
    constexpr std::array<std::string_view, 6> verbs{"Describe", "Get",      "List",
                                                    "Lookup",   "Simulate", "Validate"};
    const auto action = action_of(service, request, form);
    return action != "GetSessionToken" && std::any_of(verbs.begin(), verbs.end(), [&](std::string_view verb) {
               return action.starts_with(verb);
           });
}

ServiceError could_not_be_kept(Service service) {
    if (service == Service::s3)
        return {"InternalError", "We encountered an internal error. Please try again.", 500};
    return {"InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.", 500};
}

// For request ids, which need not be secret: asking the system twice a request would cost more than the
// signature.
Randomness quick_randomness(const Randomness& seed) {
    std::uint64_t number = 0;
    seed(std::as_writable_bytes(std::span(&number, 1)));
    return [engine = std::mt19937_64(number)](std::span<std::byte> bytes) mutable {
        for (; !bytes.empty(); bytes = bytes.subspan(std::min(bytes.size(), sizeof(std::uint64_t)))) {
            const std::uint64_t drawn = engine();
            std::memcpy(bytes.data(), &drawn, std::min(bytes.size(), sizeof(drawn)));
        }
    };
}

}  // namespace

struct Lab::State {
    explicit State(Quotas quotas, Randomness randomness) : partition(quotas, std::move(randomness)) {}

    Partition partition;
    AccountId account_id{};  // the first account
    Randomness request_ids = quick_randomness(partition.randomness());
    std::map<AccountId, cloudformation::Stacks> stacks{};            // by account
    std::map<AccountId, cloudtrail::Trail> trails{};                 // by account
    std::map<AccountId, securityhub::FindingsOfRegions> findings{};  // by account
    gate::Authenticator authenticator{};
    misbehaviour::Replicas replicas{misbehaviour::Propagation{}};
    std::map<AccountId, PolicyPast> policy_past{};  // where changes of policies are heard of late

    std::optional<Instant> last_use(const std::string& access_key_id) {
        const auto* key = partition.access_keys().find(access_key_id);
        return key != nullptr && key->last_used ? std::optional(key->last_used->at) : std::nullopt;
    }

    // What the caller signed with; `token` is its session's. Nothing: a key that is gone, but for who has not
    // heard of it.
    std::optional<AccessKey> key_of(const Caller& caller, const std::string& token) {
        if (caller.session)
            return AccessKey{AccessKeyId::parse(caller.session->access_key_id).value(),
                             caller.session->secret.clone(), Secret(token)};
        const auto* stored = partition.access_keys().find(caller.access_key_id);
        return stored != nullptr ? std::optional(stored->key.clone()) : std::nullopt;
    }

    ActionResult serve_query(Service service, const Caller& caller, const Parameters& form, Instant now,
                             const misbehaviour::Delays& replica) {
        if (auto known = check_operation(form, service); !known) return std::unexpected(known.error());
        if (service == Service::sts)
            return sts::serve(partition, caller, form, now, [&](const Role& role) {
                return policies_as_heard(Arn::parse(role.arn)->account, role.id, now, replica);
            });
        auto& account = *partition.find_account(caller.account);
        if (service == Service::iam) return iam::serve(account, caller, form, now, replica);
        return cloudformation::serve(account, stacks[account.id()], caller, form, now);
    }

    ActionResult answer_query(Service service, const Outcome<Caller>& caller, const Parameters& form,
                              Instant now, const misbehaviour::Delays& replica) {
        if (!caller) return std::unexpected(caller.error());
        return serve_query(service, *caller, form, now, replica);
    }

    // The same, remembering what the principals of the account held before.
    ActionResult answer_query_watched(Service service, const Outcome<Caller>& caller, const Parameters& form,
                                      Instant now, const misbehaviour::Hearing& heard) {
        if (!caller || heard.slowest_policies == Duration{0})
            return answer_query(service, caller, form, now, heard.replica);
        const auto& account = *partition.find_account(caller->account);
        const auto before = policies_of_all(account);
        auto result = answer_query(service, caller, form, now, heard.replica);
        auto& past = policy_past[caller->account];
        past.remember_for(heard.slowest_policies);
        past.note(before, policies_of_all(account), now);
        return result;
    }

    void remember_for(Duration horizon) {
        partition.access_keys().remember_for(horizon);
        partition.buckets().remember_for(horizon);
    }

    // Null: those that are held now.
    std::shared_ptr<const HeldPolicies> policies_as_heard(const AccountId& account, const std::string& id,
                                                          Instant now,
                                                          const misbehaviour::Delays& replica) const {
        const auto past = policy_past.find(account);
        if (replica.policies <= Duration{0} || past == policy_past.end()) return nullptr;
        return past->second.as_of(id, now - replica.policies);
    }

    Reply finish_query(Service service, const Parameters& form, const ActionResult& result) {
        return render_query_result(form.get("Action"), gate::xmlns_of(service), draw_uuid(request_ids),
                                   result);
    }

    JsonResult answer_json(Service service, const Outcome<Caller>& caller, const Request& request,
                           Instant now) {
        if (!caller) return std::unexpected(caller.error());
        const auto target = json_target(request);
        if (!target || target->service != service) return std::unexpected(unknown_operation());
        auto& account = *partition.find_account(caller->account);
        if (service == Service::cloudtrail)
            return cloudtrail::serve(account, trails[account.id()], *caller, target->action, request.body,
                                     now);
        if (service == Service::securityhub)
            return securityhub::serve(account, findings[account.id()], *caller, target->action, request.body);
        if (service == Service::organizations)
            return organizations::serve(partition, account_id, *caller, target->action, request.body);
        if (service == Service::ssm) return ssm::serve(account, *caller, target->action, request.body, now);
        return secretsmanager::serve(account, *caller, target->action, request.body, now);
    }

    void remember(const Caller& caller, const misbehaviour::Attempt& attempt, const std::string& error,
                  Instant now) {
        if (const auto event = cloudtrail::event_of(caller, attempt.service, attempt.action, error, now))
            trails[caller.account].add(*event);
    }

    Reply finish_json(Service service, const JsonResult& result) {
        return render_json_result(service, draw_uuid(request_ids), result);
    }

    Outcome<Reply> answer_s3(const Outcome<Caller>& caller, const Request& request, Instant now,
                             const misbehaviour::Delays& replica) {
        if (!caller) return std::unexpected(caller.error());
        return s3::serve(*partition.find_account(caller->account), *caller, request, now, replica);
    }

    Reply finish_s3(Outcome<Reply> reply) {
        auto request_id = draw_letters(request_ids, 16);
        auto host_id = draw_letters(request_ids, 56);
        if (!reply) reply = s3::render_error(reply.error(), request_id, host_id);
        reply->headers.reserve(reply->headers.size() + 2);
        reply->headers.push_back({"x-amz-request-id", std::move(request_id)});
        reply->headers.push_back({"x-amz-id-2", std::move(host_id)});
        return std::move(*reply);
    }

    void attempt_by(const Session& session, misbehaviour::Attempt& attempt) {
        const auto& account = *partition.find_account(session.account);
        if (const auto* user = account.users().find_by_id(session.principal_id)) {
            attempt.user_name = user->name;
            attempt.arn = user->arn;
        } else if (const auto* role = account.roles().find_by_id(session.principal_id)) {
            attempt.arn = role->arn;
        } else if (session.principal_id == session.account) {
            attempt.arn = "arn:aws:iam::" + session.account + ":root";
        }
    }

    // Who signed it, as it says.
    misbehaviour::Attempt attempt_of(Service service, const gate::Claim& claim, const Parameters& form,
                                     const Request& request) {
        misbehaviour::Attempt attempt{.service = std::string(gate::name_of(service))};
        attempt.action = action_of(service, request, form);
        if (service != Service::s3) attempt.action.resize(std::min(attempt.action.size(), longest_name));
        if (!claim) return attempt;
        attempt.access_key_id = claim->access_key_id.substr(0, longest_name);
        if (const auto session = partition.session_seal().open(claim->session_token)) {
            attempt_by(*session, attempt);
            return attempt;
        }
        const auto* key = partition.access_keys().find(attempt.access_key_id);
        if (key == nullptr) return attempt;
        const auto& account = *partition.find_account(key->account);
        if (key->is_roots()) {
            attempt.arn = "arn:aws:iam::" + key->account + ":root";
        } else if (const auto* user = account.users().find_by_id(key->owner)) {
            attempt.user_name = user->name;
            attempt.arn = user->arn;
        }
        return attempt;
    }
};

Lab::Lab(Options options, Randomness randomness)
    : options_(std::move(options)), randomness_(std::move(randomness)) {
    if (options_.root_key) root_keys_.emplace(options_.account_ids.front(), options_.root_key->clone());
    begin(options_.created);
    for (const auto& id : options_.account_ids) root_keys_.try_emplace(id, root_key(id).clone());
}
Lab::Lab(Lab&&) noexcept = default;
Lab& Lab::operator=(Lab&&) noexcept = default;
Lab::~Lab() = default;

const AccessKey& Lab::root_key() const {
    return root_key(state_->account_id);
}

const AccessKey& Lab::root_key(const AccountId& account) const {
    return state_->partition.find_account(account)->root_key();
}

std::uint64_t Lab::longest_body(const Request& head) const {
    const auto claim = signature::read_presented(head);
    if (!claim || claim->scope.service != gate::name_of(Service::s3)) return longest_form;
    const bool known = state_->partition.access_keys().find(claim->access_key_id) != nullptr ||
                       state_->partition.session_seal().open(claim->session_token) != nullptr;
    return known ? longest_upload : longest_form;
}

Reply Lab::refuse(const ServiceError& error) {
    return state_->finish_s3(std::unexpected(error));
}

Reply Lab::refuse(const ServiceError& error, const misbehaviour::Attempt& attempt) {
    const auto service = gate::service_named(attempt.service).value_or(Service::s3);
    if (service == Service::s3) return refuse(error);
    if (gate::speaks_json(service)) return state_->finish_json(service, std::unexpected(error));
    return state_->finish_query(service, {}, std::unexpected(error));
}

Result<Lab> Lab::open(Options options, Randomness randomness, const std::filesystem::path& folder) {
    auto recorder = journal::Recorder::open(
        folder, {options.account_ids, options.region, std::move(options.root_key), options.created},
        std::move(randomness));
    if (!recorder) return std::unexpected(recorder.error());
    options.root_key = (*recorder)->beginning().root_key.clone();
    options.created = (*recorder)->beginning().created;
    (*recorder)->begin();
    Lab lab(std::move(options), (*recorder)->randomness());
    (*recorder)->end();
    lab.recorder_ = std::move(*recorder);
    auto replayed = lab.recorder_->replay(
        [&](Request request, Instant now, Instant real, const misbehaviour::Hearing& heard) {
            lab.state_->remember_for(heard.horizon);
            return lab.serve(std::move(request), {now, real}, &heard).reply.status;
        });
    if (!replayed) return std::unexpected(replayed.error());
    return lab;
}

Result<void> Lab::reset(Instant now) {
    if (!recorder_) {
        begin(now);
        return {};
    }
    if (auto anew = recorder_->start_over(now); !anew) return anew;
    recorder_->begin();
    begin(now);
    recorder_->end();
    return {};
}

Result<void> Lab::adopt(const AuthorizationDetails& details, std::vector<AdoptedKey> keys, Instant now) {
    if (recorder_) return failed("a lab with --data takes over no other account");
    auto& account = *state_->partition.find_account(state_->account_id);
    if (const auto taken = lab::adopt(account, details, now); !taken) return failed(taken.error().message);
    for (auto& [user_name, key, status, created] : keys) {
        const auto user = account.users().named(user_name);
        if (!user) return failed(user.error().message);
        const auto id = key.id.text();
        state_->partition.access_keys().adopt(std::move(key), account.id(), (*user)->id, created);
        if (status == KeyStatus::inactive)
            if (const auto set = account.update_access_key(user_name, id, status, created); !set)
                return failed(set.error().message);
    }
    return {};
}

std::optional<misbehaviour::VirtualClock::Setting> Lab::clock_setting() const {
    return recorder_ ? recorder_->clock() : std::nullopt;
}

Result<void> Lab::keep_clock(const misbehaviour::VirtualClock::Setting& setting) {
    return recorder_ ? recorder_->set_clock(setting) : Result<void>{};
}

void Lab::begin(Instant now) {
    state_ = std::make_unique<State>(options_.quotas, randomness_);
    state_->account_id = options_.account_ids.front();
    for (const auto& id : options_.account_ids) {
        const auto known = root_keys_.find(id);
        auto key = known != root_keys_.end() ? std::optional(known->second.clone()) : std::nullopt;
        state_->partition.open_account(id, options_.region, std::move(key), now);
    }
}

void Lab::set_propagation(misbehaviour::Propagation settings) {
    state_->remember_for(settings.horizon());
    state_->replicas = misbehaviour::Replicas(std::move(settings));
}

void Lab::set_signature_window(Duration window) {
    state_->authenticator.set_window(window);
}

Duration Lab::signature_window() const {
    return state_->authenticator.window();
}

const misbehaviour::Propagation& Lab::propagation() const {
    return state_->replicas.settings();
}

misbehaviour::Attempt Lab::attempt_of(const Request& request) const {
    const auto form = form_of(request);
    const auto claim = signature::read_presented(request);
    return state_->attempt_of(addressed(claim, request, form), claim, form, request);
}

Lab::Served Lab::serve(Request request, Moment moment, const misbehaviour::Hearing* at_first) {
    if (!request.path.starts_with('/')) {
        const ServiceError error{"BadRequest", "An error occurred when parsing the HTTP request.", 400};
        return {refuse(error), {}, error.code};
    }
    auto form = form_of(request);
    const auto claim = signature::read_presented(request);
    const auto service = addressed(claim, request, form);
    Served served{.attempt = state_->attempt_of(service, claim, form, request)};
    const auto used_before = recorder_ ? state_->last_use(served.attempt.access_key_id) : std::nullopt;
    auto sent = recorder_ ? std::optional(request) : std::nullopt;  // the gate takes bodies out of chunks
    const auto heard = at_first != nullptr
                           ? *at_first
                           : state_->replicas.meet(served.attempt.service, served.attempt.access_key_id);
    const auto& replica = heard.replica;
    auto caller =
        state_->authenticator.authenticate(claim, request, service, state_->partition, moment, replica);
    const bool leaves_trace = recorder_ && state_->last_use(served.attempt.access_key_id) != used_before;
    const bool is_replayed = recorder_ && recorder_->is_replaying();
    if (caller && service == Service::iam && brings_password(form) && !is_replayed) {
        form = with_stand_ins(form, *state_->partition.find_account(caller->account), *caller);
        const auto key =
            sent ? state_->key_of(*caller, signature::read_presented(*sent)->session_token) : std::nullopt;
        if (key)
            sent = with_form(std::move(*sent), form, *key, *caller, moment.real);
        else if (sent)
            caller = std::unexpected(could_not_be_kept(service));
    }
    if (recorder_ && caller && (leaves_trace || !only_reads(service, request, form)))
        if (!recorder_->keep(*sent, moment.now, moment.real, heard))
            caller = std::unexpected(could_not_be_kept(service));
    if (caller)
        caller->earlier_policies =
            state_->policies_as_heard(caller->account, caller->principal_id, moment.now, replica);
    if (service == Service::s3) {
        auto reply = state_->answer_s3(caller, request, moment.now, replica);
        if (!reply) served.code = reply.error().code;
        served.reply = state_->finish_s3(std::move(reply));
    } else if (gate::speaks_json(service)) {
        const auto result = state_->answer_json(service, caller, request, moment.now);
        if (!result) served.code = result.error().code;
        served.reply = state_->finish_json(service, result);
    } else {
        const auto result = state_->answer_query_watched(service, caller, form, moment.now, heard);
        if (!result) served.code = result.error().code;
        served.reply = state_->finish_query(service, form, result);
    }
    if (caller) state_->remember(*caller, served.attempt, served.code, moment.now);
    if (recorder_)
        recorder_->answered(served.reply.status,
                            !served.code.empty() && !leaves_trace && service != Service::sts);
    return served;
}

}  // namespace keytide::lab
