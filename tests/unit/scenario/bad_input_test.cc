// SPDX-License-Identifier: GPL-2.0-or-later
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "fake_catalog.h"

using namespace gbsim;

namespace {

/** A broken file and everything that is to be said about it. */
struct Bad {
  const char* what;
  const char* head;
  const char* rest;
  const char* errors;
};

constexpr const char* kHead = "name: bad\nmachine: {cpus: 2, memory: 4GiB}\nduration: 1h\n";

constexpr std::array kBad{
    Bad{"an empty file", "", "", "bad.yaml: error: the file is empty"},
    Bad{"a file of comments", "", "# nothing\n", "bad.yaml: error: the file is empty"},
    Bad{"a list instead of a map", "", "- a\n- b\n", "bad.yaml:1:1: error: a scenario: a map is needed, not a list"},
    Bad{"text instead of a map", "", "hello\n", "bad.yaml:1:1: error: a scenario: a map is needed, not text"},
    Bad{"nothing required is there", "", "seed: 1\n",
        "bad.yaml:1:1: error: name is missing\n"
        "bad.yaml:1:1: error: duration is missing\n"
        "bad.yaml:1:1: error: machine.memory is missing"},
    Bad{"an unknown key", kHead, "wramup: 1m\n", "bad.yaml:4:1: error: unknown key 'wramup'; did you mean 'warmup'?"},
    Bad{"an unknown key in machine", "", "name: bad\nmachine: {cpu: 2, memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:2:11: error: unknown key 'cpu'; did you mean 'cpus'?"},
    Bad{"an unknown tunable", kHead, "tunables: {vm.swapiness: 1}\n",
        "bad.yaml:4:12: error: unknown key 'vm.swapiness'; did you mean 'vm.swappiness'?"},
    Bad{"an unknown cost", kHead, "costs: {migrate_pages: 1us}\n",
        "bad.yaml:4:9: error: unknown key 'migrate_pages'; did you mean 'migrate_page'?"},
    Bad{"a number without its unit", "", "name: bad\nmachine: {memory: 4GiB}\nduration: 3600\n",
        "bad.yaml:3:11: error: duration: '3600' is not a time such as 10us or 2h30m"},
    Bad{"a size in powers of ten", "", "name: bad\nmachine: {memory: 4GB}\nduration: 1h\n",
        "bad.yaml:2:19: error: memory: '4GB' is not a size such as 4KiB or 2GiB"},
    Bad{"a size with a space", "", "name: bad\nmachine:\n  memory: 4 GiB\nduration: 1h\n",
        "bad.yaml:3:11: error: memory: '4 GiB' is not a size such as 4KiB or 2GiB"},
    Bad{"an octal-looking number", kHead, "seed: 010\n", "bad.yaml:4:7: error: seed: '010' is not a whole number"},
    Bad{"a hexadecimal number", kHead, "seed: 0x10\n", "bad.yaml:4:7: error: seed: '0x10' is not a whole number"},
    Bad{"a fractional count", "", "name: bad\nmachine: {cpus: 1.5, memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:2:17: error: cpus: '1.5' is not a whole number"},
    Bad{"a negative seed", kHead, "seed: -1\n", 
        "bad.yaml:4:7: error: seed: -1 is out of range; 0 to 9223372036854775807 is allowed"},
    Bad{"too little memory", "", "name: bad\nmachine: {memory: 1MiB}\nduration: 1h\n",
        "bad.yaml:2:19: error: memory: 1MiB is out of range; 128MiB to 16TiB is allowed"},
    Bad{"too much memory", "", "name: bad\nmachine: {memory: 17TiB}\nduration: 1h\n",
        "bad.yaml:2:19: error: memory: 17TiB is out of range; 128MiB to 16TiB is allowed"},
    Bad{"no CPUs", "", "name: bad\nmachine: {cpus: 0, memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:2:17: error: cpus: 0 is out of range; 1 to 4096 is allowed"},
    Bad{"fewer CPUs than nodes", "", "name: bad\nmachine: {nodes: 4, cpus: 2, memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:2:10: error: machine: 2 cpus are too few for 4 nodes; every node needs one"},
    Bad{"less memory than nodes need", "", "name: bad\nmachine: {nodes: 4, cpus: 4, memory: 511MiB}\nduration: 1h\n",
        "bad.yaml:2:10: error: machine: 511MiB are too little memory for 4 nodes; 512MiB are needed"},
    Bad{"more nodes than there can be", "", "name: bad\nmachine: {nodes: 9, cpus: 9, memory: 8GiB}\nduration: 1h\n",
        "bad.yaml:2:18: error: nodes: 9 is out of range; 1 to 8 is allowed"},
    Bad{"more movable memory than memory", "", "name: bad\nmachine: {memory: 4GiB, movablecore: 4GiB}\nduration: 1h\n",
        "bad.yaml:2:10: error: machine: movablecore and cma must be smaller than memory, 4GiB"},
    Bad{"more 1 GiB pages than memory", "", "name: bad\nmachine: {memory: 4GiB, hugetlb_1g: 4}\nduration: 1h\n",
        "bad.yaml:2:10: error: machine: hugetlb_1g and hugetlb_cma together must be smaller than memory, 4GiB"},
    Bad{"no duration at all", "", "name: bad\nmachine: {memory: 4GiB}\nduration: 0s\n",
        "bad.yaml:3:11: error: duration: 0s is out of range; 1ms to 8760h is allowed"},
    Bad{"a machine without memory", "", "name: bad\nmachine: {cpus: 4}\nduration: 1h\n",
        "bad.yaml:2:10: error: machine.memory is missing"},
    Bad{"a machine that is a number", "", "name: bad\nmachine: 4\nduration: 1h\n",
        "bad.yaml:2:10: error: machine: a map is needed, not text\n"
        "bad.yaml:2:10: error: machine.memory is missing"},
    Bad{"a name with a slash", "", "name: a/b\nmachine: {memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:1:7: error: 'a/b' is no name; letters, digits, '-' and '_' are allowed, up to 64"},
    Bad{"an empty name", "", "name: ''\nmachine: {memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:1:7: error: '' is no name; letters, digits, '-' and '_' are allowed, up to 64"},
    Bad{"a name that is a list", "", "name: [a]\nmachine: {memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:1:7: error: name: a single value is needed, not a list"},
    Bad{"an empty value", kHead, "seed:\n", "bad.yaml:4:1: error: seed: a single value is needed, not nothing"},
    Bad{"null for a value", kHead, "seed: ~\n", "bad.yaml:4:1: error: seed: a single value is needed, not nothing"},
    Bad{"a list for a number", kHead, "seed: [1]\n", "bad.yaml:4:7: error: seed: a single value is needed, not a list"},
    Bad{"a map for a time", kHead, "warmup: {minutes: 1}\n",
        "bad.yaml:4:9: error: warmup: a single value is needed, not a map"},
    Bad{"a key twice", kHead, "seed: 1\nseed: 2\n", "bad.yaml:5:1: error: key 'seed' appears twice"},
    Bad{"a key twice in a flow map", "", "name: bad\nmachine: {memory: 4GiB, memory: 8GiB}\nduration: 1h\n",
        "bad.yaml:2:25: error: key 'memory' appears twice"},
    Bad{"a second document", kHead, "---\nname: other\n",
        "bad.yaml:4:1: error: something follows the end of the document; one document is allowed"},
    Bad{"a second document after its end", kHead, "...\nname: other\n",
        "bad.yaml:5:1: error: something follows the end of the document; one document is allowed"},
    Bad{"junk after a flow map", "", "{name: bad, machine: {memory: 4GiB}, duration: 1h} junk\n",
        "bad.yaml:1:52: error: something follows the end of the document; one document is allowed"},
    Bad{"a merge key", kHead, "<<: {seed: 1}\n",
        "bad.yaml:4:1: error: merge keys ('<<') are not supported; write the keys out"},
    Bad{"an anchor", "", "name: &n bad\nmachine: {memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:1:7: error: anchors are not supported; write the value out where it is used"},
    Bad{"an alias to an anchor", "", "name: &n bad\ndescription: *n\nmachine: {memory: 4GiB}\nduration: 1h\n",
        "bad.yaml:1:7: error: anchors are not supported; write the value out where it is used\n"
        "bad.yaml:2:14: error: aliases are not supported; write the value out"},
    Bad{"a cyclic alias", kHead, "workloads: &w [*w]\n",
        "bad.yaml:4:12: error: anchors are not supported; write the value out where it is used\n"
        "bad.yaml:4:16: error: aliases are not supported; write the value out"},
    Bad{"an alias of nothing", kHead, "seed: *x\n",
        "bad.yaml:4:7: error: not valid YAML: the referenced anchor is not defined"},
    Bad{"a tag", kHead, "seed: !!int 1\n",
        "bad.yaml:4:7: error: tag 'tag:yaml.org,2002:int' is not supported; write the plain value"},
    Bad{"a key that is a list", kHead, "? [a, b]\n: 1\n", "bad.yaml:4:3: error: a key must be text, not a list"},
    Bad{"a tab for indentation", "", "name: bad\nmachine:\n\tmemory: 4GiB\n",
        "bad.yaml:3:8: error: not valid YAML: illegal map value; a tab cannot indent, spaces can"},
    Bad{"an unclosed flow map", "", "name: bad\nmachine: {memory: 4GiB\nduration: 1h\n",
        "bad.yaml:3:9: error: not valid YAML: end of map flow not found"},
    Bad{"an unclosed flow map at the end", kHead, "tunables: {vm.swappiness: 1\n",
        "bad.yaml:5:1: error: not valid YAML: end of map flow not found"},
    Bad{"an empty key", kHead, "tunables: {\"\": 1}\n", "bad.yaml:4:12: error: a key must not be empty"},
    Bad{"an unclosed quote", "", "name: \"bad\nmachine: {memory: 4GiB}\n",
        "bad.yaml:1:7: error: not valid YAML: this quote is never closed"},
    Bad{"a wrong indentation", "", "name: bad\n  machine: {memory: 4GiB}\n",
        "bad.yaml:2:10: error: not valid YAML: illegal map value"},
    Bad{"a control character", kHead, "description: a\004b\n",
        "bad.yaml:4:15: error: control character 0x04; plain UTF-8 text is allowed"},
    Bad{"a control character behind an escape", kHead, "seed: \"\\e[31m1\\n\"\n",
        "bad.yaml:4:7: error: seed: '\\x1b[31m1\\x0a' is not a whole number"},
    Bad{"a letter of Latin 1", kHead, "description: caf\351 au lait\n",
        "bad.yaml:4:17: error: no character begins with byte 0xe9; plain UTF-8 text is allowed"},
    Bad{"half of a surrogate pair", kHead, "description: \355\240\200\n",
        "bad.yaml:4:14: error: no character begins with byte 0xed; plain UTF-8 text is allowed"},
    Bad{"a slash spelt in two bytes", kHead, "description: \300\257\n",
        "bad.yaml:4:14: error: no character begins with byte 0xc0; plain UTF-8 text is allowed"},
    Bad{"a character cut short", kHead, "description: \342\202",
        "bad.yaml:4:14: error: no character begins with byte 0xe2; plain UTF-8 text is allowed"},
    Bad{"an action that is a list", kHead, "timeline: [{at: 1s, do: [snapshot]}]\n",
        "bad.yaml:4:25: error: do: an action is needed, not a list; allocate_1g, free_1g, set, snapshot, "
        "compact_memory, drop_caches, stop_workload, start_workload are allowed"},
    Bad{"a workload file", "", "model: slab\nset: {rate: 2/s}\n",
        "bad.yaml:1:1: error: a workload, not a scenario; a scenario takes it by 'workloads: [{use: NAME}]'"},
    Bad{"a sweep", "", "base: q.yaml\nvary: {vm.swappiness: [1]}\n",
        "bad.yaml:1:1: error: a sweep, not a scenario; 'gbsim sweep' runs it"},
    Bad{"bounds", "", "expect: []\n", "bad.yaml:1:1: error: bounds, not a scenario; for validate and --expect"},
    Bad{"junk after a flow list", kHead, "workloads: [] junk\n",
        "bad.yaml:4:15: error: not valid YAML: end of map not found"},
    Bad{"text after a quoted value", kHead, "description: \"a\" b\n",
        "bad.yaml:4:18: error: not valid YAML: end of map not found"},
};

}  // namespace

