#include "cli/wiring.hpp"

#include <fmt/format.h>

#include <filesystem>

#include "aws/account_reader.hpp"
#include "aws/anchor_places.hpp"
#include "aws/endpoint.hpp"
#include "aws/event_reader.hpp"
#include "aws/exec_probe.hpp"
#include "aws/findings_sender.hpp"
#include "aws/iam_client.hpp"
#include "aws/policy_reader.hpp"
#include "aws/s3_probe.hpp"
#include "aws/sts_probe.hpp"
#include "cli/hand_out.hpp"
#include "cli/ledger_place.hpp"
#include "cli/told_http.hpp"
#include "cli/version.hpp"
#include "credentials/settings.hpp"
#include "destinations/open_destination.hpp"
#include "destinations/secretsmanager_destination.hpp"
#include "destinations/ssm_destination.hpp"
#include "http/curl_http.hpp"
#include "http/proxy.hpp"
#include "http/url.hpp"
#include "ledger/sqlite_ledger.hpp"
#include "orchestrator/patient_reads.hpp"
#include "rotation/explain.hpp"

namespace keytide::cli {
namespace {

using aws::Service;
using ledger::SqliteLedger;

const std::string user_agent = std::string("keytide/") + version;

struct Endpoints {
    aws::Endpoint iam, sts, s3;
};

Result<Endpoints> endpoints_of(const rotation::Connection& c) {
    auto iam = aws::endpoint_for(Service::iam, c.iam_endpoint, c.region, c.partition);
    if (!iam) return std::unexpected(iam.error());
    auto sts = aws::endpoint_for(Service::sts, c.sts_endpoint, c.region, c.partition);
    if (!sts) return std::unexpected(sts.error());
    auto s3 = aws::endpoint_for(Service::s3, c.s3_endpoint, c.region, c.partition);
    if (!s3) return std::unexpected(s3.error());
    return Endpoints{std::move(*iam), std::move(*sts), std::move(*s3)};
}

http::CurlOptions curl_options(Session& session, const rotation::Connection& connection) {
    http::CurlOptions options;
    options.ca_bundle = connection.ca_bundle;
    options.connect_timeout = std::chrono::seconds{session.everywhere.connect_timeout};
    options.largest_body = 64 << 20;  // the details of a thousand users, with their policies
    options.total_timeout = std::chrono::seconds{session.everywhere.read_timeout};
    options.environment = session.environment;
    options.interrupted = [&session] { return session.clock.interrupted(); };
    return options;
}

destinations::Origin origin(const Session& session) {
    return {std::filesystem::current_path(), std::string(session.environment("HOME").value_or("")),
            session.environment};
}

// The calls of a destination, told like all others.
class OwnHttp final : public http::Http {
public:
    OwnHttp(http::CurlOptions options, bool tell) : curl_(std::move(options)), told_(curl_, tell) {}
    std::expected<http::HttpReply, http::HttpFailure> send(const http::HttpRequest& request) override {
        return told_.send(request);
    }

private:
    http::CurlHttp curl_;
    ToldHttp told_;
};

std::string outbox(const Session& session) {
    const auto folders = session.folders();
    return folders ? (folders->state / "outbox").string() : "";
}

destinations::Means means(Session& session, const rotation::Connection& connection) {
    return {.origin = origin(session),
            .connect =
                [&session, connection](http::Tls tls) {
                    auto options = curl_options(session, connection);
                    options.tls = std::move(tls);
                    return std::make_unique<OwnHttp>(std::move(options), session.everywhere.debug);
                },
            .interrupted = [&session] { return session.clock.interrupted(); },
            .outbox = outbox(session)};
}

// Secrets Manager or Parameter Store, where a destination is there.
std::optional<Service> store_of(const destinations::DestinationUri& uri) {
    if (uri.kind == "secretsmanager") return Service::secretsmanager;
    if (uri.kind == "ssm") return Service::ssm;
    return std::nullopt;
}

class HandWired final : public Wiring {
public:
    HandWired(Session& session, const rotation::Connection& connection, Endpoints endpoints,
              ledger::HandOutRecord hand_outs)
        : hand_outs_(std::move(hand_outs)),
          curl_(curl_options(session, connection)),
          told_(curl_, session.everywhere.debug),
          s3_(std::move(endpoints.s3)),
          policies_(told_, endpoints.iam, session.aws_clock, user_agent),
          account_reader_(told_, endpoints.iam, session.aws_clock, user_agent),
          iam_(told_, std::move(endpoints.iam), std::move(endpoints.sts), session.aws_clock, user_agent),
          patient_keys_(iam_, session.aws_clock, session.entropy),
          patient_identities_(iam_, session.aws_clock, session.entropy),
          doors_(doors_over(session, iam_, iam_)),
          patient_doors_(doors_over(session, patient_keys_, patient_identities_)) {}

