// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/anon_thp.h"

#include <doctest/doctest.h>

#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

Params small_params() {
  Params params(anon_thp_model().params);
  REQUIRE(!params.set("processes.count", "3"));
  REQUIRE(!params.set("processes.size", "uniform 8MiB 16MiB"));
  REQUIRE(!params.set("processes.lifetime", "exponential 5s"));
  REQUIRE(!params.set("jobs.size", "uniform 100KiB 4MiB"));
  REQUIRE(!params.set("jobs.lifetime", "exponential 500ms"));
  REQUIRE(!params.set("release.size", "lognormal 256KiB p90 4MiB"));
  REQUIRE(!params.set("fork.rate", "1/s"));
  return params;
}

}  // namespace

TEST_CASE("every default of the anon-thp model is in range") {
  Params params(anon_thp_model().params);
  for (const ParamSpec& spec : params.schema()) {
    CAPTURE(spec.name);
    CHECK(!params.set(spec.name, spec.default_text));
    CHECK(!spec.source.empty());
  }
}

TEST_CASE("processes come and go, and all that is left when they are stopped are empty slabs") {
  Rig rig(256);
  AnonThp anon("anon", AnonRules(small_params()), 1.0, rig.host);
  anon.start();
  rig.run(anon, Ns{5'000'000'000});
  check_memory(rig.memory);
  CHECK(anon.nr_processes() >= 3);
  CHECK(rig.vm(VmEvent::thp_fault_alloc) > 0);
  CHECK(anon.largest_process().value > 0);
  anon.stop();
  CHECK(anon.nr_processes() == 0);
  CHECK(anon.anon().live_ranges() == 0);
  CHECK(rig.vm(VmEvent::nr_anon_pages) == 0);
  CHECK(rig.vm(VmEvent::nr_page_table_pages) == 0);
  CHECK(rig.vm(VmEvent::nr_kernel_stack) == 0);
  CHECK(rig.memory.folios().live() < 100);
  check_memory(rig.memory);
}

TEST_CASE("without THP the same processes live in base pages") {
  Tunables tunables;
  tunables.thp_enabled = ThpEnabled::never;
  Rig rig(256, tunables);
  AnonThp anon("anon", AnonRules(small_params()), 1.0, rig.host);
  anon.start();
  rig.run(anon, Ns{2'000'000'000});
  CHECK(rig.vm(VmEvent::thp_fault_alloc) == 0);
  CHECK(anon.anon().resident().value > 1000);
}

TEST_CASE("khugepaged collapses what faults could not get as THPs") {
  Tunables tunables;
  tunables.thp_enabled = ThpEnabled::never;
  Rig rig(256, tunables);
  AnonThp anon("anon", AnonRules(small_params()), 1.0, rig.host);
  anon.start();
  rig.run(anon, Ns{2'000'000'000});
  rig.tunables.thp_enabled = ThpEnabled::always;
  anon.khugepaged(NrPages{100 * kRangePages});
  CHECK(rig.vm(VmEvent::thp_collapse_alloc) > 0);
  check_memory(rig.memory);
}

TEST_CASE("an OOM kill takes the largest process, also in the middle of its faults") {
  Rig rig(64);
  Params params = small_params();
  REQUIRE(!params.set("processes.count", "12"));
  AnonThp anon("anon", AnonRules(params), 1.0, rig.host);
  rig.relief.victims = &anon;
  anon.start();
  rig.run(anon, Ns{3'000'000'000});
  CHECK(rig.relief.kills > 0);
  CHECK(anon.nr_processes() > 0);
  check_memory(rig.memory);
  anon.stop();
  CHECK(rig.vm(VmEvent::nr_anon_pages) == 0);
  check_memory(rig.memory);
}

TEST_CASE("processes under pressure swap, and swap is empty when they are gone") {
  Tunables tunables;
  tunables.swap_bytes = 1U << 30;
  Rig rig(64, tunables);
  Params params = small_params();
  REQUIRE(!params.set("processes.count", "8"));
  AnonThp anon("anon", AnonRules(params), 1.0, rig.host);
  rig.relief.victims = &anon;
  anon.start();
  rig.run(anon, Ns{3'000'000'000});
  CHECK(rig.vm(VmEvent::pswpout) > 0);
  check_memory(rig.memory);
  anon.stop();
  CHECK(rig.reclaim.swap().used() == NrPages{});
  CHECK(rig.vm(VmEvent::nr_anon_pages) == 0);
}

TEST_CASE("the same seed gives the same processes, another seed others") {
  const auto result = [](std::uint64_t seed) {
    Rig rig(256, Tunables{}, seed);
    AnonThp anon("anon", AnonRules(small_params()), 1.0, rig.host);
    anon.start();
    rig.run(anon, Ns{1'000'000'000});
    return std::pair{rig.vm(VmEvent::pgfree), anon.anon().resident().value};
  };
  CHECK(result(1) == result(1));
  CHECK(result(1) != result(2));
}
