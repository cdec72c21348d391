// SPDX-License-Identifier: GPL-2.0-or-later
// Keys of the anon-thp model.
#include <algorithm>
#include <array>

#include "sim/workload/anon_thp.h"

namespace gbsim {

namespace {

constexpr std::string_view kEstimate = "estimate for a 256 GiB, 32-CPU server";
constexpr std::string_view kShares = "published-figures 2.2, allocinfo of a host: anon THP 18.7 %, anon 4K 11 %";

constexpr std::array kParams{
    ParamSpec{"processes.count", ParamType::real, "64",
              "long-lived processes kept alive at scale 1; at least one, unless 0", kEstimate, 0, 1e6},
    ParamSpec{"processes.size", ParamType::law, "lognormal 512MiB p90 2.5GiB",
              "bytes a long-lived process grows to, at most a quarter of memory", kShares},
    ParamSpec{"processes.lifetime", ParamType::law, "lognormal 10m p90 1h",
              "of a long-lived process; then another starts", kEstimate},
    ParamSpec{"jobs.rate", ParamType::rate, "2/s", "short processes started, whole machine at scale 1",
              "published-figures 2.1, kernel builds"},
    ParamSpec{"jobs.size", ParamType::law, "lognormal 8MiB p90 64MiB", "bytes of a short process", kEstimate},
    ParamSpec{"jobs.lifetime", ParamType::law, "lognormal 1s p90 10s", "of a short process",
              "measured-workloads 3: anonymous memory lives 5 s to 40 s in W1"},
    ParamSpec{"base.share", ParamType::share, "15%", "of 2 MiB ranges whose VMA is too small or unaligned for a THP",
              kShares, 0, 1},
    ParamSpec{"madvise.share", ParamType::share, "30%", "of ranges under MADV_HUGEPAGE", kEstimate, 0, 1},
    ParamSpec{"faults.step", ParamType::time, "100ms", "how often a process acts", kEstimate, 1e6, 1e12},
    ParamSpec{"faults.per_step", ParamType::integer, "4096", "base pages a growing process faults in one step",
              "160 MiB/s: a process that fills its heap", 1, 1e6},
    ParamSpec{"release.rate", ParamType::rate, "0.2/s", "runs of pages given back, each long-lived process", kEstimate},
    ParamSpec{"release.size", ParamType::law, "lognormal 2MiB p90 32MiB", "of such a run, madvise(MADV_DONTNEED)",
              "estimate: jemalloc purges dirty extents as they decay"},
    ParamSpec{"touch.rate", ParamType::rate, "40/s", "sampled touches of pages, each process", kEstimate},
    ParamSpec{"fork.rate", ParamType::rate, "0.002/s", "forks, each process", kEstimate},
    ParamSpec{"cow.share", ParamType::share, "2%",
              "of its memory that a parent writes while a child shares it", kEstimate, 0, 1},
};

std::unique_ptr<Workload> make(std::string instance, const Params& params, double scale, WorkloadHost& host) {
  return std::make_unique<AnonThp>(std::move(instance), AnonRules(params), scale, host);
}

}  // namespace

AnonRules::AnonRules(const Params& params)
    : services(params.real("processes.count")),
      service{params.law("processes.size"), params.law("processes.lifetime")},
      jobs(params.real("jobs.rate")),
      job{params.law("jobs.size"), params.law("jobs.lifetime")},
      base_share(params.real("base.share")),
      madvised_share(params.real("madvise.share")),
      step(params.time("faults.step")),
      faults_per_step(static_cast<std::uint32_t>(params.integer("faults.per_step"))),
      releases(params.real("release.rate")),
      release_size(params.law("release.size")),
      touches(params.real("touch.rate")),
      forks(params.real("fork.rate")),
      cow_share(params.real("cow.share")) {}

const WorkloadModel& anon_thp_model() {
  static constexpr WorkloadModel kModel{
      "anon-thp", "processes with anonymous memory: THP faults, khugepaged, fork, partial unmap, swap", kParams, make};
  return kModel;
}

}  // namespace gbsim
