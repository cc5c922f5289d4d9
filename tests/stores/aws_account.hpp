// An AWS for one test program: `keytide lab`, or moto_server; and its owner, who puts things there and looks
// at them through the client's own calls, and in the lab's case tells it what is to go wrong.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "aws/json_protocol.hpp"
#include "http/http.hpp"
#include "vocabulary/access_key.hpp"

namespace keytide::stores {

class AwsAccount {
public:
    // What KEYTIDE names is started as a lab, or moto_server where KEYTIDE_STORES is "moto".
    static AwsAccount& get();
    ~AwsAccount();

    bool is_lab() const { return !token_.empty(); }
    const std::string& endpoint() const { return endpoint_; }
    const AccessKey& owner() const { return *owner_; }

    aws::JsonService service(aws::Service which) const { return service(which, *http_, endpoint_); }
    static aws::JsonService service(aws::Service which, http::Http& http, const std::string& endpoint);
    http::Http& http() const { return *http_; }

    // As the owner: the answer, or a failed test.
    aws::JsonDocument call(aws::Service which, std::string_view action,
                           const aws::JsonMembers& members) const;

    void tell_fault(const std::string& json) const;  // POST /_lab/faults
    void end_faults() const;

private:
    AwsAccount();

    std::unique_ptr<http::Http> http_;
    std::string endpoint_, token_;
    std::unique_ptr<AccessKey> owner_;
    int process_ = 0;
};

// Lets everything through, and has something happen just before a call of this action leaves, once.
class Interposed final : public http::Http {
public:
    explicit Interposed(http::Http& http) : http_(http) {}
    void before(std::string action, std::function<void()> happens) {
        action_ = std::move(action);
        happens_ = std::move(happens);
    }
    std::expected<http::HttpReply, http::HttpFailure> send(const http::HttpRequest& request) override;
    long changes() const { return changes_; }

private:
    http::Http& http_;
    std::string action_;
    std::function<void()> happens_;
    long changes_ = 0;
};

}  // namespace keytide::stores
