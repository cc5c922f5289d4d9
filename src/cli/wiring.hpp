// Everything that a rotation touches, put together by hand. wiring.cpp is the only file that names the
// concrete classes behind the doors.
#pragma once

#include <memory>
#include <span>

#include "aws/endpoint.hpp"
#include "cli/context.hpp"
#include "cli/session.hpp"
#include "http/http.hpp"
#include "orchestrator/doors.hpp"
#include "ports/account_records.hpp"
#include "ports/anchor_place.hpp"
#include "ports/event_history.hpp"
#include "ports/findings_sink.hpp"
#include "ports/ledger.hpp"
#include "ports/policies_of_users.hpp"
#include "rotation/request.hpp"

namespace keytide::cli {

class Wiring {
public:
    // An unknown probe or destination, a file that cannot be a certificate bundle, and plain http:// beyond
    // loopback are refused before anything is signed. `session` outlives it.
    static Result<std::unique_ptr<Wiring>> open(Session& session, const rotation::Connection& connection,
                                                std::span<const std::string> probes,
                                                std::span<const std::string> destinations);
    virtual ~Wiring() = default;

    virtual orchestrator::Doors& doors() = 0;  // for the protocol, which repeats what may be repeated
    // For a look that is taken once: what it reads is read patiently.
    virtual orchestrator::Doors& patient_doors() = 0;
    virtual ports::PoliciesOfUsers& policies() = 0;
    virtual ports::AccountRecords& account_records() = 0;
};

// An unsigned request to the endpoint of a service, to see whether anybody answers.
struct Knocked {
    std::string url;
    std::string proxy;  // without user and password; empty for a direct call
    std::expected<http::HttpReply, http::HttpFailure> answer;
};
Result<Knocked> knock(Session& session, const rotation::Connection& connection, aws::Service service);

// What CloudTrail remembers of a region.
Result<std::unique_ptr<ports::EventHistory>> open_event_history(Session& session, const Context& context,
                                                                const std::string& region);

// Where findings are collected in a region: Security Hub.
Result<std::unique_ptr<ports::FindingsSink>> open_findings_sink(Session& session, const Context& context,
                                                                const std::string& region);

// A place of AWS for anchors: s3://BUCKET/KEY, or sns:TOPIC_ARN.
Result<std::unique_ptr<ports::AnchorPlace>> open_anchor_place(Session& session, const Context& context,
                                                              const std::string& uri);

// Whether every endpoint of the connection is on this machine.
bool is_on_loopback(const rotation::Connection& connection);

// The canonical form of a destination's URI; a relative path starts from `folder`, or else from the current
// one.
Result<std::string> canonical_destination(const Session& session, const std::string& uri,
                                          const std::filesystem::path& folder = {});

// The same for those who are told that a key was delivered. Each refuses what the other takes.
Result<std::string> canonical_notice(const Session& session, const std::string& uri,
                                     const std::filesystem::path& folder = {});

// The key that a destination holds now; nothing when it holds none, or cannot be read by its nature.
Result<std::optional<AccessKey>> key_held_at(Session& session, const rotation::Connection& connection,
                                             const std::string& uri);

// To look at; null when nothing was ever recorded here, and nothing is made then.
Result<std::unique_ptr<ports::Ledger>> open_ledger_if_any(Session& session);

// To act on.
Result<std::unique_ptr<ports::Ledger>> open_or_make_ledger(Session& session);

}  // namespace keytide::cli
