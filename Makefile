# agentmaild - build, test, install. `make help` lists the targets.

BUILD    ?= build
PREFIX   ?= /usr
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
CC       ?= cc
CFLAGS   ?= -O2 -g
JOBS     ?= $(shell nproc 2>/dev/null || echo 2)
# libev has no .pc file in Debian.
PKG_LIST := sqlite3 libgit2 json-c libcrypto libcurl zlib
VERSION  := $(shell sed -n 's/^## *\([0-9][0-9.]*\).*/\1/p' CHANGELOG 2>/dev/null | head -n1)
ifeq ($(VERSION),)
VERSION  := 0.1.0
endif

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wvla -Wformat=2 -Wundef -Wno-unused-parameter -Werror
HARDEN := -fPIE -fstack-protector-strong
ifeq ($(findstring -fsanitize,$(CFLAGS)),)
ifeq ($(findstring -O0,$(CFLAGS)),)
HARDEN += -D_FORTIFY_SOURCE=2
endif
endif
PKG_CFLAGS := $(shell pkg-config --cflags $(PKG_LIST) 2>/dev/null)
# Fault points (base/fault.h) are for tests: make FAULTS=1 BUILD=build-faults
ifneq ($(FAULTS),)
CPPFLAGS += -DFAULTS
endif
CPPFLAGS += -D_GNU_SOURCE -Isrc -I$(BUILD)/gen -DAGENTMAIL_VERSION='"$(VERSION)"' $(PKG_CFLAGS)
ALL_CFLAGS = -std=c11 $(WARN) $(HARDEN) $(CFLAGS)
LDFLAGS += -pie -Wl,-z,relro,-z,now -Wl,--as-needed

LIB_BASE   := $(shell pkg-config --libs json-c libcrypto 2>/dev/null) -lm
LIB_STORE  := $(shell pkg-config --libs sqlite3 2>/dev/null)
LIB_GIT    := $(shell pkg-config --libs libgit2 zlib 2>/dev/null)
LIB_EVENT  := -lev
LIB_CURL   := $(shell pkg-config --libs libcurl 2>/dev/null)
LIB_GD     := $(shell pkg-config --libs gdlib 2>/dev/null)

folder = $(patsubst src/%.c,$(BUILD)/obj/%.o,$(wildcard src/$(1)/*.c src/$(1)/*/*.c))

DAEMON_FOLDERS := base conf ipc proc event master net store mail view api tool resource rest job mcp serve worker archive keeper guard helper
CLI_FOLDERS    := base conf ipc store mail view api tool resource archive guard cli
# agentmail-picture is a program of its own.
PICTURE    := $(call folder,helper/picture)
OBJ_GEN    := $(BUILD)/obj/gen/schema.o
OBJ_DAEMON := $(filter-out $(PICTURE),$(foreach f,$(DAEMON_FOLDERS),$(call folder,$(f))))
# The CLI reads and rebuilds archives; the role that writes one needs the loop.
OBJ_CLI    := $(filter-out $(BUILD)/obj/archive/archiver.o,$(foreach f,$(CLI_FOLDERS),$(call folder,$(f))))
OBJ_ALL    := $(sort $(OBJ_DAEMON) $(OBJ_CLI))

.PHONY: all clean help
all: $(BUILD)/agentmaild $(BUILD)/agentmail $(BUILD)/agentmail-picture

$(BUILD)/agentmaild: $(BUILD)/obj/agentmaild.o $(OBJ_DAEMON) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_STORE) $(LIB_GIT) $(LIB_EVENT) $(LIB_CURL)

$(BUILD)/agentmail: $(BUILD)/obj/agentmail.o $(OBJ_CLI) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_STORE) $(LIB_GIT) $(LIB_CURL)

