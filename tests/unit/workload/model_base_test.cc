// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/model_base.h"

#include <doctest/doctest.h>

#include <vector>

#include "sim/base/check.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

/** Opens what models inherit. */
struct Bare : ModelBase {
  using ModelBase::arrivals;
  using ModelBase::ModelBase;
  using ModelBase::share_of;
  using ModelBase::spread;
  void run(CpuId, Ns, Ns) override {}
  void stop() override {}
};

}  // namespace

TEST_CASE("machine-wide counts are spread over the CPUs without loss") {
  Rig rig;
  const Bare model("bare", 0.5, rig.host);
  CHECK(model.share_of(CpuId{0}, 15) == 4);
  CHECK(model.share_of(CpuId{1}, 15) == 3);
}

TEST_CASE("arrivals follow rate, scale and window") {
  Rig rig;
  Bare model("bare", 2, rig.host);
  std::uint64_t all = 0;
  for (int window = 0; window < 1000; ++window) {
    all += model.arrivals(CpuId{0}, 1000, Ns{0}, Ns{10'000'000});
  }
  CHECK(all == doctest::Approx(10'000).epsilon(0.05));
}

TEST_CASE("arrivals of a window are spread evenly inside it") {
  std::vector<std::int64_t> times;
  Bare::spread(4, Ns{100}, Ns{180}, [&](Ns at) { times.push_back(at.count()); });
  CHECK(times == std::vector<std::int64_t>{110, 130, 150, 170});
}

TEST_CASE("kernel pages are never evicted") {
  Rig rig;
  KernelPages pages("net:rx", rig.memory);
  CHECK(rig.memory.folios().owner(pages.id()).name() == "net:rx");
  CHECK_THROWS_AS(pages.on_evicted(FolioId{0}, Folio{}), InvariantViolation);
  CHECK(lowest_cpu_of(rig.memory, NodeId{0}) == CpuId{0});
}
