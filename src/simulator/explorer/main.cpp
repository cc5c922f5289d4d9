// Explores every setting to its budget, and says how far it came.
//
// usage: explore [--all] [ANY DANGEROUS [SETTING]]
//
// Without arguments the full budget: every triple of misfortunes in every setting. --all goes on beyond
// violations and ends with the names of the invariants that were violated.
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <mutex>
#include <string>
#include <thread>

#include "simulator/explorer/explorer.hpp"

using namespace keytide::simulator;

namespace {

struct Job {
    Setting setting;
    Budget budget;
};

std::vector<Job> full() {
    std::vector<Job> jobs;
    for (const auto& setting : settings()) jobs.push_back({setting, {3, 3}});
    return jobs;
}

}  // namespace

int main(int argc, char** argv) {
    std::vector<std::string> words(argv + 1, argv + argc);
    auto until = Until::first_violation;
    if (!words.empty() && words[0] == "--all") {
        until = Until::all_violations;
        words.erase(words.begin());
    }
    auto jobs = full();
    if (words.size() >= 2)
        for (auto& job : jobs) job.budget = {std::atoi(words[0].c_str()), std::atoi(words[1].c_str())};
    if (words.size() >= 3) std::erase_if(jobs, [&](const Job& job) { return job.setting.name != words[2]; });

    Explored all;
    int violations = 0;
    std::mutex printing;
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (auto i = next++; i < jobs.size(); i = next++) {
            const auto& [setting, budget] = jobs[i];
            const auto found = explore(setting, budget, until);
            const std::lock_guard lock(printing);
            std::printf("%-45s misfortunes=%d dangerous=%d states=%llu transitions=%llu depth=%llu\n",
                        setting.name.c_str(), budget.any, budget.dangerous, (unsigned long long)found.states,
                        (unsigned long long)found.transitions, (unsigned long long)found.depth);
            all.states += found.states;
            all.transitions += found.transitions;
            all.depth = std::max(all.depth, found.depth);
            all.invariants.insert(found.invariants.begin(), found.invariants.end());
            if (found.violation) {
                ++violations;
                std::printf("%s\n%s\n", found.violation->c_str(), story_of(setting, found.way).c_str());
            }
            std::fflush(stdout);
        }
    };
    std::vector<std::jthread> others;
    for (unsigned i = 1; i < std::thread::hardware_concurrency(); ++i) others.emplace_back(work);
    work();
    others.clear();
    if (until == Until::all_violations)
        for (const auto& name : all.invariants) std::printf("violated: %s\n", name.c_str());
    std::printf("explore: states=%llu transitions=%llu depth=%llu violations=%d\n",
                (unsigned long long)all.states, (unsigned long long)all.transitions,
                (unsigned long long)all.depth, violations);
    return violations == 0 ? 0 : 1;
}
