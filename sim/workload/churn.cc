// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/churn.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/reclaim/reclaim.h"
#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::string_view kShapes =
    "KERNEL|KERNEL_ACCOUNT|ATOMIC|NOWAIT|NORETRY|RETRY_MAYFAIL|NOFAIL|NOFS|TRANSHUGE|TRANSHUGE_LIGHT|"
    "HIGHUSER_MOVABLE|SKB_FRAG|SLAB_HIGH_ORDER";

constexpr std::array kClassParams{
    ParamSpec{"name", ParamType::text, "class", "for people"},
    ParamSpec{"order", ParamType::law, "fixed 0", "law over orders, rounded down"},
    ParamSpec{"type", ParamType::choice, "movable", "mobility", "", 0, 0, "unmovable|movable|reclaimable"},
    ParamSpec{"gfp", ParamType::choice, "HIGHUSER_MOVABLE", "shape of the request", "", 0, 0, kShapes},
    ParamSpec{"rate", ParamType::rate, "1k/s", "arrivals, whole machine", "", 0, 1e9},
    ParamSpec{"burst", ParamType::law, "fixed 1", "allocations of one arrival"},
    ParamSpec{"dies_together", ParamType::flag, "no", "all of an arrival is freed at once"},
    ParamSpec{"life", ParamType::law, "exponential 1s", "lifetime; `forever` for what only reclaim or stop ends"},
    ParamSpec{"lru", ParamType::choice, "none", "list that reclaim finds it on", "", 0, 0, "none|file|anon"},
    ParamSpec{"fallback_order", ParamType::integer, "-1", "order tried when the first is refused, -1 for none", "", -1,
              10},
    ParamSpec{"pinned", ParamType::share, "0%", "of allocations that cannot be moved although movable", "", 0, 1},
    ParamSpec{"cap", ParamType::share, "100%", "of memory that the class may hold", "", 0, 1},
};

constexpr std::array kParams{
    ParamSpec{"classes", ParamType::list, "", "kinds of allocations", "", 0, 0, "", kClassParams},
    ParamSpec{"day.period", ParamType::time, "24h", "length of a day", "", 1e9, 1e16},
    ParamSpec{"day.amplitude", ParamType::share, "0%", "rates swing by this much around their mean", "", 0, 1},
    ParamSpec{"day.phase", ParamType::share, "0%", "where in the day time zero lies", "", 0, 1},
};

LruList list_for(const std::string& name) {
  if (name == "file") {
    return LruList::inactive_file;
  }
  return name == "anon" ? LruList::inactive_anon : LruList::none;
}

/** The shape's flags with the class's mobility. */
Gfp shaped(const std::string& shape, const std::string& type) {
  const Gfp plain = gfp_shape(shape).value_or(gfp::kKernel).without(Gfp::movable | Gfp::reclaimable);
  if (type == "movable") {
    return plain.with(Gfp::movable | Gfp::comp);
  }
  return type == "reclaimable" ? plain.with(Gfp::reclaimable) : plain;
}

}  // namespace

ChurnFolios::ChurnFolios(std::string name, WorkloadHost& host)
    : name_(std::move(name)), host_(host), id_(host.memory.folios().register_owner(*this)) {}

std::uint32_t ChurnFolios::reserve() {
  if (unused_.empty()) {
    folios_.push_back(kNoFolio);
    return static_cast<std::uint32_t>(folios_.size() - 1);
  }
  const std::uint32_t place = unused_.back();
  unused_.pop_back();
  return place;
}

NrPages ChurnFolios::release(std::uint32_t place, CpuId cpu) {
  NrPages freed;
  auto free = [&](FolioId id) {
    freed += host_.memory.folios()[id].order.pages();
    host_.reclaim.forget(id);
    host_.allocator.free_folio(id, cpu);
  };
  if (folios_[place] != kNoFolio) {
    free(FolioId{folios_[place]});
  }
  const auto parts = std::ranges::find(split_, place, [](const auto& entry) { return entry.first; });
  if (parts != split_.end()) {
    std::ranges::for_each(parts->second, free);
    split_.erase(parts);
  }
  folios_[place] = kNoFolio;
  unused_.push_back(place);
  return freed;
}