    Result<void> add_probe(const std::string& name) {
        if (name == "sts")
            probes_.push_back(std::make_unique<aws::StsProbe>(iam_));
        else if (name == "s3:list-buckets")
            probes_.push_back(
                std::make_unique<aws::S3ListBucketsProbe>(told_, s3_, doors_.clock, user_agent));
        else if (name.starts_with("exec:") && name.size() > 5)
            probes_.push_back(std::make_unique<aws::ExecProbe>(
                name.substr(5), std::chrono::seconds{60}, [this] { return doors_.clock.interrupted(); }));
        else
            return usage_error("there is no probe '" + name + "'",
                               "the probes are sts, s3:list-buckets and exec:CMD");
        for (auto* doors : {&doors_, &patient_doors_}) doors->probes.push_back(probes_.back().get());
        return {};
    }

    // Other than IAM, these are nowhere without a region.
    Result<std::unique_ptr<ports::Destination>> open_store(const destinations::DestinationUri& uri,
                                                           const rotation::Connection& connection) {
        const auto service = *store_of(uri);
        const auto own = uri.value("endpoint");
        if (connection.region.empty() && own.empty())
            return usage_error("no region says where " + uri.kind + ":" + uri.path + " is",
                               "give one with --region, AWS_REGION, or in the profile");
        auto endpoint = aws::endpoint_for(service, own, connection.region, connection.partition);
        if (!endpoint) return std::unexpected(endpoint.error());
        aws::JsonService store(told_, std::move(*endpoint), user_agent);
        if (service == Service::ssm) return destinations::ssm_destination(uri, std::move(store));
        return destinations::secretsmanager_destination(uri, std::move(store));
    }

    void add_destination(std::unique_ptr<ports::Destination> destination) {
        for (auto* doors : {&doors_, &patient_doors_}) doors->destinations.push_back(destination.get());
        destinations_.push_back(std::move(destination));
    }

