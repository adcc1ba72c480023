# Everything there is to do with this tree. Each target does its own set-up; once everything is there, none needs a network.

SWIFT ?= swift
# What serve is started with, as in: make run ARGS='--listen 127.0.0.1:0'
ARGS ?=
FUZZ_SECONDS ?= 60
FUZZERS := FuzzDecoder FuzzSegment FuzzTarget FuzzConfiguration

PACKAGES := pkg-config libmicrohttpd-dev libpq-dev libsimdjson-dev zlib1g-dev libdeflate-dev libyaml-dev \
  libcurl4-openssl-dev libssl-dev libxxhash-dev postgresql
TEST_PACKAGES := $(PACKAGES) pgbouncer prometheus prometheus-alertmanager curl

.PHONY: help run build test conformance bench lint tsan asan fuzz docs clean

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /make \1	/p' Makefile | expand -t 14

run: build ## build and run the sidecar on 127.0.0.1:9797 with a private PostgreSQL
	@exec "$$($(SWIFT) build -c release --show-bin-path)/handoffd" serve $(ARGS)

build: ## the release build of handoffd
	@.ci/packages $(PACKAGES)
	$(SWIFT) build -c release --product handoffd

# The oracle's figures are worth most when nothing else competes for the machine, so it runs by itself.
test: ## all tests, against a PostgreSQL and a PgBouncer of their own
	@.ci/packages $(TEST_PACKAGES)
	$(SWIFT) test --disable-xctest --skip OracleTests
	$(SWIFT) test --disable-xctest --skip-build --filter OracleTests

conformance: ## schemathesis against a running sidecar and its description of the API
	@.ci/packages $(PACKAGES) curl python3-venv
	$(SWIFT) build --product handoffd
	@.ci/conformance "$$($(SWIFT) build --show-bin-path)/handoffd"

bench: ## the benchmark; prints a table
	@.ci/packages $(PACKAGES) prometheus-pushgateway
	$(SWIFT) build -c release --product handoffd
	$(SWIFT) build -c release --product handoffd-bench
	@exec "$$($(SWIFT) build -c release --show-bin-path)/handoffd-bench"

lint: ## formatting, and where unsafe code may be
	@.ci/lint

tsan: ## all tests under the thread sanitizer
	@.ci/packages $(TEST_PACKAGES)
	@.ci/sanitize thread

asan: ## all tests under the address sanitizer
	@.ci/packages $(TEST_PACKAGES)
	@.ci/sanitize address

fuzz: ## every fuzz target for FUZZ_SECONDS (60)
	@.ci/packages $(PACKAGES)
	@FUZZ_SECONDS=$(FUZZ_SECONDS) .ci/fuzz $(FUZZERS)

docs: ## write the parts of docs/ and of the golden texts that are made from the code
	RECORD_GOLDEN=1 $(SWIFT) test --disable-xctest --filter CommandTests

clean: ## remove everything that was built
	rm -rf .build
