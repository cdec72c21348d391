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
    Bad{"a placement that does not exist", kHead, "placement: random\n",
        "bad.yaml:4:12: error: placement: 'random' is not one of linux, gigablock-walk, gigablock-bitmap, "
        "confined"},
    Bad{"a pcp that does not exist", kHead, "pcp: slub\n",
        "bad.yaml:4:6: error: pcp: 'slub' is not one of linux, pcpbuddy, none"},
    Bad{"a tunable out of range", kHead, "tunables: {vm.swappiness: 300}\n",
        "bad.yaml:4:27: error: vm.swappiness: 300 is out of range; 0 to 200 is allowed"},
    Bad{"a tunable that is no choice", kHead, "tunables: {thp.enabled: sometimes}\n",
        "bad.yaml:4:25: error: thp.enabled: 'sometimes' is not one of always, madvise, never"},
    Bad{"a tunable nested where a dotted name is meant", kHead, "tunables: {vm: {swappiness: 1}}\n",
        "bad.yaml:4:12: error: unknown key 'vm'; names are written in full, such as 'vm.min_free_kbytes'"},
    Bad{"a cost without a unit", kHead, "costs: {migrate_page: 1500}\n",
        "bad.yaml:4:23: error: migrate_page: '1500' is not a time such as 10us or 2h30m"},
    Bad{"workloads as a map", kHead, "workloads: {use: slab}\n",
        "bad.yaml:4:12: error: workloads: a list is needed, not a map"},
    Bad{"a workload that is text", kHead, "workloads: [slab]\n",
        "bad.yaml:4:13: error: a workload: a map is needed, not text"},
    Bad{"a workload of nothing", kHead, "workloads:\n  - scale: 2\n",
        "bad.yaml:5:5: error: a workload needs a use or a model"},
    Bad{"a workload of a file and a model", kHead, "workloads:\n  - {use: objects, model: slab}\n",
        "bad.yaml:5:5: error: use and model exclude each other"},
    Bad{"a workload file that does not exist", kHead, "workloads:\n  - use: objetcs\n",
        "bad.yaml:5:10: error: unknown workload 'objetcs'; did you mean 'objects'?"},
    Bad{"a model that does not exist", kHead, "workloads:\n  - model: slap\n",
        "bad.yaml:5:12: error: unknown model 'slap'; did you mean 'slab'?"},
    Bad{"a workload twice", kHead, "workloads:\n  - model: slab\n  - model: slab\n",
        "bad.yaml:6:5: error: workload 'slab' appears twice; give one a name of its own"},
    Bad{"a workload with a dot in its name", kHead, "workloads:\n  - {model: slab, name: a.b}\n",
        "bad.yaml:5:25: error: 'a.b' is no name for a workload; letters, digits, '-' and '_' are allowed"},
    Bad{"a negative scale", kHead, "workloads:\n  - {model: slab, scale: -1}\n",
        "bad.yaml:5:26: error: scale: -1 is out of range; 0 to 1000000 is allowed"},
    Bad{"a workload that stops before it starts", kHead, "workloads:\n  - {model: slab, start: 2m, stop: 1m}\n",
        "bad.yaml:5:36: error: stop must be later than start"},
    Bad{"an unknown model parameter", kHead, "workloads:\n  - {model: slab, set: {rat: 1/s}}\n",
        "bad.yaml:5:25: error: unknown key 'rat'; did you mean 'rate'?"},
    Bad{"a model parameter of the wrong type", kHead, "workloads:\n  - {model: slab, set: {rate: 20}}\n",
        "bad.yaml:5:31: error: rate: '20' is not a rate such as 20k/s or 300/min"},
    Bad{"a set that is a list", kHead, "workloads:\n  - {model: slab, set: [1]}\n",
        "bad.yaml:5:24: error: set: a map is needed, not a list"},
    Bad{"a list parameter that is text", kHead, "workloads:\n  - {model: slab, set: {caches: dentry}}\n",
        "bad.yaml:5:33: error: caches: a list is needed, not text"},
    Bad{"a list element that is text", kHead, "workloads:\n  - {model: slab, set: {caches: [dentry]}}\n",
        "bad.yaml:5:34: error: an element of caches: a map is needed, not text"},
    Bad{"an unknown key in a list element", kHead,
        "workloads:\n  - model: slab\n    set:\n      caches:\n        - {nmae: dentry}\n",
        "bad.yaml:8:12: error: unknown key 'nmae'; did you mean 'name'?"},
    Bad{"a bad law in a list element", kHead,
        "workloads:\n  - model: slab\n    set:\n      caches:\n        - {lifetime: normal 1s}\n",
        "bad.yaml:8:22: error: lifetime: 'normal 1s' is not a law such as \"fixed 10ms\", \"uniform 1s 5s\", "
        "\"exponential 200ms\", \"lognormal 1.1s p90 3.7s\", \"pareto 1ms 1.3\", \"quantiles 1ms 20ms 3s\" or "
        "\"forever\""},
    Bad{"an error in a workload file", kHead, "workloads:\n  - use: broken\n",
        "DIR/broken.yaml:2:13: error: rate: 'fast' is not a rate such as 20k/s or 300/min\n"
        "DIR/broken.yaml:3:1: error: unknown key 'rate'; known are model, compose, set, description, source"},
    Bad{"a workload file made of itself", kHead, "workloads:\n  - use: circle\n",
        "DIR/circle.yaml:1:17: error: workload 'circle' is made of itself"},
    Bad{"a parameter of no part of a composition", kHead, "workloads:\n  - {use: pair, set: {other.rate: 1/s}}\n",
        "bad.yaml:5:23: error: 'other.rate' names no part of this workload; keys are PART.KEY with PART slab, net"},
    Bad{"an unknown parameter of a part", kHead, "workloads:\n  - {use: pair, set: {net.rate: 1/s}}\n",
        "bad.yaml:5:23: error: unknown key 'rate'; known are sockets"},
    Bad{"a timeline that is a map", kHead, "timeline: {at: 1m, do: snapshot}\n",
        "bad.yaml:4:11: error: timeline: a list is needed, not a map"},
    Bad{"an action without a kind", kHead, "timeline:\n  - at: 1m\n",
        "bad.yaml:5:5: error: a timeline action needs do: allocate_1g, free_1g, set, snapshot, compact_memory, "
        "drop_caches, stop_workload, start_workload"},
    Bad{"an action without a time", kHead, "timeline:\n  - do: snapshot\n", "bad.yaml:5:5: error: snapshot needs at"},
    Bad{"an unknown action", kHead, "timeline:\n  - {at: 1m, do: reboot}\n",
        "bad.yaml:5:18: error: unknown action 'reboot'; known are allocate_1g, free_1g, set, snapshot, "
        "compact_memory, drop_caches, stop_workload, start_workload"},
    Bad{"a key that the action does not take", kHead, "timeline:\n  - {at: 1m, do: snapshot, count: 3}\n",
        "bad.yaml:5:28: error: unknown key 'count'; known are do, at"},
    Bad{"no 1 GiB pages", kHead, "timeline:\n  - {at: 1m, do: allocate_1g, count: 0}\n",
        "bad.yaml:5:38: error: count: 0 is out of range; 1 to 1000000 is allowed"},
    Bad{"set without a value", kHead, "timeline:\n  - {at: 1m, do: set, tunable: vm.swappiness}\n",
        "bad.yaml:5:5: error: set needs value"},
    Bad{"set of an unknown tunable", kHead, "timeline:\n  - {at: 1m, do: set, tunable: vm.swapiness, value: 1}\n",
        "bad.yaml:5:32: error: unknown key 'vm.swapiness'; did you mean 'vm.swappiness'?"},
    Bad{"set out of range", kHead, "timeline:\n  - {at: 1m, do: set, tunable: vm.swappiness, value: 300}\n",
        "bad.yaml:5:54: error: vm.swappiness: 300 is out of range; 0 to 200 is allowed"},
    Bad{"set of what is fixed", kHead, "timeline:\n  - {at: 1m, do: set, tunable: swap.size, value: 1GiB}\n",
        "bad.yaml:5:50: error: swap.size: cannot change during a run; set it under tunables"},
    Bad{"stopping a workload that is not there", kHead,
        "workloads:\n  - model: slab\ntimeline:\n  - {at: 1m, do: stop_workload, workload: slap}\n",
        "bad.yaml:7:43: error: unknown workload 'slap'; did you mean 'slab'?"},
    Bad{"several errors at once", "",
        "name: bad\nmachine: {cpus: many, memory: 4GiB}\nduration: 1h\nwramup: 1m\nworkloads:\n"
        "  - {model: slab, set: {rate: fast, share: 2}}\ntimeline:\n  - {at: soon, do: snapshot}\n",
        "bad.yaml:2:17: error: cpus: 'many' is not a whole number\n"
        "bad.yaml:4:1: error: unknown key 'wramup'; did you mean 'warmup'?\n"
        "bad.yaml:6:31: error: rate: 'fast' is not a rate such as 20k/s or 300/min\n"
        "bad.yaml:6:44: error: share: 2 is out of range; 0% to 100% is allowed\n"
        "bad.yaml:8:10: error: at: 'soon' is not a time such as 10us or 2h30m"},
};

/** Every error with the directory of the workload files called DIR. */
std::string errors_of(const Bad& bad, const test::WorkloadDir& dir) {
  const test::FakeCatalog models;
  const ReadOptions options{.models = models, .workload_dirs = {dir.path()}};
  auto result = read_scenario_text(std::string(bad.head) + bad.rest, "bad.yaml", options);
  CHECK_FALSE(result.scenario.has_value());
  for (Diagnostic& error : result.errors) {
    if (error.file.starts_with(dir.path().string())) {
      error.file.replace(0, dir.path().string().size(), "DIR");
    }
  }
  return test::join(result.errors);
}

}  // namespace

TEST_CASE("bad placements, tunables, workloads and actions are refused with every error and its place") {
  const test::WorkloadDir dir("bad-workload");
  dir.add("objects", "model: slab\n");
  dir.add("broken", "model: slab\nset: {rate: fast}\nrate: 1/s\n");
  dir.add("circle", "compose: [{use: circle}]\n");
  dir.add("pair", "compose:\n  - {model: slab}\n  - {model: skb, name: net}\n");
  for (const Bad& bad : kBad) {
    CAPTURE(bad.what);
    CHECK(errors_of(bad, dir) == bad.errors);
  }
}
