// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/watch/screen.h"

#include <doctest/doctest.h>

using namespace gbsim;
using namespace std::chrono_literals;

namespace {

/** 8 GiB with one zone and nine gigablocks, two minutes after the warm-up. */
Sample sample() {
  Sample result;
  result.time = 120s;
  ZoneSample zone;
  zone.name = "Normal";
  zone.managed = NrPages{2097152};
  zone.free = NrPages{524288};
  zone.pcp = NrPages{2560};
  zone.free_blocks.resize(11);
  result.zones.push_back(zone);
  for (unsigned id = 0; id < 9; ++id) {
    const auto held = id < 4 ? GigablockState::tainted : GigablockState::clean;
    result.gigablocks.push_back({.id = GigablockId{id}, .state = held});
  }
  result.gigablock_states = {0, 5, 4};
  result.allocatable_1g = 3;
  result.counters.cpu[CpuUser::kswapd] = 1500ms;
  return result;
}

WatchState state(const Sample& sample) {
  WatchState result{"gbsim toy", {0.5, 180s, 60, 1.5e6, 3725}, &sample, {}};
  result.cpu.share[static_cast<std::size_t>(CpuUser::kswapd)] = 0.125;
  return result;
}

std::string screen(const WatchState& state, const ScreenSize& size) {
  std::string all;
  for (const ScreenLine& line : screen_lines(state, size)) {
    CHECK(line.width() <= size.columns);
    all += line.text() + '\n';
  }
  return all;
}

bool holds(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the screen tells progress, memory, daemons, free blocks, gigablocks and keys") {
  const Sample now = sample();
  const std::string text = screen(state(now), {40, 120});
  CHECK(holds(text, " 50% [==========          ] 3m00s simulated, 1h02m05s left"));
  CHECK(holds(text, "60 simulated s/s  1.5 M page operations/s"));
  CHECK(holds(text, "free  2.0 GiB of 8.0 GiB (25.0%)  on per-CPU lists 10 MiB"));
  CHECK(holds(text, "0 empty  5 clean  4 tainted  3 could be had whole now"));
  CHECK(holds(text, "kswapd             12.5%    1.5s"));
  CHECK(holds(text, "Node 0, zone   Normal"));
  CHECK(holds(text, "node 0   ####ooooo"));
  CHECK(holds(text, "q: leave this view"));
}

TEST_CASE("the warm-up is named") {
  Sample now = sample();
  now.time = -1s;
  CHECK(holds(screen(state(now), {40, 120}), "simulated (warm-up)"));
}

TEST_CASE("time left is not told before there is something to tell it from") {
  const Sample now = sample();
  WatchState early = state(now);
  early.progress.fraction = 0.001;
  CHECK(holds(screen(early, {40, 120}), "simulated, ? left"));
}

TEST_CASE("no daemon is cut off on a narrow terminal") {
  const Sample now = sample();
  for (const std::size_t columns : {40U, 60U, 80U, 120U}) {
    const std::string text = screen(state(now), {40, columns});
    CHECK(holds(text, "kswapd             12.5%"));
    CHECK(holds(text, "gigablock_defrag    0.0%"));
  }
}

TEST_CASE("any size of terminal gets what fits, progress last of all") {
  const Sample now = sample();
  for (std::size_t rows = 0; rows < 30; ++rows) {
    for (const std::size_t columns : {0U, 1U, 9U, 40U, 80U}) {
      CHECK(screen_lines(state(now), {rows, columns}).size() <= rows);
    }
  }
  CHECK(holds(screen(state(now), {1, 80}), "3m00s simulated"));
  CHECK(holds(screen(state(now), {2, 80}), "free  2.0 GiB"));
  CHECK(holds(screen(state(now), {12, 80}), "####ooooo"));
}

TEST_CASE("shares of a CPU are of the time between two looks") {
  CpuTimes before;
  CpuTimes now;
  before[CpuUser::kswapd] = 1s;
  now[CpuUser::kswapd] = 2s;
  now[CpuUser::khugepaged] = 500ms;
  const CpuShares shares = cpu_shares(before, now, 4s);
  CHECK(shares.share[static_cast<std::size_t>(CpuUser::kswapd)] == 0.25);
  CHECK(shares.share[static_cast<std::size_t>(CpuUser::khugepaged)] == 0.125);
  CHECK(cpu_shares(now, before, 4s).share[static_cast<std::size_t>(CpuUser::kswapd)] == 0);
  CHECK(cpu_shares(before, now, 0s).share[static_cast<std::size_t>(CpuUser::kswapd)] == 0);
}