void ChurnFolios::on_evicted(FolioId folio, const Folio& record) {
  if (folios_[record.cookie] == folio.value) {
    folios_[record.cookie] = kNoFolio;
    return;
  }
  const auto parts = std::ranges::find(split_, record.cookie, [](const auto& entry) { return entry.first; });
  if (parts != split_.end()) {
    std::erase(parts->second, folio);
  }
}

void ChurnFolios::on_split(FolioId, const Folio& record, const std::vector<FolioId>& parts) {
  folios_[record.cookie] = kNoFolio;
  split_.emplace_back(record.cookie, parts);
}

ChurnModel::ChurnModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      folios_(ModelBase::name(), host),
      wheels_(host.memory.nr_cpus()),
      period_(params.time("day.period")),
      amplitude_(params.real("day.amplitude")),
      phase_(params.real("day.phase")) {
  for (const Params& row : params.list("classes")) {
    add_class(row);
  }
}

void ChurnModel::add_class(const Params& row) {
  Class cls;
  cls.order = row.law("order");
  cls.gfp = shaped(row.text("gfp"), row.text("type"));
  cls.rate = row.real("rate");
  cls.burst = row.law("burst");
  cls.dies_together = row.flag("dies_together");
  cls.life = row.law("life");
  cls.lru = list_for(row.text("lru"));
  cls.fallback_order = static_cast<int>(row.integer("fallback_order"));
  cls.pinned = row.real("pinned");
  cls.cap = NrPages{static_cast<std::uint64_t>(row.real("cap") * static_cast<double>(memory().managed().value))};
  classes_.push_back(cls);
}

double ChurnModel::pace(Ns now) const {
  const double day = static_cast<double>(now.count()) / static_cast<double>(period_.count()) + phase_;
  return 1 + amplitude_ * std::sin(2 * std::numbers::pi * day);
}

bool ChurnModel::allocate(CpuId cpu, std::uint16_t index, Ns die_at) {
  Class& cls = classes_[index];
  const double drawn = std::clamp(cls.order.draw(random(cpu)), 0.0, 10.0);
  Order order{static_cast<unsigned>(drawn)};
  FolioUse use{folios_.id(), folios_.reserve(), cls.lru};
  if (cls.lru == LruList::inactive_anon) {
    use.flags = kSwapBacked | kDirty;
  }
  use.flags = static_cast<std::uint8_t>(use.flags | (random(cpu).chance(cls.pinned) ? kPinned : 0));
  auto folio = allocator().alloc_folio(request(order, cls.gfp, cpu), use);
  if (!folio && cls.fallback_order >= 0) {
    order = Order{static_cast<unsigned>(cls.fallback_order)};
    folio = allocator().alloc_folio(request(order, cls.gfp, cpu), use);
  }
  if (!folio) {
    ++refused_;
    folios_.release(use.cookie, cpu);
    return false;
  }
  folios_.fill(use.cookie, *folio);
  cls.live += order.pages();
  wheels_[cpu.value].schedule(die_at, Pending{use.cookie, index, order.value});
  return true;
}

void ChurnModel::arrive(CpuId cpu, std::uint16_t index, Ns now) {
  const Class& cls = classes_[index];
  const auto wanted = static_cast<std::uint64_t>(std::clamp(cls.burst.draw(random(cpu)), 0.0, 1e6));
  Ns die_at = now + duration(cpu, cls.life);
  for (std::uint64_t n = 0; n < wanted && cls.live < cls.cap; ++n) {
    if (!allocate(cpu, index, die_at)) {
      return;
    }
    die_at = cls.dies_together ? die_at : now + duration(cpu, cls.life);
  }
}

// Pages that reclaim took count against the cap until their time is over: the owner learns only then.
void ChurnModel::die(CpuId cpu, const Pending& pending) {
  folios_.release(pending.place, cpu);
  classes_[pending.cls].live -= Order{pending.order}.pages();
}

void ChurnModel::run(CpuId cpu, Ns from, Ns to) {
  wheels_[cpu.value].advance(to, [&](Ns, const Pending& pending) { die(cpu, pending); });
  const double now = pace(from);
  for (std::uint16_t cls = 0; cls < classes_.size(); ++cls) {
    for (std::uint64_t n = arrivals(cpu, classes_[cls].rate * now, from, to); n > 0; --n) {
      arrive(cpu, cls, from);
    }
  }
}

void ChurnModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    wheels_[i].advance(Ns::max(), [&](Ns, const Pending& pending) { die(CpuId{i}, pending); });
    wheels_[i].clear();
  }
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
