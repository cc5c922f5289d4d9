// simulate COUNT [FIRST]: lives of COUNT users, from the seeds FIRST (1), FIRST + 1… The first that shows
// what must not be is printed as a story, as short as it gets.
#include <fmt/format.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <thread>
#include <vector>

#include "simulator/life.hpp"

namespace {

using namespace keytide::simulator;

void tell_shortly(std::uint32_t seed, const Lived& life) {
    const auto fails = [&](const Script& script) { return live_again(script).violation == life.violation; };
    fmt::print("{}\n", tell(fmt::format("Seed {}: {}", seed, *life.violation), shrink(life.script, fails)));
}

}  // namespace

int main(int argc, char** argv) {
    const auto count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0;
    const auto first = argc > 2 ? std::strtoul(argv[2], nullptr, 10) : 1;
    if (count == 0 || argc > 3 || first + count > std::numeric_limits<std::uint32_t>::max()) {
        fmt::print(stderr, "usage: simulate COUNT [FIRST]\n");
        return 2;
    }
    const auto begun = std::chrono::steady_clock::now();
    const auto cores = std::max(1u, std::thread::hardware_concurrency());
    std::atomic<unsigned long> next = first, rotations = 0, violations = 0, failed_seed = 0;
    const auto work = [&] {
        for (auto seed = next++; seed < first + count; seed = next++) {
            const auto life = live(std::uint32_t(seed));
            rotations += unsigned(life.rotations);
            if (!life.violation) continue;
            ++violations;
            unsigned long none = 0;
            failed_seed.compare_exchange_strong(none, seed);
        }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < cores; ++i) workers.emplace_back(work);
    for (auto& worker : workers) worker.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;

    if (violations > 0) {
        const auto seed = std::uint32_t(failed_seed.load());
        tell_shortly(seed, live(seed));
    }
    fmt::print("simulate: seeds={} rotations={} rotations_per_second_per_core={:.0f} violations={}\n", count,
               rotations.load(), double(rotations) / took.count() / cores, violations.load());
    return violations == 0 ? 0 : 1;
}
