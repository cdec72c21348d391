// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::string_view kShapes =
    "KERNEL|KERNEL_ACCOUNT|ATOMIC|NOWAIT|NORETRY|RETRY_MAYFAIL|NOFAIL|NOFS|TRANSHUGE|TRANSHUGE_LIGHT|"
    "HIGHUSER_MOVABLE|SKB_FRAG|SLAB_HIGH_ORDER";

constexpr std::array kClassParams{
    ParamSpec{"name", ParamType::text, "class", "for people"},
    ParamSpec{"order", ParamType::law, "fixed 0", "law over orders, rounded down, at most 10"},
    ParamSpec{"type", ParamType::choice, "movable", "mobility", "", 0, 0, "unmovable|movable|reclaimable"},
    ParamSpec{"gfp", ParamType::choice, "HIGHUSER_MOVABLE", "shape of the request", "", 0, 0, kShapes},
    ParamSpec{"rate", ParamType::rate, "1k/s", "arrivals, whole machine, times scale", "", 0, 1e9},
    ParamSpec{"burst", ParamType::law, "fixed 1", "allocations of one arrival"},
    ParamSpec{"spacing", ParamType::law, "fixed 0", "time between the allocations of one arrival"},
    ParamSpec{"dies_together", ParamType::flag, "no", "all of an arrival is freed at once"},
    ParamSpec{"life", ParamType::law, "exponential 1s", "lifetime; `forever` for what only reclaim or stop ends"},
    ParamSpec{"initial", ParamType::integer, "0", "arrivals that exist from the beginning, mixed with those of others",
              "", 0, 1e9},
    ParamSpec{"phases", ParamType::list, "", "rates and lives that follow each other, in place of the class's own, and "
              "begin anew after the last", "", 0, 0, "", kChurnPhaseParams},
    ParamSpec{"lru", ParamType::choice, "none",
              "list that it joins, where reclaim finds it and compaction moves it, whatever its type", "", 0, 0,
              "none|inactive_file|active_file|inactive_anon|active_anon"},
    ParamSpec{"fallback_order", ParamType::integer, "-1", "order tried when the first is refused, -1 for none", "", -1,
              10},
    ParamSpec{"fallback_whole", ParamType::flag, "no", "as many of them as make up the size, instead of one"},
    ParamSpec{"pinned", ParamType::share, "0%", "of allocations that cannot be moved although movable", "", 0, 1},
    ParamSpec{"cap", ParamType::share, "100%", "of memory that the class may hold; arrivals beyond it are left out", "",
              0, 1},
};

constexpr std::array kParams{
    ParamSpec{"classes", ParamType::list, "", "kinds of allocations (workloads/churn.yaml has an example)", "", 0, 0,
              "", kClassParams},
    ParamSpec{"cap", ParamType::share, "100%", "of memory that all classes together may hold", "", 0, 1},
    ParamSpec{"day.period", ParamType::time, "24h", "length of a day", "", 1e9, 1e16},
    ParamSpec{"day.amplitude", ParamType::share, "0%", "rates swing by this much around their mean", "", 0, 1},
    ParamSpec{"day.phase", ParamType::share, "0%", "where in the day time zero lies; rates are highest at 25%", "", 0,
              1},
};

constexpr double kMaxBurst = 1e6;

struct LruName {
  std::string_view name;
  LruList list;
};

constexpr std::array kLruNames{LruName{"none", LruList::none},
                               LruName{"inactive_file", LruList::inactive_file},
                               LruName{"active_file", LruList::active_file},
                               LruName{"inactive_anon", LruList::inactive_anon},
                               LruName{"active_anon", LruList::active_anon}};

LruList list_called(std::string_view name) {
  return std::ranges::find(kLruNames, name, &LruName::name)->list;
}

/** The shape's flags with the class's mobility. */
Gfp shaped(const std::string& shape, const std::string& type) {
  const Gfp plain = gfp_shape(shape).value_or(gfp::kKernel).without(Gfp::movable | Gfp::reclaimable | Gfp::highmem);
  if (type == "movable") {
    return plain.with(Gfp::movable | Gfp::highmem);
  }
  return type == "reclaimable" ? plain.with(Gfp::reclaimable) : plain;
}

