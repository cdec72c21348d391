// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/run_differences.h"

#include <doctest/doctest.h>

#include <fstream>
#include <vector>

#include "temp_dir.h"

using namespace gbsim;
using gbsim::test::TempDir;
namespace fs = std::filesystem;

namespace {

constexpr const char* kPlain =
    "name: a\nmachine:\n  nodes: 1\n  cpus: 2\n  memory: 1GiB\nwarmup: 0s\nduration: 1m\nseed: 1\nplacement: linux\n"
    "tunables:\n  vm.swappiness: 60\nworkloads:\n  - name: slab\n    model: slab\n    scale: 1\ntimeline: []\n";

/** Runs by name, each with a scenario of its own. */
class Runs {
 public:
  void add(const std::string& name, const std::string& scenario) {
    dirs_.push_back(dir_.path() / name);
    fs::create_directories(dirs_.back());
    std::ofstream(dirs_.back() / "scenario.yaml") << scenario;
  }
  /** With the directory that all are in left out. */
  std::string differences() const {
    std::string text = run_differences(dirs_).value_or("");
    const std::string all = dir_.path().string() + "/";
    for (auto at = text.find(all); at != std::string::npos; at = text.find(all)) {
      text.erase(at, all.size());
    }
    constexpr std::string_view kWhy = "these runs are of different things, so that their ratios say little about the "
                                      "placement: ";
    return text.starts_with(kWhy) ? text.substr(kWhy.size()) : text;
  }

 private:
  TempDir dir_;
  std::vector<fs::path> dirs_;
};

std::string with(std::string text, std::string_view what, std::string_view other) {
  return text.replace(text.find(what), what.size(), other);
}

std::string replayed(const std::string& trace) {
  return "# The demand of " + trace + " came from `gbsim replay --mode what-if`; this file alone has none.\n" + kPlain;
}

}  // namespace

TEST_CASE("runs that differ in placement, seed and tunables are alike") {
  Runs runs;
  runs.add("a", kPlain);
  runs.add("b", with(with(kPlain, "seed: 1", "seed: 2"), "placement: linux", "placement: confined"));
  runs.add("c", with(kPlain, "vm.swappiness: 60", "vm.swappiness: 10"));
  CHECK(runs.differences().empty());
}

TEST_CASE("what the machines differ in is told with the runs that have it") {
  Runs runs;
  runs.add("a", kPlain);
  runs.add("b", kPlain);
  runs.add("c", with(with(kPlain, "memory: 1GiB", "memory: 2GiB"), "nodes: 1", "nodes: 2"));
  CHECK(runs.differences() == "machine.nodes (1 in a, b; 2 in c); machine.memory (1GiB in a, b; 2GiB in c)");
}

TEST_CASE("scenarios, lengths, workloads and timelines are told apart") {
  Runs runs;
  runs.add("a", kPlain);
  runs.add("b", with(with(kPlain, "name: a", "name: b"), "duration: 1m", "duration: 2m"));
  runs.add("c", with(kPlain, "scale: 1", "scale: 2"));
  runs.add("d", with(with(kPlain, "name: slab", "name: net"), "timeline: []", "timeline:\n  - {at: 1s}"));
  CHECK(runs.differences() ==
        "scenario (a in a, c, d; b in b); duration (1m in a, c, d; 2m in b); "
        "workload slab (variant 1 in a, b; variant 2 in c; none in d); "
        "timeline (variant 1 in a, b, c; variant 2 in d); workload net (none in a, b, c; variant 1 in d)");
}

TEST_CASE("replays of one recording are alike, however it was named") {
  Runs runs;
  runs.add("a", replayed("/tmp/one.gbtrace"));
  runs.add("b", replayed("/tmp/../tmp/one.gbtrace"));
  CHECK(runs.differences().empty());
  runs.add("c", replayed("/tmp/two.gbtrace"));
  runs.add("d", kPlain);
  CHECK(runs.differences() == "recording (/tmp/one.gbtrace in a, b; /tmp/two.gbtrace in c; none in d)");
}

TEST_CASE("of many runs a few are named, and what has no readable scenario is left out") {
  Runs runs;
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) {
    runs.add(name, kPlain);
  }
  runs.add("g", with(kPlain, "cpus: 2", "cpus: 4"));
  runs.add("h", "name: [\n");
  CHECK(runs.differences() == "machine.cpus (2 in a, b, c, d and 2 more; 4 in g)");
}