TEST_CASE("a bad scenario is refused with every error, its place and what is allowed") {
  const test::FakeCatalog models;
  for (const Bad& bad : kBad) {
    CAPTURE(bad.what);
    const auto result = read_scenario_text(std::string(bad.head) + bad.rest, "bad.yaml", {.models = models});
    CHECK_FALSE(result.scenario.has_value());
    CHECK(test::join(result.errors) == bad.errors);
  }
}

TEST_CASE("every character of UTF-8 may stand in a file") {
  const test::FakeCatalog models;
  const auto result =
      read_scenario_text(kHead + std::string("description: \303\274 \342\202\254 \355\237\277 \356\200\200 "
                                             "\360\220\200\200 \364\217\277\277\n"),
                         "good.yaml", {.models = models});
  CHECK(test::join(result.errors).empty());
}

TEST_CASE("text in UTF-16 is refused") {
  using namespace std::string_literals;
  const test::FakeCatalog models;
  const auto result = read_scenario_text("\377\376n\000a\000"s, "bad.yaml", {.models = models});
  CHECK(test::join(result.errors) == "bad.yaml:1:4: error: control character 0x00; plain UTF-8 text is allowed");
}

TEST_CASE("nesting without end is refused before it costs anything") {
  const test::FakeCatalog models;
  const auto result =
      read_scenario_text(kHead + ("workloads: " + std::string(100'000, '[')), "bad.yaml", {.models = models});
  CHECK(test::join(result.errors) == "bad.yaml:4:28: error: nested too deeply; at most 32 levels are allowed");
}

TEST_CASE("a huge file is refused") {
  const test::FakeCatalog models;
  const auto result = read_scenario_text(std::string(2 << 20, '#'), "bad.yaml", {.models = models});
  CHECK(test::join(result.errors) == "bad.yaml: error: 2097152 bytes long; at most 1048576 are allowed");
}
