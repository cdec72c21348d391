// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/models.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "sim/workload/workload.h"
#include "workload_rig.h"

using namespace gbsim;
using test::Rig;

namespace {

void check_documented(std::span<const ParamSpec> specs) {
  for (const ParamSpec& spec : specs) {
    CAPTURE(spec.name);
    CHECK_FALSE(spec.meaning.empty());
    check_documented(spec.items);
    Params params(specs);
    CHECK(params.is_default(spec.name));
  }
}

}  // namespace

TEST_CASE("every model can be found by name, in alphabetical order") {
  CHECK(std::ranges::is_sorted(workload_models(), {}, &WorkloadModel::name));
  for (const WorkloadModel& model : workload_models()) {
    CHECK(find_workload_model(model.name) == &model);
  }
  CHECK(find_workload_model("networking") == nullptr);
  CHECK(find_workload_model("slab")->name == slab_model().name);
}

TEST_CASE("every key has a meaning and a default in range") {
  for (const WorkloadModel& model : workload_models()) {
    CAPTURE(model.name);
    check_documented(model.params);
  }
}

TEST_CASE("every model can be made, stopped without start, and leaves nothing behind") {
  for (const WorkloadModel& model : workload_models()) {
    CAPTURE(model.name);
    Rig rig(256);
    const std::uint64_t before = rig.allocated();
    const auto workload = model.make(std::string(model.name), Params(model.params), 0.001, rig.host);
    workload->stop();
    workload->start();
    rig.run(*workload, std::chrono::milliseconds{100});
    workload->stop();
    for (const auto& cache : rig.slabs.all()) {
      CAPTURE(cache->spec().name);
      CHECK(cache->objects() == 0);
      cache->shrink(CpuId{0});
    }
    CHECK(rig.allocated() == before);
    check_memory(rig.memory);
  }
}