# Run by the helper for each picture: libgd and what it brings stay out of the daemon. Never with sanitizers, which
# need more address space than it is allowed.
$(BUILD)/agentmail-picture: override CFLAGS := $(filter-out -fsanitize% -fno-sanitize%,$(CFLAGS))
$(BUILD)/agentmail-picture: $(BUILD)/obj/agentmail-picture.o $(PICTURE)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_GD)

$(BUILD)/obj/%.o: src/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# The schema files become one table of strings: step number, SQL.
$(BUILD)/gen/schema.c: $(wildcard src/store/schema/*.sql)
	@mkdir -p $(@D)
	@awk 'BEGIN { print "#include \"store/schema.h\"\nconst struct schema_step schema_steps[] = {" } \
	  FNR == 1 { if (NR > 1) print "\t},"; n = FILENAME; sub(/.*\//, "", n); printf "\t{ %d,\n", n + 0 } \
	  { gsub(/\\/, "&&"); gsub(/"/, "\\\""); printf "\t  \"%s\\n\"\n", $$0 } \
	  END { print "\t},\n\t{ 0, NULL }\n};" }' $^ > $@
$(BUILD)/obj/gen/%.o: $(BUILD)/gen/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# Unit tests: tests/unit/<folder>/check_<file>.c defines Suite *suite_<file>(void); the list of suites is made from the
# paths, and so are the names that the linker sees: two folders may each have a check_thread.c.
TEST_SRC := $(wildcard tests/unit/*/check_*.c tests/unit/*/*/check_*.c)
TEST_OBJ := $(patsubst tests/%.c,$(BUILD)/%.o,$(TEST_SRC) tests/unit/runner.c) \
	$(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/support/*.c))
$(BUILD)/gen/suites.inc: $(TEST_SRC) Makefile
	@mkdir -p $(@D)
	@printf '%s\n' $(foreach t,$(sort $(TEST_SRC:tests/unit/%.c=%)), \
	  'SUITE($(subst /,_,$(t)), "$(patsubst check_%,%,$(notdir $(t)))")') > $@.tmp
	@cmp -s $@.tmp $@ || cp $@.tmp $@; rm -f $@.tmp
$(BUILD)/unit/runner.o: $(BUILD)/gen/suites.inc
# Check's macro `fail` is taken away before anything else is read: support/check.h.
COMPILE_TEST = $(CC) $(CPPFLAGS) -Itests -include tests/support/check.h $(ALL_CFLAGS) -Wno-missing-prototypes -MMD -MP -c -o $@ $<
$(BUILD)/unit/%.o: tests/unit/%.c
	@mkdir -p $(@D)
	$(COMPILE_TEST) -D$(patsubst check_%,suite_%,$(*F))=$(subst /,_,suite_$*)
$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(COMPILE_TEST)
$(BUILD)/check_unit: $(TEST_OBJ) $(OBJ_ALL) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_STORE) $(LIB_GIT) $(LIB_EVENT) $(LIB_CURL) \
	  $(shell pkg-config --libs check 2>/dev/null)

# The process model: master/ with test roles, which also shows that it links without SQLite, libgit2 and libev;
# then scenarios, one program each, with real processes and signals, of it and of the real daemon.
# S=reload runs one, D=build/agentmaild one daemon.
OBJ_PROC := $(foreach f,base conf ipc proc master,$(call folder,$(f)))
$(BUILD)/testd: $(BUILD)/tests/proc/testd.o $(OBJ_PROC)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE)

# The real workers beside a role that is a row and a function of its own.
$(BUILD)/roled: $(BUILD)/tests/proc/roled.o $(OBJ_DAEMON) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_STORE) $(LIB_GIT) $(LIB_EVENT) $(LIB_CURL)

SCENARIOS := $(patsubst tests/proc/check_%.c,$(BUILD)/proc/%,$(wildcard tests/proc/check_*.c))
$(BUILD)/proc/%: $(BUILD)/tests/proc/check_%.o $(BUILD)/tests/support/daemon.o $(BUILD)/tests/support/load.o
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(shell pkg-config --libs check 2>/dev/null)
.PHONY: check-proc
check-proc: $(BUILD)/testd $(BUILD)/roled $(BUILD)/agentmaild $(BUILD)/agentmail $(BUILD)/agentmail-picture $(SCENARIOS)
	@set -e; for d in $(if $(D),$(D),$(BUILD)/testd $(BUILD)/agentmaild); do \
	  for s in $(if $(S),$(BUILD)/proc/$(S),$(SCENARIOS)); do echo "$$d:"; DAEMON=$$d $$s; done; done
	$(if $(S)$(D),,@BUILD=$(BUILD) $(CHAOS) short)

# The same by hand and in .ci/run: 200 kills, each fault point, small disks, crowds, five minutes of load. N=kill runs one.
CHAOS := PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=tests/support python3 tests/chaos/run.py
.PHONY: check-chaos check-proc-long
check-chaos: all
	@BUILD=$(BUILD) $(CHAOS) short $(N)
check-proc-long: all $(BUILD)/check_unit
	@CHANGES_ROUNDS=12 CK_RUN_SUITE=changes_crash $(BUILD)/check_unit
	@$(MAKE) --no-print-directory FAULTS=1 BUILD=$(BUILD)-faults $(BUILD)-faults/agentmaild
	@BUILD=$(BUILD) BUILD_FAULTS=$(BUILD)-faults $(CHAOS) long $(N)

# Scripts that talk to the real daemon: S=rest_seed runs one. What needs more than the packages of `check` says so in a
# line "# Needs: COMMAND..." and is passed over, with words, where that is missing; CI has it all.
.PHONY: check-wire
check-wire: $(BUILD)/agentmaild $(BUILD)/agentmail-picture
	@set -e; for s in tests/wire/$(if $(S),$(S),*).sh; do \
	  need=; for c in $$(sed -n 's/^# Needs: //p' $$s); do command -v $$c >/dev/null || need=$$c; done; \
	  if [ -n "$$need" ]; then echo "wire: $$s: skipped, $$need is not here"; [ -z "$$CI" ]; continue; fi; \
	  echo "wire: $$s"; BUILD=$(BUILD) sh $$s; done

# T=thread runs one suite, or those of that name in several folders.
.PHONY: check-unit check-lint check-all format format-check
check-unit: $(BUILD)/check_unit $(BUILD)/agentmail $(BUILD)/agentmail-picture
	$(if $(T),CK_RUN_SUITE=$(T)) $(BUILD)/check_unit
check-lint:
	@set -e; for s in tests/lint/*.sh; do echo "lint: $$s"; BUILD=$(BUILD) CC="$(CC)" sh $$s; done
format-check:
	@sh tests/lint/format.sh
format:
	@sh tests/lint/format.sh mend
check-all: all check-unit check-proc check-wire check-lint

# Tests run one after the other; only what they are made of is built in parallel.
.PHONY: check-programs
check-programs: all $(BUILD)/check_unit $(BUILD)/testd $(BUILD)/roled $(SCENARIOS)

# The newcomer's two commands: both get what is missing first and say so.
.PHONY: run check
run:
	@sh .ci/packages build
	@$(MAKE) --no-print-directory -j$(JOBS) all
	@exec $(BUILD)/agentmaild -F
check:
	@sh .ci/packages check
	@$(MAKE) --no-print-directory -j$(JOBS) check-programs
	@$(MAKE) --no-print-directory check-all

# Programs of bench/: plain C over libc, raw SQLite and libgit2 to compare with, and net/ alone.
BENCH_PROGRAMS := load null_server limits cpu idle stream_server
.PHONY: bench
bench: all $(BENCH_PROGRAMS:%=$(BUILD)/bench/%)
$(BUILD)/bench/%.o: bench/%.c
	@mkdir -p $(@D)
	$(CC) $(CPPFLAGS) -Ibench $(ALL_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/bench/load: $(addprefix $(BUILD)/bench/,load.o hist.o cputime.o)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/null_server: $(BUILD)/bench/null_server.o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/idle: $(BUILD)/bench/idle.o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
$(BUILD)/bench/stream_server: $(BUILD)/bench/stream_server.o $(foreach f,base conf ipc proc event net,$(call folder,$(f)))
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_EVENT)
$(BUILD)/bench/cpu: $(addprefix $(BUILD)/bench/,cpu.o cputime.o)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^
.PHONY: bench-run
bench-run: bench
	BUILD=$(BUILD) bash bench/targets.sh
$(BUILD)/bench/limits: $(addprefix $(BUILD)/bench/,limits.o hist.o cputime.o) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_STORE) $(LIB_GIT)

# What the tables make: manual pages and the sample configuration (tests/lint/manuals.sh compares).
.PHONY: docs
docs: $(BUILD)/agentmail
	$(BUILD)/agentmail man tools > docs/man/agentmail-tools.7
	$(BUILD)/agentmail man conf > docs/man/agentmail.conf.5
	$(BUILD)/agentmail man counters > docs/man/agentmail-counters.7
	set -e; for m in agentmail.1 agentmaild.8; do \
	  sh docs/man/lists.sh $(BUILD)/agentmail docs/man/$$m > $(BUILD)/$$m; cp $(BUILD)/$$m docs/man/$$m; done
	$(BUILD)/agentmail conf defaults > etc/agentmail.conf

.PHONY: install uninstall
SBIN := $(DESTDIR)$(PREFIX)/sbin
BIN  := $(DESTDIR)$(PREFIX)/bin
LIBEXEC := $(DESTDIR)$(PREFIX)/libexec/agentmail
MAN  := $(DESTDIR)$(PREFIX)/share/man
CONF := $(DESTDIR)$(SYSCONFDIR)/agentmail
UNIT := $(DESTDIR)$(PREFIX)/lib/systemd/system
BASH_COMPLETION := $(DESTDIR)$(PREFIX)/share/bash-completion/completions
ZSH_COMPLETION  := $(DESTDIR)$(PREFIX)/share/zsh/site-functions
install: all
	install -d $(SBIN) $(BIN) $(LIBEXEC) $(CONF)/conf.d $(UNIT) $(BASH_COMPLETION) $(ZSH_COMPLETION) \
	  $(DESTDIR)$(SYSCONFDIR)/logrotate.d $(DESTDIR)$(PREFIX)/share/doc/agentmail $(DESTDIR)$(LOCALSTATEDIR)/lib/agentmail
	install -m 0755 $(BUILD)/agentmaild $(SBIN)/agentmaild
	install -m 0755 $(BUILD)/agentmail $(BIN)/agentmail
	install -m 0755 $(BUILD)/agentmail-picture $(LIBEXEC)/agentmail-picture
	[ -e $(CONF)/agentmail.conf ] || install -m 0640 etc/agentmail.conf $(CONF)/agentmail.conf
	install -m 0644 etc/logrotate $(DESTDIR)$(SYSCONFDIR)/logrotate.d/agentmail
	sed 's#/usr/sbin/#$(PREFIX)/sbin/#' init/agentmaild.service > $(UNIT)/agentmaild.service
	install -m 0644 init/agentmaild.socket $(UNIT)
	install -D -m 0644 init/agentmail.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/agentmail.conf
	install -m 0644 init/agentmaild.sysv init/agentmaild.openrc init/README README.md CHANGELOG $(DESTDIR)$(PREFIX)/share/doc/agentmail
	set -e; for m in docs/man/*.[1-8]; do n=$${m##*.}; install -d $(MAN)/man$$n; install -m 0644 $$m $(MAN)/man$$n; done
	$(BUILD)/agentmail completion bash > $(BASH_COMPLETION)/agentmail
	$(BUILD)/agentmail completion zsh > $(ZSH_COMPLETION)/_agentmail
# Leaves configuration and data.
uninstall:
	rm -f $(SBIN)/agentmaild $(BIN)/agentmail $(UNIT)/agentmaild.service $(UNIT)/agentmaild.socket
	rm -f $(DESTDIR)$(PREFIX)/lib/sysusers.d/agentmail.conf
	rm -f $(DESTDIR)$(SYSCONFDIR)/logrotate.d/agentmail $(BASH_COMPLETION)/agentmail $(ZSH_COMPLETION)/_agentmail
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/agentmail $(LIBEXEC)
	for m in docs/man/*.[1-8]; do rm -f $(MAN)/man$${m##*.}/$${m##*/}; done

