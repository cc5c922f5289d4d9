# Everything that a target needs, it installs itself (Debian 12, as root or with sudo).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help build test demo live bench prove explore bench-lab simulate mutants torture fuzz clean

BUILD := build
SUDO := $(if $(filter 0,$(shell id -u)),,sudo)

PACKAGES := g++ cmake ninja-build ccache pkg-config ca-certificates \
  libboost1.81-dev libboost-json1.81-dev libcli11-dev libspdlog-dev libfmt-dev libpugixml-dev libyaml-cpp-dev \
  libsodium-dev libsqlite3-dev libcurl4-openssl-dev libssl-dev libgtest-dev libgmock-dev libbenchmark-dev
# Node.js may come from elsewhere, with its npm: Debian's is for where there is none.
TEST_PACKAGES := $(PACKAGES) curl jq awscli python3-botocore python3-boto3 python3-jsonschema python3-dotenv python3-yaml faketime openssl rclone age gnupg \
  $(if $(shell command -v node),,nodejs npm)
BENCH_PACKAGES := $(TEST_PACKAGES) wrk
PROVE_PACKAGES := $(TEST_PACKAGES) mmdebstrap chromium
FUZZ_PACKAGES := $(PACKAGES) clang-19 libclang-rt-19-dev

# $(call install,NAMES): installs what is missing, and asks apt for nothing when nothing is.
install = missing=$$(for p in $(1); do dpkg-query -W -f='$${db:Status-Status}' $$p 2>/dev/null | grep -qx installed || echo $$p; done); \
  if [ -n "$$missing" ]; then \
    $(SUDO) apt-get -qq update && \
    $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $$missing >/dev/null; \
  fi

help:
	@printf '%s\n' \
	  'make demo    build, and watch a rotation on an embedded AWS' \
	  'make test    build, and run all tests' \
	  'make build   build build/keytide' \
	  'make prove   the long proofs: three sanitizers, and the demo in a bare Debian' \
	  'make explore every interleaving of a small world, to the full budget' \
	  'make simulate random lives of many users (SEEDS=100000 FIRST=1)' \
	  'make torture the program killed a thousand times while a client uses its keys (KILLS=1000 SEED=1)' \
	  'make live    programs that list buckets without pause while their key is rotated (ROTATIONS=100)' \
	  'make mutants faults planted into the protocol, and found by the tests' \
	  'make fuzz    what strangers send, made up by libFuzzer (FUZZ_SECONDS=60 for each target)' \
	  'make bench   the figures of the README' \
	  'make bench-lab those of the lab alone'

build:
	@$(call install,$(PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target keytide

demo: build
	@$(BUILD)/keytide demo

test:
	@$(call install,$(TEST_PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD)
	@ctest --preset release --parallel 2

bench: build
	@$(call install,$(BENCH_PACKAGES))
	@tests/bench/rotations.py $(BUILD)/keytide
	@cmake --build $(BUILD) --target crowded_lab
	@tests/bench/audit.py $(BUILD)/keytide $(BUILD)/tests/crowded_lab
	@$(MAKE) --no-print-directory bench-lab
bench-lab: build
	@$(call install,$(BENCH_PACKAGES))
	@cmake --build $(BUILD) --target bare_server many_users signature_bench iam_policy_bench
	@tests/bench/engine.py $(BUILD)/src/signature/signature_bench $(BUILD)/src/iam_policy/iam_policy_bench
	@tests/bench/lab.py $(BUILD)/keytide $(BUILD)/tests/bare_server $(BUILD)/tests/many_users

prove: test
	@$(call install,$(PROVE_PACKAGES))
	@cmake --preset sanitize >/dev/null
	@cmake --build build-sanitize
	@ctest --preset sanitize --parallel 2
	@cmake --preset threads >/dev/null
	@cmake --build build-threads
	@ctest --preset threads --parallel 2
	@tests/bare_root/demo.sh

explore:
	@$(call install,$(PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target explore
	@$(BUILD)/src/simulator/explore

SEEDS := 100000
FIRST := 1
simulate:
	@$(call install,$(PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target simulate
	@$(BUILD)/src/simulator/simulate $(SEEDS) $(FIRST)

KILLS := 1000
SEED := 1
torture:
	@$(call install,$(TEST_PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target keytide strike
	@KEYTIDE=$(BUILD)/keytide KEYTIDE_STRIKE=$(CURDIR)/$(BUILD)/tests/strike.so tests/torture/torture.py --kills $(KILLS) --seed $(SEED)

ROTATIONS := 100
live:
	@$(call install,$(TEST_PACKAGES))
	@cmake --preset release >/dev/null
	@cmake --build $(BUILD) --target keytide list_buckets
	@KEYTIDE=$(CURDIR)/$(BUILD)/keytide tests/live/live.py --rotations $(ROTATIONS) $(BUILD)/js $(BUILD)/tests/list_buckets

mutants:
	@$(call install,$(TEST_PACKAGES))
	@tests/mutants/mutants.py . $(BUILD)-mutants docs/proof.md

FUZZ_SECONDS := 60
fuzz:
	@$(call install,$(FUZZ_PACKAGES))
	@cmake --preset fuzz >/dev/null
	@cmake --build build-fuzz --target fuzzers
	@tests/fuzz/fuzz.sh build-fuzz $(FUZZ_SECONDS)

clean:
	@rm -rf $(BUILD) build-sanitize build-threads build-fuzz
