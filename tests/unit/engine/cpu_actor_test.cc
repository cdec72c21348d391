// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/cpu_actor.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <iterator>
#include <memory>
#include <vector>

#include "engine_fixture.h"
#include "sim/engine/daemon.h"

using namespace gbsim;
using namespace gbsim::test;

namespace {

/** A window as a CPU ran it. */
struct Seen {
  unsigned cpu;
  Ns at;
  Ns from;
  Ns to;
  auto operator<=>(const Seen&) const = default;
};

/** CPUs without phases that share the stage's workloads. */
struct Cpus {
  Cpus(SmallStage& small, unsigned count) {
    for (unsigned i = 0; i < count; ++i) {
      const CpuPlan plan{CpuId{i}, 10ms, 0ms};
      cpus.push_back(std::make_unique<CpuActor>(small.stage, plan, small.workloads, small.direct));
    }
  }
  std::vector<std::unique_ptr<CpuActor>> cpus;
};

std::vector<Seen> windows_of(const std::vector<Seen>& seen, unsigned cpu) {
  std::vector<Seen> result;
  std::ranges::copy_if(seen, std::back_inserter(result), [cpu](const Seen& window) { return window.cpu == cpu; });
  return result;
}

}  // namespace

TEST_CASE("a stalled CPU delays its own later windows and nobody else's") {
  SmallStage small(2);
  std::vector<Seen> seen;
  run_fake(small.workloads, "load", [&](CpuId cpu, Ns from, Ns to) {
    seen.push_back({cpu.value, small.memory.clock().now, from, to});
    const bool stalls = cpu == CpuId{1} && from == 10ms;
    small.memory.meter().charge_time(stalls ? 25ms : 4ms);
  });
  const Cpus cpus(small, 2);
  small.stop_at(45ms);
  small.actors.run();
  CHECK(windows_of(seen, 0) == std::vector<Seen>{{0, 0ms, 0ms, 10ms},
                                                 {0, 10ms, 10ms, 20ms},
                                                 {0, 20ms, 20ms, 30ms},
                                                 {0, 30ms, 30ms, 40ms},
                                                 {0, 40ms, 40ms, 50ms}});
  CHECK(windows_of(seen, 1) ==
        std::vector<Seen>{{1, 0ms, 0ms, 10ms}, {1, 10ms, 10ms, 20ms}, {1, 35ms, 20ms, 30ms}});
}

TEST_CASE("a daemon's debt delays its CPU as far as the CPU was not idle") {
  SmallStage small(1);
  std::vector<Seen> seen;
  run_fake(small.workloads, "load", [&](CpuId cpu, Ns from, Ns to) {
    seen.push_back({cpu.value, small.memory.clock().now, from, to});
    small.memory.meter().charge_time(from == 0ms ? 4ms : 8ms);
  });
  const Daemon daemon(small.stage, {.name = "kswapd0", .user = CpuUser::kswapd}, [&](CpuId) {
    small.memory.meter().charge_time(5ms);
    return small.memory.clock().now < 5ms ? kGoOn : kUntilWoken;
  });
  const Cpus cpus(small, 1);
  small.stop_at(45ms);
  small.actors.run();
  // 4 of work and 5 of debt fit into the first window; 8 and 5 do not fit into the second.
  CHECK(seen == std::vector<Seen>{{0, 0ms, 0ms, 10ms},
                                  {0, 10ms, 10ms, 20ms},
                                  {0, 23ms, 20ms, 30ms},
                                  {0, 33ms, 30ms, 40ms},
                                  {0, 43ms, 40ms, 50ms}});
}

TEST_CASE("a CPU without workloads sleeps until one is started") {
  SmallStage small(1);
  std::vector<Seen> seen;
  FakeWorkload& load = run_fake(small.workloads, "load", [&](CpuId cpu, Ns from, Ns to) {
    seen.push_back({cpu.value, small.memory.clock().now, from, to});
  });
  small.workloads.stop("load");
  const Cpus cpus(small, 1);
  small.actors.spawn("operator", 0, [&] {
    small.actors.clock().sleep_until(1s);
    small.workloads.start("load");
    cpus.cpus[0]->wake();
  });
  small.stop_at(1s + 15ms);
  small.actors.run();
  CHECK(load.starts == 2);
  CHECK(seen == std::vector<Seen>{{0, 1s, 0ms, 10ms}, {0, 1s + 10ms, 10ms, 20ms}});
}

TEST_CASE("direct reclaim and compaction are told apart from the workload's own time") {
  SmallStage small(1);
  run_fake(small.workloads, "load", [&](CpuId, Ns, Ns) {
    small.memory.meter().charge_time(9ms);
    small.direct.reclaim += 2ms;
    small.direct.compaction += 3ms;
  });
  const Cpus cpus(small, 1);
  small.stop_at(5ms);
  small.actors.run();
  CHECK(small.ledger.times()[CpuUser::workload] == 4ms);
  CHECK(small.ledger.times()[CpuUser::direct_reclaim] == 2ms);
  CHECK(small.ledger.times()[CpuUser::direct_compaction] == 3ms);
}

TEST_CASE("sixteen overloaded CPUs interleave in the same order every time") {
  SmallStage small(16);
  std::uint64_t hash = 1469598103934665603U;
  run_fake(small.workloads, "load", [&](CpuId cpu, Ns from, Ns) {
    const auto now = static_cast<std::uint64_t>(small.memory.clock().now.count());
    hash = (hash ^ (now * 31 + cpu.value)) * 1099511628211U;
    small.memory.meter().charge_time(Ns{9'000'000 + (cpu.value * 7 + from.count() / 10'000'000) % 5 * 500'000});
  });
  const Cpus cpus(small, 16);
  small.stop_at(2s);
  small.actors.run();
  CHECK(hash == 16411514676163111345U);
}