Gfp for_order(Gfp gfp, Order order) {
  return order > Order{0} ? gfp.with(Gfp::comp) : gfp;
}

NrPages part(NrPages all, double share) {
  return NrPages{static_cast<std::uint64_t>(static_cast<double>(all.value) * share)};
}

}  // namespace

ChurnModel::ChurnModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      folios_(ModelBase::name(), host),
      arrivals_(host.memory.nr_cpus()),
      wheels_(host.memory.nr_cpus()),
      period_(params.time("day.period")),
      amplitude_(params.real("day.amplitude")),
      phase_(params.real("day.phase")),
      cap_(part(host.memory.managed(), params.real("cap"))) {
  for (const Params& row : params.list("classes")) {
    add_class(row);
    arrivals_.add(read_round(row));
  }
}

void ChurnModel::add_class(const Params& row) {
  Class cls;
  cls.order = QuickLaw(row.law("order"));
  cls.gfp = shaped(row.text("gfp"), row.text("type"));
  cls.burst = QuickLaw(row.law("burst"));
  cls.spacing = QuickLaw(row.law("spacing"));
  cls.dies_together = row.flag("dies_together");
  cls.life = QuickLaw(row.law("life"));
  cls.initial = static_cast<std::uint64_t>(row.integer("initial"));
  cls.lru = list_called(row.text("lru"));
  cls.fallback_order = static_cast<int>(row.integer("fallback_order"));
  cls.fallback_whole = row.flag("fallback_whole");
  cls.pinned = row.real("pinned");
  cls.cap = part(memory().managed(), row.real("cap"));
  classes_.push_back(cls);
}

double ChurnModel::pace(Ns now) const {
  if (amplitude_ <= 0) {
    return 1;
  }
  const double day = static_cast<double>(now.count()) / static_cast<double>(period_.count()) + phase_;
  return 1 + amplitude_ * std::sin(2 * std::numbers::pi * day);
}

bool ChurnModel::allocate(CpuId cpu, Class& cls, FolioGroup& group, NrPages& got) {
  const Order order{static_cast<unsigned>(std::clamp(cls.order.draw(random(cpu)), 0.0, 10.0))};
  const bool pinned = cls.pinned > 0 && random(cpu).chance(cls.pinned);
  if (folios_.add(group, request(order, for_order(cls.gfp, order), cpu), cls.lru, pinned)) {
    got += order.pages();
    return true;
  }
  if (cls.fallback_order < 0 || cls.fallback_order >= order.value) {
    return false;
  }
  const Order small{static_cast<unsigned>(cls.fallback_order)};
  const std::uint64_t wanted = cls.fallback_whole ? std::uint64_t{1} << (order.value - small.value) : 1;
  std::uint64_t served = 0;
  while (served < wanted && folios_.add(group, request(small, for_order(cls.gfp, small), cpu), cls.lru, pinned)) {
    ++served;
    got += small.pages();
  }
  return served == wanted;
}

void ChurnModel::schedule_end(CpuId cpu, const Burst& burst, Ns now, FolioGroup group, NrPages pages) {
  if (group == kEmptyGroup) {
    return;
  }
  Class& cls = classes_[burst.cls];
  cls.live += pages;
  const Ns at = burst.dies_at != Ns::max() ? burst.dies_at : burst.lives.draw_end(now, random(cpu));
  wheels_[cpu.value].schedule(at, Pending{group, static_cast<std::uint32_t>(pages.value), burst.cls});
}

void ChurnModel::allocate_all(CpuId cpu, Burst& burst, Ns now) {
  Class& cls = classes_[burst.cls];
  FolioGroup group = kEmptyGroup;
  NrPages pages;
  for (; burst.left > 0 && cls.live + pages < cls.cap && folios_.pages() < cap_; --burst.left) {
    refused_ += allocate(cpu, cls, group, pages) ? 0 : 1;
    if (!cls.dies_together) {
      schedule_end(cpu, burst, now, group, pages);
      group = kEmptyGroup;
      pages = NrPages{};
    }
  }
  schedule_end(cpu, burst, now, group, pages);
}

