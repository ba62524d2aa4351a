# The commands of the kit; `make` alone lists them.
#
# Settings stand in the environment or after the command: make push REGISTRY=ghcr.io/you TAG=1.0

MVN := mvn --batch-mode --no-transfer-progress
# For who wants to see the services run: no tests, and no complaints about the format of the code.
PACKAGE := $(MVN) --quiet -DskipTests -Dspring-javaformat.validate.skip package

# compose.yml and stack.yml build the same names from the same variables.
images := $(or $(REGISTRY),localhost/pi-swarm-kit)
tag := $(or $(TAG),latest)
image_options := -Dimage.prefix=$(images) -Dimage.tag=$(tag) $(if $(BASE_IMAGE),-Dimage.base=$(BASE_IMAGE))
# A registry on this machine's own loopback may speak plain HTTP, as for Docker itself.
ifneq (,$(filter localhost:% 127.%,$(REGISTRY) $(BASE_IMAGE)))
image_options += -Djib.allowInsecureRegistries=true
endif

.PHONY: help run test images push up down
.DEFAULT_GOAL := help

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile
	@echo "Settings: PRODUCER_PORT CONSUMER_PORT PRODUCER_URL POLL_INTERVAL REGISTRY TAG BASE_IMAGE (docs/configuration.md)"

run: ## Build both services, run them as two JVMs and show their logs; Ctrl-C stops both
	@scripts/need jdk maven
	@echo "Building ..."
	@$(PACKAGE)
	@scripts/run

test: ## Build and run all tests that need neither Docker nor root
	@scripts/need jdk maven
	@scripts/check-files
	$(MVN) verify
	@scripts/test-scripts

images: ## Build both images into the local Docker engine
	@scripts/need jdk maven engine
	@echo "Building $(images)/producer:$(tag) and $(images)/consumer:$(tag) ..."
	@$(PACKAGE) $(image_options) jib:dockerBuild

push: ## Build both images for arm64 and amd64 and push them to REGISTRY
	@scripts/need jdk maven
	@test -n "$(REGISTRY)" || { echo "REGISTRY is not set: say where to push, as in make push REGISTRY=ghcr.io/you" >&2; exit 2; }
	@echo "Pushing $(images)/producer:$(tag) and $(images)/consumer:$(tag) for arm64 and amd64 ..."
	@$(PACKAGE) $(image_options) jib:build

up: images ## Build the images and start them with Docker Compose
	@scripts/need compose
	@scripts/up

down: ## Stop what make up started, and remove it
	@scripts/need engine compose
	@docker compose down