# Fuzz targets: tests/fuzz/fuzz_<name>.c. build/fuzz_<name> needs nothing but the
# compiler; `make fuzz T=http SECONDS=60` runs libFuzzer (clang) from its seeds.
SUPPORT_OBJ := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/support/*.c))
FUZZ_MAIN ?= $(BUILD)/tests/fuzz/main.o
SECONDS ?= 60
$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_MAIN) $(SUPPORT_OBJ) $(OBJ_ALL) $(OBJ_GEN)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIB_BASE) $(LIB_STORE) $(LIB_GIT) $(LIB_EVENT) $(LIB_CURL) \
	  $(shell pkg-config --libs check 2>/dev/null) $(FUZZ_LIB)
# A build with clang's sanitizers, of what SANITIZED names: fuzz targets, the daemon, the unit tests.
SAN := -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
SANITIZED ?= all
.PHONY: fuzz sanitized
sanitized:
	@$(MAKE) --no-print-directory BUILD=$(BUILD)-fuzz CC=clang FUZZ_MAIN= FUZZ_LIB=-fsanitize=fuzzer CFLAGS="$(SAN)" \
	  $(if $(filter all,$(SANITIZED)),all $(BUILD)-fuzz/check_unit,$(SANITIZED))
# What it finds is added to its seeds of this build; tests/fuzz/corpus is where every run begins.
fuzz:
	@$(MAKE) --no-print-directory BUILD=$(BUILD) $(BUILD)/fuzz_$(T)
	@$(MAKE) --no-print-directory sanitized SANITIZED=$(BUILD)-fuzz/fuzz_$(T)
	@mkdir -p $(BUILD)-fuzz/corpus-$(T) && $(BUILD)/fuzz_$(T) -g $(BUILD)-fuzz/corpus-$(T)
	$(BUILD)-fuzz/fuzz_$(T) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=4096 -print_final_stats=1 \
	  -artifact_prefix=$(BUILD)-fuzz/$(T)- $(BUILD)-fuzz/corpus-$(T) $(wildcard tests/fuzz/corpus/$(T))

clean:
	rm -rf $(BUILD) $(BUILD)-fuzz

help:
	@echo "run                build and start in the foreground on http://127.0.0.1:8765 (gets missing packages)"
	@echo "check              everything that operators run: unit tests, scenarios, lint (gets missing packages)"
	@echo "all                build/agentmaild, build/agentmail and the helper program build/agentmail-picture"
	@echo "check-unit [T=x]   unit tests, or one suite"
	@echo "check-proc [S=x]   scenarios of the process model, or one of them"
	@echo "check-chaos [N=x]  daemon under kill -9, full disks, broken stores, persons and crowds; check-proc-long: at length"
	@echo "check-wire [S=x]   scripts against the real daemon, or one of them"
	@echo "check-lint         layers, sizes, headers, contracts, words, formatting, tables against documents"
	@echo "format-check       is the tree as clang-format 14 makes it? ('format' makes it so)"
	@echo "bench bench-run    load generator and comparisons; the table of bench/README measured here"
	@echo "install uninstall  with DESTDIR and PREFIX"
	@echo "variables: BUILD CC CFLAGS PREFIX SYSCONFDIR LOCALSTATEDIR DESTDIR"

.SECONDARY:
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
