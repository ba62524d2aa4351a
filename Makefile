# The commands of the kit; `make` alone lists them.
#
# Settings are environment variables, or follow the command: make push REGISTRY=ghcr.io/you TAG=1.0
# SAMPLE=dockercoins or SAMPLE=conference: the services of that sample instead of producer and consumer.

# Settings from .env, as Docker Compose reads them; the environment has priority.
settings := $(shell sed -n 's/^\([A-Z_]*\)=\([^[:space:]]*\)$$/\1?=\2/p' .env 2>/dev/null)
$(foreach setting,$(settings),$(eval export $(setting)))

MVN := mvn --batch-mode --no-transfer-progress -Dstyle.color=never
# For commands that run the services: no tests, and no check of the code's format.
PACKAGE := $(MVN) --quiet -Dmaven.test.skip=true -Dspring-javaformat.validate.skip package

$(if $(SAMPLE),$(if $(wildcard samples/$(SAMPLE)/compose.yml),,$(error SAMPLE=$(SAMPLE) is not allowed: it must be one of \
  $(sort $(patsubst samples/%/compose.yml,%,$(wildcard samples/*/compose.yml))))))
directory := $(if $(SAMPLE),samples/$(SAMPLE),.)
services = $(shell scripts/services $(directory))
comma := ,
empty :=
modules = $(subst $(empty) ,$(comma),$(strip $(addprefix $(directory)/,$(services))))
sample_modules = $(patsubst %/pom.xml,%,$(wildcard samples/*/pom.xml samples/*/*/pom.xml))
# These modules and what they are built with.
SERVICES = $(PACKAGE) -pl $(modules) -am

# compose.yml and stack.yml build the same names from the same variables.
images := $(or $(REGISTRY),localhost/built-by-make-images)
tag := $(or $(TAG),latest)
# Their full names, for messages.
names = $(patsubst %,$(images)/%:$(tag),$(services))
image_options = -Pimage -Dimage.prefix=$(images) -Dimage.tag=$(tag) $(if $(BASE_IMAGE),-Dimage.base=$(BASE_IMAGE)) \
  -Dimage.revision=$(or $(revision),unknown) -Dimage.source=$(or $(source),unknown)
revision = $(shell git describe --always --abbrev=40 --exclude='*' --dirty 2>/dev/null)
# A web address without user or token, whichever way the clone was made.
source = $(shell git config --get remote.origin.url 2>/dev/null | \
  sed -n -e 's,^git@\([^:]*\):,https://\1/,' -e 's,^https://[^/]*@,https://,' -e 's,\.git$$,,' -e '/^https:/p')
# A registry on this machine's own loopback may use plain HTTP, as for Docker itself. Jib has one switch for all
# registries, so it stays off where images, and with them a password, go to another machine.
ifneq (,$(filter localhost:% 127.%,$(or $(REGISTRY),$(BASE_IMAGE))))
image_options += -Djib.allowInsecureRegistries=true
endif
images_failed = { echo "The images were not built, for the reason above. If the base image cannot be pulled, \
set BASE_IMAGE to another one (docs/configuration.md)." >&2; exit 1; }

.PHONY: help run test screenshots bench bench-swarm images push up down cluster e2e e2e-setup
.DEFAULT_GOAL := help

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile
	@echo "SAMPLE=dockercoins or conference with run, images, push, up, down: the services of a sample (samples)"
	@echo "Settings: PRODUCER_PORT CONSUMER_PORT PRODUCER_URL POLL_INTERVAL REGISTRY TAG BASE_IMAGE (docs/configuration.md)"

run: ## Build all services, run each as a JVM and show their logs; Ctrl-C stops all
	@scripts/need jdk maven $(if $(SAMPLE),redis)
	@echo "Building ..."
	@$(SERVICES)
	@scripts/run $(directory)

test: ## Build and run all tests that need neither Docker nor root; TESTS=quick leaves out the slow ones
	$(if $(filter-out quick,$(TESTS)),$(error TESTS=$(TESTS) is not allowed: set TESTS=quick, or leave it out to run all tests))
	@scripts/need jdk maven
	@scripts/check-files
ifneq (,$(TESTS))
	$(MVN) verify -DexcludedGroups=slow
else
	$(MVN) verify -Dsamples.skipTests=true
	@# Most of the time of these tests is waiting, so those of all modules at once.
	$(MVN) -T 5 test -pl '$(subst $(empty) ,$(comma),$(sample_modules))' -am
endif
	@$(MVN) --quiet -Pe2e,bench -pl e2e,bench -am test-compile
ifeq (,$(TESTS))
	$(MVN) -Pbench -pl bench verify
	@scripts/test-scripts
	@swarm-setup/tests/virtual-pis-test
	@swarm-setup/tests/launcher-test
endif

screenshots: ## Take new pictures of the live page for README
	@scripts/need jdk maven browser
	@$(MVN) --quiet -pl consumer -am -Dtest=Screenshots -Dsurefire.failIfNoSpecifiedTests=false \
	  -Dscreenshots=$(CURDIR)/docs/images test
	@ls -l docs/images/page-*.png

bench: ## Measure the producer next to other servers and write docs/benchmarks.md (Linux; takes long)
	@scripts/need jdk maven
	@echo "Building ..."
	@$(PACKAGE) -Pbench,image -pl producer,consumer,bench -am
	@# The layers that the project adds to its base image. Without a base image, this needs no registry.
	@$(MVN) --quiet -pl producer,consumer -Dimage.base=scratch -Djib.from.platforms=linux/amd64 jib:buildTar
	@# A large young generation: collections of the client's own garbage are rare, and so no part of the latencies.
	@exec $(if $(JAVA_HOME),$(JAVA_HOME)/bin/)java -XX:+UseSerialGC -Xmn256m -Dimage.aot=true -cp bench/target/classes org.piswarm.bench.Bench

bench-swarm: ## Measure the services on a Swarm of three virtual Pis and write docs/benchmarks-swarm.md (as make e2e)
	@scripts/need jdk maven
	@e2e/run SwarmBench

images: ## Build the services' images into the local Docker engine
	@scripts/need jdk maven engine
	@echo "Building $(names) ..."
	@$(SERVICES) $(image_options) jib:dockerBuild || $(images_failed)

push: ## Build the services' images for arm64 and amd64 and push them to REGISTRY
	@scripts/need jdk maven
	@test -n "$(REGISTRY)" || { echo "REGISTRY is not set: set it to where to push, such as make push REGISTRY=ghcr.io/you" >&2; exit 2; }
	@echo "Pushing $(names) for arm64 and amd64 ..."
	@$(SERVICES) $(image_options) jib:build || $(images_failed)

up: images ## Build the images and start them with Docker Compose
	@scripts/need compose
	@scripts/up $(directory)

down: ## Stop what make up started, and remove it
	@scripts/need engine compose
	@docker compose $(if $(SAMPLE),-f $(directory)/compose.yml) down

cluster: ## Boot three virtual Pis on this machine and join them to a Swarm (root, Debian or Ubuntu, x86-64)
	@swarm-setup/virtual-pis up 3
	@swarm-setup/virtual-pis swarm

e2e: ## Run the end-to-end tests on three virtual Pis; TEST=ScaleTests runs one class
	@scripts/need jdk maven
	@e2e/run '$(or $(TEST),services)'

e2e-setup: ## Run the end-to-end tests of swarm-setup and the tutorial, on three bare virtual Pis
	@scripts/need jdk maven
	@e2e/run setup
