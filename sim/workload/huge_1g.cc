// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/huge_1g.h"

#include <algorithm>
#include <array>

#include "sim/base/check.h"
#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::string_view kChoice = "choice: no published trace of such programs is known";

constexpr std::array kParams{
    ParamSpec{"programs.rate", ParamType::rate, "0.01/s", "programs that start, whole machine, times scale", kChoice, 0,
              1e6},
    ParamSpec{"programs.initial", ParamType::integer, "0", "programs that are there from the start, times scale",
              kChoice, 0, 1e6},
    ParamSpec{"programs.life", ParamType::law, "lognormal 5m p90 20m", "from a program's start to its end", kChoice},
    ParamSpec{"pages", ParamType::law, "lognormal 3 p90 8", "1 GiB pages a program wants, rounded down, at least 1",
              kChoice},
    ParamSpec{"retries", ParamType::integer, "3", "times it asks again for what it did not get", kChoice, 0, 1e6},
    ParamSpec{"retry.interval", ParamType::time, "30s", "between them", kChoice, 1e6, 1e16},
    ParamSpec{"thp.share", ParamType::share, "0%", "of pages that are THP, the rest hugetlb", kChoice, 0, 1},
    ParamSpec{"thp.split", ParamType::share, "20%", "of THPs split some time before the program's end", kChoice, 0, 1},
    ParamSpec{"thp.unmapped", ParamType::share, "10%", "of a split page's memory that is freed at once", kChoice, 0, 1},
};

constexpr double kMostPages = 16384;

}  // namespace

Huge1gModel::Huge1gModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      owner_(host.memory.folios().register_owner(fragments_)),
      rate_(params.real("programs.rate")),
      initial_(static_cast<unsigned>(params.integer("programs.initial"))),
      wanted_(params.law("pages")),
      life_(params.law("programs.life")),
      retries_(static_cast<unsigned>(params.integer("retries"))),
      retry_interval_(params.time("retry.interval")),
      thp_share_(params.real("thp.share")),
      split_share_(params.real("thp.split")),
      unmapped_share_(params.real("thp.unmapped")),
      wheels_(host.memory.nr_cpus()) {}

void Huge1gModel::Fragments::on_evicted(FolioId, const Folio&) { GBSIM_CHECK(!"on no LRU list"); }

// Migration had no room for a whole pageblock.
void Huge1gModel::Fragments::on_split(FolioId whole, const Folio& record, const std::vector<FolioId>& parts) {
  std::vector<FolioId>& all = model_.pages_[record.cookie].parts;
  std::erase(all, whole);
  all.insert(all.end(), parts.begin(), parts.end());
}

void Huge1gModel::start() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    for (std::uint64_t n = share_of(CpuId{i}, initial_); n > 0; --n) {
      begin_program(CpuId{i}, host().clock.now);
    }
  }
}

void Huge1gModel::begin_program(CpuId cpu, Ns now) {
  Program program;
  program.missing = static_cast<unsigned>(std::clamp(wanted_.draw(random(cpu)), 1.0, kMostPages));
  program.retries_left = retries_;
  program.ends = now + duration(cpu, life_);
  programs_.push_back(std::move(program));
  const auto index = static_cast<std::uint32_t>(programs_.size() - 1);
  wheels_[cpu.value].schedule(programs_[index].ends, {Deed::end, index});
  ask(cpu, index, now);
}

void Huge1gModel::ask(CpuId cpu, std::uint32_t index, Ns now) {
  const NodeId node = memory().node_of(cpu);
  while (programs_[index].missing > 0) {
    const auto first = host().contig.obtain(node, cpu);
    if (!first) {
      break;
    }
    --programs_[index].missing;
    add_page(cpu, index, *first, now);
  }
  Program& program = programs_[index];
  const Ns again = now + retry_interval_;
  if (program.missing > 0 && program.retries_left > 0 && again < program.ends) {
    --program.retries_left;
    wheels_[cpu.value].schedule(again, {Deed::retry, index});
  }
}