std::uint32_t ChurnModel::take_burst() {
  if (unused_bursts_.empty()) {
    bursts_.emplace_back();
    return static_cast<std::uint32_t>(bursts_.size() - 1);
  }
  const std::uint32_t burst = unused_bursts_.back();
  unused_bursts_.pop_back();
  return burst;
}

void ChurnModel::arrive(CpuId cpu, std::uint16_t index, const ChurnLives& lives, Ns now) {
  const Class& cls = classes_[index];
  RandomStream& stream = random(cpu);
  Burst burst{index, static_cast<std::uint32_t>(std::clamp(cls.burst.draw(stream), 0.0, kMaxBurst)), Ns::max(),
              lives};
  const Ns pause = burst.left > 1 ? cls.spacing.draw_time(stream) : Ns{0};
  if (cls.dies_together) {
    burst.dies_at = lives.draw_end(now + pause * burst.left, stream);
  }
  if (pause == Ns{0}) {
    allocate_all(cpu, burst, now);
    return;
  }
  const std::uint32_t number = take_burst();
  bursts_[number] = burst;
  go_on(cpu, number, now);
}

void ChurnModel::go_on(CpuId cpu, std::uint32_t number, Ns now) {
  Burst one = bursts_[number];
  one.left = std::min(one.left, 1U);
  allocate_all(cpu, one, now);
  if (bursts_[number].left <= 1) {
    unused_bursts_.push_back(number);
    return;
  }
  --bursts_[number].left;
  const Ns next = now + classes_[one.cls].spacing.draw_time(random(cpu));
  wheels_[cpu.value].schedule(next, Pending{kEmptyGroup, number, one.cls});
}

// Pages that reclaim took count against the class's cap until their time is over: only that is certain.
void ChurnModel::end(CpuId cpu, const Pending& pending) {
  folios_.free(pending.group, cpu);
  classes_[pending.cls].live -= NrPages{pending.step};
}

void ChurnModel::fire(CpuId cpu, Ns now, const Pending& pending) {
  if (pending.group == kEmptyGroup) {
    go_on(cpu, pending.step, now);
  } else {
    end(cpu, pending);
  }
}

void ChurnModel::bring_initial(CpuId cpu, Ns now) {
  std::vector<std::uint16_t> lot;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    const auto wanted = static_cast<double>(classes_[i].initial);
    lot.insert(lot.end(), share_of(cpu, wanted), static_cast<std::uint16_t>(i));
  }
  random(cpu).shuffle(lot);
  for (const std::uint16_t cls : lot) {
    arrive(cpu, cls, ChurnLives{&classes_[cls].life}, now);
  }
}

void ChurnModel::start() {
  const Ns now = host().clock.now;
  arrivals_.set_start(now);
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    bring_initial(CpuId{i}, now);
  }
}

void ChurnModel::run(CpuId cpu, Ns from, Ns to) {
  TimingWheel<Pending>& wheel = wheels_[cpu.value];
  const auto due = [&](Ns now, const Pending& pending) { fire(cpu, now, pending); };
  const double seconds = static_cast<double>((to - from).count()) * 1e-9;
  const auto& lot = arrivals_.draw(cpu.value, from, seconds, scale() * pace(from), random(cpu));
  auto next = lot.begin();
  spread(lot.size(), from, to, [&](Ns now) {
    wheel.advance(now, due);
    arrive(cpu, *next, arrivals_.lives(*next, from), now);
    ++next;
  });
  wheel.advance(to, due);
}

void ChurnModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    wheels_[i].advance(Ns::max(), [&](Ns, const Pending& pending) {
      if (pending.group != kEmptyGroup) {
        end(CpuId{i}, pending);
      }
    });
    wheels_[i] = TimingWheel<Pending>();
  }
  bursts_.clear();
  unused_bursts_.clear();
}

const WorkloadModel& churn_model() {
  static const WorkloadModel kModel{
      "churn", "any mix of allocations described in YAML alone", kParams,
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<ChurnModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