    orchestrator::Doors& doors() override { return doors_; }
    orchestrator::Doors& patient_doors() override { return patient_doors_; }
    ports::PoliciesOfUsers& policies() override { return policies_; }
    ports::AccountRecords& account_records() override { return account_reader_; }

private:
    orchestrator::Doors doors_over(Session& session, ports::AccessKeys& keys, ports::Identities& identities) {
        return {keys,
                identities,
                {},
                {},
                session.aws_clock,
                session.entropy,
                session.processes,
                hand_outs_,
                &iam_,
                &session.mfa_sessions};
    }
    ledger::HandOutRecord hand_outs_;
    http::CurlHttp curl_;
    ToldHttp told_;
    aws::Endpoint s3_;
    aws::PolicyReader policies_;
    aws::AccountReader account_reader_;
    aws::IamClient iam_;
    orchestrator::PatientAccessKeys patient_keys_;
    orchestrator::PatientIdentities patient_identities_;
    std::vector<std::unique_ptr<ports::Probe>> probes_;
    std::vector<std::unique_ptr<ports::Destination>> destinations_;
    orchestrator::Doors doors_, patient_doors_;
};

// An adapter of one service, together with the HTTP that it calls through.
struct HasHttp {
    OwnHttp http;
};
template <class Adapter>
class WithHttp final : HasHttp, public Adapter {
public:
    // `rest`: what the adapter takes between the HTTP and the clock.
    template <class... Rest>
    WithHttp(Session& session, const rotation::Connection& connection, Rest&&... rest)
        : HasHttp{{curl_options(session, connection), session.everywhere.debug}},
          Adapter(HasHttp::http, std::forward<Rest>(rest)..., session.aws_clock, user_agent) {}
};

}  // namespace

Result<std::unique_ptr<Wiring>> Wiring::open(Session& session, const rotation::Connection& connection,
                                             std::span<const std::string> probes,
                                             std::span<const std::string> destinations) {
    auto endpoints = endpoints_of(connection);
    if (!endpoints) return std::unexpected(endpoints.error());
    auto hand_outs = hand_out_record(session);
    if (!hand_outs) return std::unexpected(hand_outs.error());
    auto wired =
        std::make_unique<HandWired>(session, connection, std::move(*endpoints), std::move(*hand_outs));
    for (const auto& name : probes)
        if (const auto ok = wired->add_probe(name); !ok) return std::unexpected(ok.error());
    auto by = means(session, connection);
    by.open_store = [&](const destinations::DestinationUri& uri) {
        return wired->open_store(uri, connection);
    };
    for (const auto& uri : destinations) {
        auto destination = destinations::open_destination(uri, by);
        if (!destination) return std::unexpected(destination.error());
        wired->add_destination(std::move(*destination));
    }
    return wired;
}

Result<Knocked> knock(Session& session, const rotation::Connection& c, aws::Service service) {
    const auto& url = service == Service::iam   ? c.iam_endpoint
                      : service == Service::sts ? c.sts_endpoint
                                                : c.s3_endpoint;
    const auto endpoint = aws::endpoint_for(service, url, c.region, c.partition);
    if (!endpoint) return std::unexpected(endpoint.error());
    http::CurlHttp curl(curl_options(session, c));
    ToldHttp told(curl, session.everywhere.debug);
    const auto proxy = http::parse_url(http::proxy_for(endpoint->url, session.environment).value_or(""));
    return Knocked{endpoint->url, proxy ? proxy->scheme + "://" + proxy->authority() : "",
                   told.send({"GET", endpoint->url, {{"User-Agent", user_agent}}, {}})};
}

Result<std::unique_ptr<ports::EventHistory>> open_event_history(Session& session, const Context& context,
                                                                const std::string& region) {
    const auto& url = context.settings.cloudtrail;
    auto endpoint =
        aws::endpoint_for(Service::cloudtrail, url ? url->value : "", region, context.connection.partition);
    if (!endpoint) return std::unexpected(endpoint.error());
    return std::make_unique<WithHttp<aws::EventReader>>(session, context.connection, std::move(*endpoint));
}

Result<std::unique_ptr<ports::FindingsSink>> open_findings_sink(Session& session, const Context& context,
                                                                const std::string& region) {
    const auto& url = context.settings.securityhub;
    auto endpoint =
        aws::endpoint_for(Service::securityhub, url ? url->value : "", region, context.connection.partition);
    if (!endpoint) return std::unexpected(endpoint.error());
    return std::make_unique<WithHttp<aws::FindingsSender>>(session, context.connection, std::move(*endpoint));
}

Result<std::unique_ptr<ports::AnchorPlace>> open_anchor_place(Session& session, const Context& context,
                                                              const std::string& uri) {
    constexpr std::string_view s3 = "s3://", sns = "sns:";
    const auto& connection = context.connection;
    if (uri.starts_with(s3)) {
        const auto rest = uri.substr(s3.size());
        const auto bucket = rest.substr(0, rest.find('/'));
        if (bucket.empty() || bucket.size() == rest.size())
            return usage_error("'" + uri + "' names no object", "write it as s3://BUCKET/KEY");
        auto endpoint =
            aws::endpoint_for(Service::s3, connection.s3_endpoint, connection.region, connection.partition);
        if (!endpoint) return std::unexpected(endpoint.error());
        return std::make_unique<WithHttp<aws::AnchorObject>>(session, connection, std::move(*endpoint),
                                                             bucket, rest.substr(bucket.size() + 1));
    }
    const auto arn = Arn::parse(uri.starts_with(sns) ? uri.substr(sns.size()) : "");
    if (!arn || arn->service != "sns" || arn->region.empty() || arn->resource.empty())
        return usage_error("'" + uri + "' is no place for an anchor",
                           "write it as file:PATH, s3://BUCKET/KEY or sns:TOPIC_ARN");
    const auto& url = context.settings.sns;
    auto endpoint = aws::endpoint_for(Service::sns, url ? url->value : "", arn->region, arn->partition);
    if (!endpoint) return std::unexpected(endpoint.error());
    return std::make_unique<WithHttp<aws::AnchorTopic>>(session, connection, std::move(*endpoint),
                                                        arn->text());
}

bool is_on_loopback(const rotation::Connection& c) {
    return http::is_loopback(c.iam_endpoint) && http::is_loopback(c.sts_endpoint) &&
           http::is_loopback(c.s3_endpoint);
}

namespace {

// The endpoint of one's own that this session would call becomes part of the name.
Result<void> add_own_endpoint(const Session& session, destinations::DestinationUri& uri) {
    const auto service = store_of(uri);
    if (!service || uri.parameters.contains("endpoint")) return {};
    const auto files = credentials::load_profile_files(session.environment);
    if (!files) return std::unexpected(files.error());
    const auto& e = session.everywhere;
    const auto settings = credentials::resolve_settings({e.profile, e.region, e.endpoint_url, e.ca_bundle},
                                                        session.environment, *files);
    if (!settings) return std::unexpected(settings.error());
    const auto& own = *service == Service::ssm ? settings->ssm : settings->secretsmanager;
    if (!own) return {};
    uri.parameters.emplace("endpoint", own->value);
    auto whole = destinations::parse_destination_uri(uri.text(), origin(session));
    if (!whole) return std::unexpected(whole.error());
    uri = std::move(*whole);
    return {};
}

Result<destinations::DestinationUri> parse_from(const Session& session, const std::string& uri,
                                                const std::filesystem::path& folder) {
    auto from = origin(session);
    if (!folder.empty()) from.folder = folder;
    return destinations::parse_destination_uri(uri, from);
}

}  // namespace

Result<std::string> canonical_notice(const Session& session, const std::string& uri,
                                     const std::filesystem::path& folder) {
    if (!rotation::is_notice(uri))
        return usage_error(fmt::format("'{}' is nothing that is told of a delivery", uri),
                           "write it as notify-command:COMMAND, notify-signal:PID_FILE, notify-unit:UNIT or "
                           "notify-url:URL");
    const auto parsed = parse_from(session, uri, folder);
    if (!parsed) return std::unexpected(parsed.error());
    return parsed->text();
}

Result<std::string> canonical_destination(const Session& session, const std::string& uri,
                                          const std::filesystem::path& folder) {
    if (rotation::is_notice(uri))
        return usage_error(fmt::format("'{}' holds no key: it is told when one was delivered", uri),
                           "give it as --on-delivered, or in keytide.yaml under on-delivered");
    auto parsed = parse_from(session, uri, folder);
    if (!parsed) return std::unexpected(parsed.error());
    if (auto whole = add_own_endpoint(session, *parsed); !whole) return std::unexpected(whole.error());
    return parsed->text();
}

Result<std::optional<AccessKey>> key_held_at(Session& session, const rotation::Connection& connection,
                                             const std::string& uri) {
    const auto destination = destinations::open_destination(uri, means(session, connection));
    if (!destination) return std::unexpected(destination.error());
    if (!(*destination)->capabilities().readable) return std::nullopt;
    return (*destination)->read();
}

Result<std::unique_ptr<ports::Ledger>> open_ledger_if_any(Session& session) {
    const auto options = find_ledger(session);
    if (!options) return std::unexpected(options.error());
    if (SqliteLedger::exists(*options)) return SqliteLedger::open_to_read(*options, session.entropy);
    if (const auto ok = check_that_no_ledger_is_missing(*options); !ok) return std::unexpected(ok.error());
    return nullptr;
}

Result<std::unique_ptr<ports::Ledger>> open_or_make_ledger(Session& session) {
    const auto options = find_ledger(session);
    if (!options) return std::unexpected(options.error());
    if (!SqliteLedger::exists(*options))
        if (const auto ok = check_that_no_ledger_is_missing(*options); !ok)
            return std::unexpected(ok.error());
    return SqliteLedger::open(*options, session.entropy);
}

}  // namespace keytide::cli
