# regcred-gen: make run, make check; make help lists the rest.

VERSION = 0.1.0
# Where releases are found, for the manifest of krew.
HOMEPAGE = https://github.com/regcred-gen/regcred-gen

PREFIX = /usr/local
BINDIR = $(PREFIX)/bin
DATADIR = $(PREFIX)/share
MANDIR = $(DATADIR)/man

CFLAGS = -O2 -g
WERROR ?=

# VARIANT: release, clang, asan, coverage, fuzz, static; each builds in a folder of its own.
VARIANT = release
OUT = build/$(VARIANT)
PROGRAM = $(OUT)/regcred-gen
LIBRARY = $(OUT)/libregcred.a

# --- dependencies -------------------------------------------------------------
# STATIC=1 puts libb64, libmd and libyaml into the programs, so that only libc and
# cJSON are loaded; STATIC=0 (for packagers) links the shared ones.
STATIC = 1
PKG_CONFIG = pkg-config

pkg = $(shell $(PKG_CONFIG) $(1) $(2) 2>/dev/null)
ifeq ($(VARIANT),static)
# libc and cJSON are in the program, too; packaging/cjson gets the latter's source.
CJSON_CFLAGS := -Ibuild/cjson
CJSON_LIBS = $(OUT)/cJSON.o
else
CJSON_CFLAGS := $(filter-out -I/usr/include,$(patsubst %/cjson,%,$(call pkg,--cflags,libcjson)))
CJSON_LIBS := $(or $(call pkg,--libs,libcjson),-lcjson)
ifeq ($(STATIC),1)
BEGIN_STATIC = -Wl,-Bstatic
END_STATIC = -Wl,-Bdynamic
endif
endif
B64_LIBS := -lb64
YAML_LIBS := $(or $(call pkg,--libs,yaml-0.1),-lyaml)
MD_LIBS := $(or $(call pkg,--libs,libmd),-lmd)

comma := ,

# --- flags --------------------------------------------------------------------
WARNINGS = -Wall -Wextra -Wconversion -Wsign-conversion -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wpointer-arith -Wformat=2 -Wundef -Wvla -Wno-missing-field-initializers $(WERROR)
try = $(shell $(CC) -Werror $(1) -c -x c -o /dev/null /dev/null 2>/dev/null && echo $(1))
HARDENING := -fPIE -fstack-protector-strong -D_FORTIFY_SOURCE=2 \
	$(call try,-fstack-clash-protection) $(call try,-fcf-protection)
# Relocations in a tenth of the room; glibc reads them from 2.36 on.
try_link = $(shell echo 'int main(void) { return 0; }' | \
	$(CC) -pie -fPIE -Wl,--fatal-warnings $(1) -x c -o /dev/null - 2>/dev/null && echo $(1))
PACK_RELOCATIONS := $(if $(filter 1,$(STATIC)),$(call try_link,-Wl$(comma)-z$(comma)pack-relative-relocs))
HARDENING_LINK = $(PACK_RELOCATIONS) -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed,--gc-sections
# No exception passes through C: tables for unwinding would be a tenth of the program.
LEAN = -ffunction-sections -fdata-sections -fno-asynchronous-unwind-tables

VARIANT_release = $(HARDENING) $(LEAN)
VARIANT_clang = $(VARIANT_release)
VARIANT_static = $(VARIANT_release) -DREGCRED_STATIC
VARIANT_asan = -O1 -fno-omit-frame-pointer -fsanitize=address,undefined \
	-fno-sanitize-recover=all -DREGCRED_SANITIZED
VARIANT_coverage = -O0 --coverage
VARIANT_fuzz = -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all \
	-DREGCRED_SANITIZED
LINK_release = $(HARDENING_LINK)
LINK_clang = $(LINK_release)
LINK_static = -static-pie $(filter-out -pie,$(HARDENING_LINK))
LINK_asan = -fsanitize=address,undefined
LINK_coverage = --coverage
LINK_fuzz = -fsanitize=fuzzer,address,undefined

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -DREGCRED_VERSION='"$(VERSION)"' -Iinclude $(CJSON_CFLAGS) \
	$(WARNINGS) $(CFLAGS) $(VARIANT_$(VARIANT)) $(CPPFLAGS)
