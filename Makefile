# SPDX-License-Identifier: Apache-2.0
# The door to the project. Each target is a line or two; Meson and tools/ do the work.
BUILD ?= build
PREFIX ?= /usr/local
FUZZ_SECONDS ?= 60

all: $(BUILD)/build.ninja ## build build/nepho
	@ninja -C $(BUILD)

# Link-time optimisation: a tenth less time for replays of system calls, whose steps are small and in many files.
$(BUILD)/build.ninja:
	@echo "configuring $(BUILD)"
	@log=$$(meson setup $(BUILD) --prefix $(PREFIX) -Db_lto=true 2>&1) || { echo "$$log"; exit 1; }

demo: deps-build ## install what is missing, build, simulate an attack within an ordinary day, and find it
	@$(MAKE) --no-print-directory all
	@rm -rf $(BUILD)/demo
	$(BUILD)/nepho simulate leaked-key-endpoint-cloudformation --background 50000 -o $(BUILD)/demo
	$(BUILD)/nepho detect $(BUILD)/demo --min-level medium

check: deps-test ## install what is missing, and run what CI runs
	@tools/run_checks.py

quick: ## build and run the unit tests
	@tools/run_checks.py quick

bench: deps-test all ## measure beside the JSON reader alone (NEPHO_TEST_DATA names the logs)
	@tests/bench/bench.py $(BUILD)/nepho --record

check-deep: deps-deep ## thread sanitizer, analyzers, minutes of fuzzing
	@tools/check_deep.sh

fuzz: ## FUZZ_SECONDS (60) of each fuzz target
	@tools/fuzz.sh $(FUZZ_SECONDS)

fmt: ## format the sources
	@find src tests -name '*.[ch]' -o -name '*.cc' | xargs clang-format -i

doc: all ## write the reference pages that come from tables in the code
	@tools/gen_reference.py $(BUILD)/nepho
	@tools/gen_escalation.py $(BUILD)/nepho

install: all ## install below PREFIX (/usr/local); DESTDIR is honoured
	@meson install -C $(BUILD)

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \t\2/p' Makefile | expand -t 20

deps-%:
	@tools/install_deps.sh $*

.PHONY: all demo check quick bench check-deep fuzz fmt doc install help
