// The probe "sts": GetCallerIdentity needs no permission and tells whose key it is.
#pragma once

#include "ports/identities.hpp"
#include "ports/probe.hpp"

namespace keytide::aws {

class StsProbe final : public ports::Probe {
public:
    explicit StsProbe(ports::Identities& identities) : identities_(identities) {}
    std::string name() const override { return "sts"; }
    ports::Answer<ports::ProbeAccepted> attempt(const AccessKey& key) override;

private:
    ports::Identities& identities_;
};

}  // namespace keytide::aws
