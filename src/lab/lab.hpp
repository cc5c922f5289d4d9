// A small AWS: accounts, one thread, seven services behind one door, and no HTTP library in sight.
//
// The order of every request is fixed: authenticate, authorise, validate, act. Which service is meant is told
// by the signature's scope, since all of them live on one port.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lab/misbehaviour/attempt.hpp"
#include "lab/misbehaviour/replicas.hpp"
#include "lab/misbehaviour/virtual_clock.hpp"
#include "lab/moment.hpp"
#include "lab/randomness.hpp"
#include "lab/request.hpp"
#include "lab/service_error.hpp"
#include "lab/state/quotas.hpp"
#include "vocabulary/access_key.hpp"
#include "vocabulary/authorization_details.hpp"
#include "vocabulary/error.hpp"
#include "vocabulary/identity.hpp"
#include "vocabulary/instant.hpp"

namespace keytide::lab {

namespace journal {
class Recorder;
}

class Lab {
public:
    struct Options {
        std::vector<AccountId> account_ids{"123456789012"};  // twelve digits each; the first is the main one
        std::string region = "us-east-1";
        std::optional<AccessKey> root_key{};  // the first account's; drawn by lot when absent
        Instant created{};                    // the accounts and their root users
        Quotas quotas{};
    };

    Lab(Options options, Randomness randomness);
    // Durable: what was asked of the lab whose journal is in the folder is asked again, and what changes this
    // one is written there before it is acted upon (journal/recorder.hpp).
    static Result<Lab> open(Options options, Randomness randomness, const std::filesystem::path& folder);
    Lab(Lab&&) noexcept;
    Lab& operator=(Lab&&) noexcept;
    ~Lab();

    // Any request at all gets a reply in AWS's shape, request ids included. The body of a reply to a HEAD is
    // not to be sent.
    Reply handle(Request request, Instant now) { return serve(std::move(request), Moment::at(now)).reply; }

    // The same, with what the record needs.
    struct Served {
        Reply reply;
        misbehaviour::Attempt attempt;
        std::string code;  // of the error; empty: none
    };
    Served serve(Request request, Moment moment) { return serve(std::move(request), moment, nullptr); }

    // What is asked and by whose key, without acting on it.
    misbehaviour::Attempt attempt_of(const Request& request) const;

    // How long the body may be that follows this head: more than a form only for uploads to S3, by somebody
    // whose key is known.
    static constexpr std::uint64_t longest_form = 2 * 1024 * 1024;
    static constexpr std::uint64_t longest_upload = 256 * 1024 * 1024;
    std::uint64_t longest_body(const Request& head) const;

    // For bytes that never became a request: no service was addressed, so S3's shape serves.
    Reply refuse(const ServiceError& error);
    // In the shape of the service that this was for.
    Reply refuse(const ServiceError& error, const misbehaviour::Attempt& attempt);

    // How late changes of keys are heard of, from now on. A reset ends that.
    void set_propagation(misbehaviour::Propagation settings);
    const misbehaviour::Propagation& propagation() const;

    // How long before and after its date a signature is good, from now on: fifteen minutes, as on AWS, unless
    // a test cannot wait that long. A reset ends that.
    static constexpr Duration shortest_window = std::chrono::seconds(1);
    static constexpr Duration longest_window = std::chrono::minutes(15);
    void set_signature_window(Duration window);
    Duration signature_window() const;

    // The empty account again, with the root key that it began with. Fails only when it is durable and cannot
    // be written; then nothing has changed.
    Result<void> reset(Instant now);

    // What another account holds, taken over into the first one, and keys of its users under their ids, with
    // whatever secret. A reset ends that. Not for a durable lab.
    struct AdoptedKey {
        std::string user_name;
        AccessKey key;
        KeyStatus status = KeyStatus::active;
        Instant created{};
    };
    Result<void> adopt(const AuthorizationDetails& details, std::vector<AdoptedKey> keys, Instant now);

    // The setting of the lab's clock, kept with the rest: by whoever sets it, for whoever starts again.
    std::optional<misbehaviour::VirtualClock::Setting> clock_setting() const;  // nothing: none was kept
    Result<void> keep_clock(const misbehaviour::VirtualClock::Setting& setting);

    // The root key that the first account, or another one, began with. Valid as long as that key is not
    // deleted.
    const AccessKey& root_key() const;
    const AccessKey& root_key(const AccountId& account) const;

private:
    struct State;

    void begin(Instant now);
    // `at_first`: what the request met when it was asked before; null: it is asked for the first time.
    Served serve(Request request, Moment moment, const misbehaviour::Hearing* at_first);

    Options options_;
    std::map<AccountId, AccessKey> root_keys_;  // that the accounts begin with, also again after a reset
    Randomness randomness_;
    std::unique_ptr<journal::Recorder> recorder_;  // null: everything is in memory
    std::unique_ptr<State> state_;
};

}  // namespace keytide::lab
