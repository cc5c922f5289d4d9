// Policy documents: what can be parsed can be asked, and a deny is never outdone.
#include "iam_policy/policy.hpp"

#include "iam_policy/context.hpp"
#include "iam_policy/decision.hpp"
#include "target.hpp"

using namespace keytide;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = fuzz::text_of(data, size);
    iam_policy::counted_size(text);
    const iam_policy::MapContext context{{"aws:username", "bob"},
                                         {"aws:currenttime", "2026-01-31T12:00:00Z"},
                                         {"aws:sourceip", "127.0.0.1"},
                                         {"s3:prefix", "home/"},
                                         {"aws:multifactorauthage", "12"}};
    for (const auto kind :
         {iam_policy::Kind::identity, iam_policy::Kind::trust, iam_policy::Kind::resource}) {
        const auto policy = iam_policy::Policy::parse(text, kind);
        if (!policy) continue;
        policy->context_keys();
        const iam_policy::Request request{.action = "s3:GetObject",
                                          .resource = "arn:aws:s3:::b-one/home/bob",
                                          .context = context,
                                          .principal = {.kind = iam_policy::Principal::Kind::user,
                                                        .account = "123456789012",
                                                        .arn = "arn:aws:iam::123456789012:user/bob",
                                                        .unique_id = "AIDAEXAMPLE"}};
        const auto alone = policy->evaluate(request);
        fuzz::require(alone.verdict == iam_policy::Verdict::implicit_deny ||
                      alone.statement < policy->statements().size());
        if (kind != iam_policy::Kind::identity) continue;
        const auto all = *iam_policy::Policy::parse(
            R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}})");
        const iam_policy::NamedPolicy both[] = {{"all", &all}, {"fuzzed", &*policy}};
        const auto decision = iam_policy::decide({.identity = both}, request);
        fuzz::require(decision.allowed() == (alone.verdict != iam_policy::Verdict::explicit_deny));
    }
    return 0;
}
