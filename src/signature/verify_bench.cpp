// How many received requests one core verifies, with the derived key at hand and without, and what of it is
// hashing.
#include <benchmark/benchmark.h>

#include "signature/presented.hpp"

namespace keytide::signature {
namespace {

const AccessKey key{*AccessKeyId::parse("AKIAIOSFODNN7EXAMPLE"),
                    Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"), Secret()};

WireRequest list_buckets() {
    WireRequest request{
        "GET", "/", "", {{"Host", "127.0.0.1:4599"}, {"User-Agent", "keytide"}}, sha256_hex("")};
    sign(request, key, "us-east-1", "s3", *parse_amz_date("20260131T120000Z"));
    return request;
}

void verify_with_kept_key(benchmark::State& state) {
    const auto request = list_buckets();
    const SigningKey kept(key.secret, {"20260131", "us-east-1", "s3"});
    for (auto _ : state) {
        const auto presented = read_presented(request);
        benchmark::DoNotOptimize(headers_not_signed(*presented, request));
        if (!verifies(*presented, request, kept)) state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_with_kept_key);

// The hashing that a verification cannot do without, on the same bytes.
void hash_with_kept_key(benchmark::State& state) {
    const auto request = list_buckets();
    const auto presented = *read_presented(request);
    const auto canonical = canonical_request(request, presented.signed_headers, presented.scope.service);
    const auto text = string_to_sign(presented.date, presented.scope, canonical);
    const auto kept = hmac_sha256(key.secret.reveal(), text);  // as long as a derived key
    const std::string_view derived(reinterpret_cast<const char*>(kept.data()), kept.size());
    for (auto _ : state) {
        benchmark::DoNotOptimize(sha256(canonical));
        benchmark::DoNotOptimize(hmac_sha256(derived, text));
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(hash_with_kept_key);

void verify_and_derive(benchmark::State& state) {
    const auto request = list_buckets();
    for (auto _ : state) {
        const auto presented = read_presented(request);
        if (!verifies(*presented, request, SigningKey(key.secret, presented->scope)))
            state.SkipWithError("refused");
    }
    state.SetItemsProcessed(state.iterations());
}
BENCHMARK(verify_and_derive);

}  // namespace
}  // namespace keytide::signature