ALL_LDFLAGS = $(LINK_$(VARIANT)) $(LDFLAGS)
LIBS = $(CJSON_LIBS) $(BEGIN_STATIC) $(B64_LIBS) $(MD_LIBS) $(YAML_LIBS) $(END_STATIC)

# V=1 shows the commands.
quiet = $(if $(V),,@echo '  $(1) $@';)

# --- sources: three rings, include inward only; src/rooms has the table ------------
HOUSE = $(wildcard src/*/*.[ch] src/core/*/*.[ch] include/regcred/*/*.h)
CORE = $(patsubst src/%.c,$(OUT)/%.o,$(wildcard src/core/*/*.c))
IO = $(patsubst src/%.c,$(OUT)/%.o,$(wildcard src/io/*.c))
CLI = $(patsubst src/%.c,$(OUT)/%.o,$(wildcard src/cli/*.c))

.DELETE_ON_ERROR:
.PHONY: all FORCE
all: $(PROGRAM) $(if $(filter release,$(VARIANT)),build/regcred-gen)

build/regcred-gen: $(PROGRAM)
	@ln -sf release/regcred-gen $@

$(PROGRAM): $(CLI) $(IO) $(LIBRARY)
	$(call quiet,LINK)$(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) -o $@ $(CLI) $(IO) $(LIBRARY) $(LIBS)

$(LIBRARY): $(CORE)
	@rm -f $@
	$(call quiet,AR  )$(AR) rcs $@ $^

$(PROGRAM): $(if $(filter static,$(VARIANT)),$(OUT)/cJSON.o)
$(OUT)/cJSON.o: build/cjson/cjson/cJSON.c $(OUT)/flags
	$(call quiet,CC  )$(CC) $(CFLAGS) $(VARIANT_static) -c -o $@ $<
build/cjson/cjson/cJSON.c:
	@packaging/cjson

# Everything is built anew when this text changes.
$(OUT)/flags: export FLAGS = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS) $(LIBS) $(CORE) $(IO) $(CLI)
$(OUT)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$$FLAGS" | cmp -s - $@ || printf '%s\n' "$$FLAGS" >$@

# Before anything is compiled: does src/rooms allow every include?
.PHONY: rooms
rooms:
	@awk -f src/rooms.awk src/rooms $(HOUSE)
$(CORE) $(IO) $(CLI): | rooms

$(OUT)/%.o: src/%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

-include $(wildcard $(OUT)/*/*.d $(OUT)/core/*/*.d)

# --- packages: missing ones are installed with apt --------------------------------
BUILD_PACKAGES = pkg-config libcjson-dev libb64-dev libmd-dev libyaml-dev libcurl4-openssl-dev
TEST_PACKAGES = libcmocka-dev bats procps perl python3-yaml jq bash zsh fish mandoc strace \
	golang-docker-credential-helpers pass gnupg docker-registry apache2-utils openssl skopeo \
	$(if $(shell command -v kubectl),,kubernetes-client)
VALGRIND_PACKAGES = valgrind
FUZZ_PACKAGES = clang libclang-rt-14-dev
COVERAGE_PACKAGES = gcovr
LINT_PACKAGES = clang clang-format clang-tidy shellcheck mandoc

# Another apt may be at work: wait for it.
APT_OPTIONS = -qq -o DPkg::Lock::Timeout=300
SUDO = $(if $(filter 0,$(shell id -u)),,sudo)

define need
@if command -v apt-get >/dev/null; then \
	missing=; for package in $(1); do \
		dpkg-query -W -f '$${Status}' $$package 2>/dev/null | grep -q ' installed' || \
			missing="$$missing $$package"; \
	done; \
	if [ -n "$$missing" ]; then \
		echo "installing with apt:$$missing"; \
		$(SUDO) apt-get $(APT_OPTIONS) update && \
		$(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get $(APT_OPTIONS) install -y \
			--no-install-recommends $$missing >/dev/null; \
	fi; \
else \
	echo "no apt here; these Debian packages, or what they are called here, are used: $(1)"; \
fi
endef

.PHONY: deps need-build need-test need-valgrind need-fuzz need-coverage need-lint
deps: need-build need-test

need-build:
	$(call need,$(BUILD_PACKAGES))
need-test: need-build
	$(call need,$(TEST_PACKAGES))
need-valgrind: need-test
	$(call need,$(VALGRIND_PACKAGES))
need-fuzz: need-build
	$(call need,$(FUZZ_PACKAGES))
need-coverage: need-test
	$(call need,$(COVERAGE_PACKAGES))
need-lint: need-test
	$(call need,$(LINT_PACKAGES))

# --- run: the main job on sample values -------------------------------------------
.PHONY: run
run: need-build
	@$(MAKE) --no-print-directory all
	@echo
	@echo "  printf %s sample-token | build/regcred-gen -r ghcr.io -u octocat --password-stdin"
	@echo
	@printf %s sample-token | build/regcred-gen -r ghcr.io -u octocat --password-stdin | cat
	@echo
	@echo "The program is build/regcred-gen, and the line above can be pasted. Next:"
	@echo "  build/regcred-gen --help      man ./man/regcred-gen.1      sudo make install"

# --- tests --------------------------------------------------------------------------
UNIT_TESTS = $(patsubst tests/%.c,$(OUT)/tests/%,$(wildcard tests/unit/test_*.c))
COMMAND_TESTS = $(wildcard tests/command/*.bats)
PRELOADS = $(patsubst tests/support/%.c,$(OUT)/tests/%.so,$(wildcard tests/support/faults.c tests/support/memscan.c))
TOOLS = $(OUT)/tests/pty $(OUT)/tests/measure $(OUT)/tests/empty $(OUT)/tests/cluster \
	$(OUT)/tests/yaml_events
TEST_CFLAGS = $(filter-out -Wmissing-prototypes,$(ALL_CFLAGS)) -Itests/unit
JOBS = $(shell nproc 2>/dev/null || echo 2)
# In seconds: a test that hangs is ended. Unit tests have theirs in tests/unit/limit.c.
TEST_TIMEOUT = 600

TEST_ENV = LC_ALL=C.UTF-8 REGCRED_GEN=$(CURDIR)/$(PROGRAM) REGCRED_TOOLS=$(CURDIR)/$(OUT)/tests \
	REGCRED_VARIANT=$(VARIANT) REGCRED_CC="$(CC)" BATS_TEST_TIMEOUT=$(TEST_TIMEOUT)
PROVE = PERL5LIB=tests/lib $(TEST_ENV) prove --formatter TAP::Formatter::Count --jobs $(JOBS)

.PHONY: check check-built tests
check: need-test
	@$(MAKE) --no-print-directory check-built

tests: all $(UNIT_TESTS) $(PRELOADS) $(TOOLS)

# The unit tests alone, which need no other program.
.PHONY: check-units
check-units: $(UNIT_TESTS)
	@for test in $(UNIT_TESTS); do $(RUN) $$test || exit 1; done

check-built: tests
	@$(PROVE) $(UNIT_TESTS) $(COMMAND_TESTS)

# Regenerates the outputs that the guide and the README show.
.PHONY: session
session: tests
	$(TEST_ENV) tests/session/record tests/session/session >man/session.svg.new
	mv man/session.svg.new man/session.svg
	@for text in docs/guide.md docs/guide.ko.md; do \
		$(TEST_ENV) tests/session/walkthrough $$text >$$text.new && mv $$text.new $$text || exit 1; \
	done

# Against the cluster that KUBECONFIG points to.
.PHONY: e2e
e2e: need-test
	@$(MAKE) --no-print-directory all
	@$(PROVE) tests/e2e/cluster.bats tests/packages/packages.bats

SHARED = $(patsubst %,$(OUT)/tests/unit/%.o,vectors limit)
$(SHARED): $(OUT)/tests/unit/%.o: tests/unit/%.c $(OUT)/flags
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<

$(OUT)/tests/unit/%: tests/unit/%.c $(SHARED) $(LIBRARY)
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) $(TEST_CFLAGS) $(ALL_LDFLAGS) -MMD -MP -o $@ $< $(filter %.o,$^) \
		$(filter %.a,$^) $(LIBS) -lcmocka

$(OUT)/tests/unit/test_child: $(addprefix $(OUT)/io/,child.o process.o machine.o)

$(OUT)/tests/%.so: tests/support/%.c Makefile
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -fPIC -shared -Wl,-z,now -o $@ $<

$(OUT)/tests/pty: tests/support/pty.c
$(OUT)/tests/measure: tests/bench/measure.c
$(OUT)/tests/empty: tests/bench/empty.c
$(OUT)/tests/cluster: tests/bench/cluster.c
$(OUT)/tests/yaml_events: tests/bench/yaml_events.c
$(OUT)/tests/yaml_events: private TOOL_LIBS = $(BEGIN_STATIC) $(YAML_LIBS) $(END_STATIC)
$(TOOLS):
	@mkdir -p $(@D)
	$(call quiet,CC  )$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(WARNINGS) -o $@ $< $(TOOL_LIBS)

-include $(wildcard $(OUT)/tests/unit/*.d)

# --- heavier checks -------------------------------------------------------------------
.PHONY: check-clang check-asan valgrind fuzz coverage lint format bench
check-clang: need-fuzz
	@$(MAKE) --no-print-directory CC=clang VARIANT=clang tests

check-asan: need-test
	@$(MAKE) --no-print-directory VARIANT=asan check-built

valgrind: need-valgrind
	@$(MAKE) --no-print-directory tests
	@for test in $(UNIT_TESTS); do \
		echo "valgrind $$test"; \
		REGCRED_VALGRIND=1 valgrind -q --leak-check=full --errors-for-leak-kinds=all --error-exitcode=9 $$test >/dev/null || exit 1; \
	done
	@$(TEST_ENV) tests/support/valgrind

FUZZ_SECONDS = 30
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))

fuzz: need-fuzz
	@$(MAKE) --no-print-directory VARIANT=fuzz CC=clang fuzz-built

.PHONY: fuzz-built
fuzz-built: $(patsubst %,$(OUT)/fuzz_%,$(FUZZ_TARGETS))
	@printf '%s\n' $(FUZZ_TARGETS) | xargs -P $(JOBS) -I TARGET sh -c 'mkdir -p $(OUT)/corpus/TARGET; \
		$(OUT)/fuzz_TARGET -max_total_time=$(FUZZ_SECONDS) -max_len=65536 -print_final_stats=1 \
			-artifact_prefix=$(OUT)/ $(OUT)/corpus/TARGET tests/fuzz/corpus/TARGET \
			>$(OUT)/TARGET.log 2>&1 || { cat $(OUT)/TARGET.log; exit 1; }; \
		echo "fuzzed TARGET for $(FUZZ_SECONDS) s:" $$(grep number_of_executed_units $(OUT)/TARGET.log)'

$(OUT)/fuzz_%: tests/fuzz/fuzz_%.c tests/fuzz/pieces.h $(LIBRARY) $(OUT)/flags
	$(call quiet,CC  )$(CC) $(TEST_CFLAGS) $(ALL_LDFLAGS) -o $@ $< $(LIBRARY) $(LIBS)

coverage: need-coverage
	@$(MAKE) --no-print-directory VARIANT=coverage check-built
	gcovr --root . --object-directory build/coverage --filter src/ --print-summary \
		--html-details build/coverage/index.html --txt build/coverage/coverage.txt
	@tail -n 3 build/coverage/coverage.txt

SOURCES = $(HOUSE) $(wildcard tests/unit/*.[ch] tests/fuzz/*.[ch] \
	tests/support/*.c tests/bench/*.c)
MANUALS = man/regcred-gen.1 man/ko/regcred-gen.1
SCRIPTS = .ci/run $(addprefix packaging/,binary cjson deb foreign image mirror tree) debian/tests/make-match-check \
	$(wildcard tests/bench/run tests/support/*.bash tests/support/valgrind) tests/why/kubectl

lint: need-lint
	clang-format --dry-run -Werror $(SOURCES)
	shellcheck $(SCRIPTS) $(COMMAND_TESTS) tests/e2e/cluster.bats tests/packages/packages.bats
	mandoc -Tlint -W warning $(MANUALS)
	@printf '%s\n' $(filter %.c,$(HOUSE)) | xargs -P $(JOBS) -I FILE sh -c \
		'clang-tidy --quiet --warnings-as-errors="*" FILE -- -std=c11 -D_GNU_SOURCE -Iinclude \
			-DREGCRED_VERSION="\"$(VERSION)\"" 2>/dev/null'

format:
	clang-format -i $(SOURCES)

bench: need-test
	@$(MAKE) --no-print-directory tests
	@BENCH_STATIC=$(wildcard build/static-$(NATIVE)/regcred-gen) tests/bench/run $(PROGRAM) $(OUT)/tests

# --- packages: what people install ----------------------------------------------------
# ARCH=arm64 cross-builds them.
NATIVE = $(shell dpkg --print-architecture 2>/dev/null)
ARCH = $(NATIVE)
DEB_PACKAGES = debhelper dpkg-dev fakeroot lintian libcmocka-dev
IMAGE_PACKAGES = umoci libcurl4 ca-certificates binutils
CROSS_TOOLS = gcc-aarch64-linux-gnu qemu-user
CROSS_PACKAGES = $(addsuffix :$(ARCH),libc6-dev libb64-dev libcjson-dev libcmocka-dev libcurl4-openssl-dev libmd-dev \
	libyaml-dev libcurl4)

.PHONY: need-packaging deb image dist-binary packages
need-packaging: need-build
	$(call need,$(DEB_PACKAGES) $(IMAGE_PACKAGES))
ifneq ($(ARCH),$(NATIVE))
	$(call need,$(CROSS_TOOLS))
	@$(SUDO) packaging/foreign $(ARCH) $(CROSS_PACKAGES)
endif

deb: need-packaging
	@packaging/deb $(VERSION) $(ARCH)
image: deb
	@packaging/image $(VERSION) $(ARCH)
dist-binary: need-packaging
	@packaging/binary $(VERSION) $(ARCH) $(HOMEPAGE)

packages: deb image dist-binary

PACKAGE_TEST_PACKAGES = mmdebstrap musl-tools pre-commit python3-yaml runc skopeo util-linux
.PHONY: check-packages
check-packages: need-test
	$(call need,$(PACKAGE_TEST_PACKAGES))
	@$(MAKE) --no-print-directory all
	@$(MAKE) --no-print-directory packages
	@$(MAKE) --no-print-directory packages ARCH=arm64
	@$(PROVE) tests/packages/packages.bats

# --- installing --------------------------------------------------------------------------
.PHONY: install uninstall dist clean help
STRIP_FLAG = -s
COMPLETIONS = $(OUT)/regcred-gen.bash $(OUT)/_regcred-gen $(OUT)/regcred-gen.fish
BASH_COMPLETIONS = $(DATADIR)/bash-completion/completions
ZSH_COMPLETIONS = $(DATADIR)/zsh/site-functions
FISH_COMPLETIONS = $(DATADIR)/fish/vendor_completions.d
HELM_PLUGIN = $(DATADIR)/regcred-gen/helm

# What runs a program of another architecture, such as qemu-aarch64.
RUN =
$(OUT)/regcred-gen.bash: $(PROGRAM)
	$(RUN) $(PROGRAM) completion bash >$@
$(OUT)/_regcred-gen: $(PROGRAM)
	$(RUN) $(PROGRAM) completion zsh >$@
$(OUT)/regcred-gen.fish: $(PROGRAM)
	$(RUN) $(PROGRAM) completion fish >$@

install: all $(COMPLETIONS)
	install -D $(STRIP_FLAG) -m 755 $(PROGRAM) "$(DESTDIR)$(BINDIR)/regcred-gen"
	ln -sf regcred-gen "$(DESTDIR)$(BINDIR)/kubectl-regcred"
	ln -sf regcred-gen "$(DESTDIR)$(BINDIR)/kubectl_complete-regcred"
	install -D -m 644 man/regcred-gen.1 "$(DESTDIR)$(MANDIR)/man1/regcred-gen.1"
	ln -sf regcred-gen.1 "$(DESTDIR)$(MANDIR)/man1/kubectl-regcred.1"
	install -D -m 644 man/ko/regcred-gen.1 "$(DESTDIR)$(MANDIR)/ko/man1/regcred-gen.1"
	ln -sf regcred-gen.1 "$(DESTDIR)$(MANDIR)/ko/man1/kubectl-regcred.1"
	install -D -m 644 $(OUT)/regcred-gen.bash "$(DESTDIR)$(BASH_COMPLETIONS)/regcred-gen"
	install -D -m 644 $(OUT)/_regcred-gen "$(DESTDIR)$(ZSH_COMPLETIONS)/_regcred-gen"
	install -D -m 644 $(OUT)/regcred-gen.fish "$(DESTDIR)$(FISH_COMPLETIONS)/regcred-gen.fish"
	install -d -m 755 "$(DESTDIR)$(HELM_PLUGIN)"
	sed 's/@VERSION@/$(VERSION)/' packaging/helm/plugin.yaml.in >"$(DESTDIR)$(HELM_PLUGIN)/plugin.yaml"
	chmod 644 "$(DESTDIR)$(HELM_PLUGIN)/plugin.yaml"

uninstall:
	rm -f "$(DESTDIR)$(BINDIR)/regcred-gen" "$(DESTDIR)$(BINDIR)/kubectl-regcred" \
		"$(DESTDIR)$(BINDIR)/kubectl_complete-regcred" \
		"$(DESTDIR)$(MANDIR)/man1/regcred-gen.1" "$(DESTDIR)$(MANDIR)/man1/kubectl-regcred.1" \
		"$(DESTDIR)$(MANDIR)/ko/man1/regcred-gen.1" "$(DESTDIR)$(MANDIR)/ko/man1/kubectl-regcred.1" \
		"$(DESTDIR)$(BASH_COMPLETIONS)/regcred-gen" "$(DESTDIR)$(ZSH_COMPLETIONS)/_regcred-gen" \
		"$(DESTDIR)$(FISH_COMPLETIONS)/regcred-gen.fish" "$(DESTDIR)$(HELM_PLUGIN)/plugin.yaml"

dist:
	@mkdir -p build
	git archive --prefix=regcred-gen-$(VERSION)/ -o build/regcred-gen-$(VERSION).tar.gz HEAD
	@echo build/regcred-gen-$(VERSION).tar.gz

clean:
	rm -rf build

help:
	@echo 'make            build build/regcred-gen'
	@echo 'make run        get what is missing, build, show the main job on sample values'
	@echo 'make check      get what is missing for testing, build, run every test'
	@echo 'make check-asan the tests under address and undefined-behaviour sanitizers'
	@echo 'make e2e        the program against the cluster that KUBECONFIG points to'
	@echo 'make check-clang program and tests built with clang'
	@echo 'make session    the outputs in the guide and the picture of a session, anew'
	@echo 'make bench      measure against kubectl, an empty program, cat, jq and libyaml'
	@echo 'make valgrind   the unit tests and the main job under valgrind'
	@echo 'make fuzz       each fuzz target for FUZZ_SECONDS=$(FUZZ_SECONDS)'
	@echo 'make coverage   line coverage of the tests, in build/coverage'
	@echo 'make lint       formatting, clang-tidy, shellcheck, mandoc'
	@echo 'make format     put the sources in shape'
	@echo 'make deps       only get the packages for building and testing'
	@echo 'make install    PREFIX=$(PREFIX) DESTDIR=; also uninstall'
	@echo 'make dist       a source archive of HEAD'
	@echo 'make deb        the Debian package; also image (OCI archive) and dist-binary (static program);'
	@echo '                ARCH=arm64 cross-builds; packages is all three'
	@echo 'make clean      remove build/'
	@echo 'V=1 shows the commands; STATIC=0 links shared libb64, libmd and libyaml; VARIANT=asan|coverage|fuzz builds beside'
