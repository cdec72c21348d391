// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/cpu_ledger.h"

#include <doctest/doctest.h>

using namespace gbsim;
using namespace std::chrono_literals;

TEST_CASE("a daemon's work is a debt of its CPU until the CPU takes it") {
  CpuLedger ledger(2, 10ms);
  ledger.charge_daemon(CpuId{1}, CpuUser::kswapd, 3ms);
  ledger.charge_daemon(CpuId{1}, CpuUser::kcompactd, 1ms);
  CHECK(ledger.take_debt(CpuId{0}) == 0ms);
  CHECK(ledger.take_debt(CpuId{1}) == 4ms);
  CHECK(ledger.take_debt(CpuId{1}) == 0ms);
  CHECK(ledger.times()[CpuUser::kswapd] == 3ms);
  CHECK(ledger.times()[CpuUser::kcompactd] == 1ms);
}

TEST_CASE("daemons go to the CPU with the least to do, the lowest of equals") {
  CpuLedger ledger(4, 10ms);
  CHECK(ledger.least_busy(CpuId{0}, 4) == CpuId{0});
  CHECK(ledger.least_busy(CpuId{2}, 2) == CpuId{2});
  ledger.note_busy(CpuId{0}, 5ms);
  ledger.charge_daemon(CpuId{1}, CpuUser::kswapd, 4ms);
  ledger.note_busy(CpuId{2}, 3ms);
  ledger.note_busy(CpuId{3}, 9ms);
  CHECK(ledger.least_busy(CpuId{0}, 4) == CpuId{2});
}

TEST_CASE("a daemon takes twice as long where workloads fill the CPU") {
  CpuLedger ledger(1, 10ms);
  ledger.note_busy(CpuId{0}, 9ms);
  CHECK(ledger.pace(CpuId{0}, 2ms) == 2ms);
  ledger.note_busy(CpuId{0}, 10ms);
  CHECK(ledger.pace(CpuId{0}, 2ms) == 4ms);
}