void Huge1gModel::add_page(CpuId cpu, std::uint32_t index, Pfn first, Ns now) {
  const auto page = static_cast<std::uint32_t>(pages_.size());
  pages_.push_back({first, true, {}});
  programs_[index].pages.push_back(page);
  ++whole_;
  if (random(cpu).chance(thp_share_) && random(cpu).chance(split_share_) && !host().contig.is_pooled(first)) {
    const auto rest = static_cast<double>((programs_[index].ends - now).count());
    wheels_[cpu.value].schedule(now + Ns{static_cast<std::int64_t>(rest * random(cpu).uniform())}, {Deed::split, page});
  }
}

void Huge1gModel::split(CpuId cpu, std::uint32_t index) {
  if (!pages_[index].whole) {
    return;
  }
  pages_[index].parts = host().contig.split(pages_[index].first, owner_, index);
  pages_[index].whole = false;
  --whole_;
  std::vector<FolioId>& parts = pages_[index].parts;
  const auto unmapped = static_cast<std::size_t>(static_cast<double>(parts.size()) * unmapped_share_);
  for (std::size_t i = 0; i < unmapped; ++i) {
    std::swap(parts[random(cpu).below(parts.size())], parts.back());
    allocator().free_folio(parts.back(), cpu);
    parts.pop_back();
  }
}

void Huge1gModel::free_page(CpuId cpu, std::uint32_t index) {
  Page& page = pages_[index];
  if (page.whole) {
    host().contig.release(page.first, cpu);
    page.whole = false;
    --whole_;
  }
  for (const FolioId part : page.parts) {
    allocator().free_folio(part, cpu);
  }
  page.parts = {};
}

void Huge1gModel::end(CpuId cpu, std::uint32_t index) {
  Program& program = programs_[index];
  if (program.ended) {
    return;
  }
  program.ended = true;
  given_up_ += program.missing;
  for (const std::uint32_t page : program.pages) {
    free_page(cpu, page);
  }
  program.pages = {};
}

void Huge1gModel::fire(CpuId cpu, Ns now, const Pending& pending) {
  switch (pending.deed) {
    case Deed::retry:
      return programs_[pending.subject].ended ? void() : ask(cpu, pending.subject, now);
    case Deed::split:
      return split(cpu, pending.subject);
    case Deed::end:
      return end(cpu, pending.subject);
  }
}

void Huge1gModel::run(CpuId cpu, Ns from, Ns to) {
  TimingWheel<Pending>& wheel = wheels_[cpu.value];
  const auto due = [&](Ns now, const Pending& pending) { fire(cpu, now, pending); };
  spread(arrivals(cpu, rate_, from, to), from, to, [&](Ns now) {
    wheel.advance(now, due);
    begin_program(cpu, now);
  });
  wheel.advance(to, due);
}

void Huge1gModel::stop() {
  for (std::uint32_t i = 0; i < programs_.size(); ++i) {
    end(CpuId{0}, i);
  }
  for (TimingWheel<Pending>& wheel : wheels_) {
    wheel.clear();
  }
  programs_.clear();
  pages_.clear();
}

NrPages Huge1gModel::resident(const Program& program) const {
  NrPages pages;
  for (const std::uint32_t index : program.pages) {
    pages += pages_[index].whole ? gigantic() : NrPages{};
    for (const FolioId part : pages_[index].parts) {
      pages += memory().folios()[part].order.pages();
    }
  }
  return pages;
}

std::size_t Huge1gModel::largest() const {
  const auto by_size = [&](const Program& program) { return resident(program); };
  return static_cast<std::size_t>(std::ranges::max_element(programs_, {}, by_size) - programs_.begin());
}

NrPages Huge1gModel::largest_process() const { return programs_.empty() ? NrPages{} : resident(programs_[largest()]); }

void Huge1gModel::kill_largest_process() {
  if (!programs_.empty()) {
    end(CpuId{0}, static_cast<std::uint32_t>(largest()));
  }
}

const WorkloadModel& huge_1g_model() {
  static const WorkloadModel kModel{
      "huge-1g", "programs that ask for 1 GiB pages now and then, hold and free them", kParams,
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<Huge1gModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
