#!/usr/bin/python3
"""What the lab's two engines cost: a verified signature beside its hashing alone, and a decision on a policy.

usage: engine.py SIGNATURE_BENCH IAM_POLICY_BENCH [PAIRS]
"""
import json
import statistics
import subprocess
import sys

from paired import ratio

SIGNATURE_BENCH, IAM_POLICY_BENCH = sys.argv[1:3]
PAIRS = int(sys.argv[3]) if len(sys.argv) > 3 else 9


def nanoseconds(program, names):
    """CPU time of each, by benchmark and repetition, in an order that is drawn anew each time."""
    told = subprocess.run([program, f"--benchmark_filter=^({'|'.join(names)})$", f"--benchmark_repetitions={PAIRS}",
                           "--benchmark_enable_random_interleaving=true", "--benchmark_min_time=0.2", "--benchmark_format=json"],
                          capture_output=True, text=True, check=True).stdout
    runs = [run for run in json.loads(told)["benchmarks"] if run["run_type"] == "iteration"]
    refused = [run["error_message"] for run in runs if run.get("error_occurred")]
    assert not refused, refused
    return {name: [1e9 / run["items_per_second"] for run in runs if run["run_name"] == name] for name in names}


def main():
    took = nanoseconds(SIGNATURE_BENCH, ["verify_with_kept_key", "hash_with_kept_key"])
    verification = ratio("nanoseconds of a verification beside its SHA-256 and HMAC-SHA256 alone",
                         took["verify_with_kept_key"], took["hash_with_kept_key"], "more")
    decisions = 1e9 / statistics.median(nanoseconds(IAM_POLICY_BENCH, ["sample_user"])["sample_user"])
    print(f"engine: verification_to_hashing={verification:.2f} decisions_per_s_and_core={decisions:.0f}")


main()
