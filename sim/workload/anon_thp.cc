// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/anon_thp.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "sim/reclaim/reclaim.h"

namespace gbsim {

namespace {

constexpr std::uint32_t kFillBatch = 128;  // base pages faulted in one range in one step

/** A kernel object that a process has @count of; sizes from slabinfo of the recorded runs. */
struct ProcessObject {
  const char* slab;
  std::uint32_t size;
  std::uint32_t count;
};

constexpr std::array kObjects{
    ProcessObject{"task_struct", 8448, 1},     ProcessObject{"signal_cache", 1152, 1},
    ProcessObject{"sighand_cache", 2112, 1},   ProcessObject{"mm_struct", 1152, 1},
    ProcessObject{"files_cache", 704, 1},      ProcessObject{"pid", 128, 1},
    ProcessObject{"cred_jar", 192, 1},         ProcessObject{"vm_area_struct", 152, 40},
    ProcessObject{"anon_vma_chain", 64, 20},   ProcessObject{"maple_node", 256, 6},
};

}  // namespace

AnonThp::AnonThp(std::string instance, const AnonRules& rules, double scale, WorkloadHost& host)
    : ModelBase(std::move(instance), scale, host),
      rules_(rules),
      anon_(name() + "/anon", host),
      wheels_(host.memory.nr_cpus()),
      most_pages_(host.memory.managed().value / 4) {
  static_assert(kObjects.size() == kNrObjects);
  for (std::size_t i = 0; i < kNrObjects; ++i) {
    slabs_[i] = &host.slabs.get(SlabSpec{kObjects[i].slab, kObjects[i].size});
  }
}

void AnonThp::start() {
  const auto count = static_cast<std::uint32_t>(std::max(1.0, std::round(rules_.services * scale())));
  const Ns now = memory().clock().now;
  for (std::uint32_t i = 0; rules_.services > 0 && i < count; ++i) {
    spawn(true, CpuId{i % nr_cpus()}, now);
  }
}

bool AnonThp::add_kernel_memory(Process& process, CpuId cpu) {
  for (std::size_t i = 0; i < kStackPages + kUpperTables; ++i) {
    const std::uint32_t page = anon_.tables().alloc(cpu);
    if (page == kNoFolio) {
      return false;
    }
    process.kernel_pages.push_back(page);
  }
  for (std::size_t row = 0; row < kNrObjects; ++row) {
    if (!add_objects(process, row, cpu)) {
      return false;
    }
  }
  return true;
}

bool AnonThp::add_objects(Process& process, std::size_t row, CpuId cpu) {
  for (std::uint32_t i = 0; i < kObjects[row].count; ++i) {
    const auto object = slabs_[row]->alloc(cpu, gfp::kKernelAccount);
    if (!object) {
      return false;
    }
    process.objects.push_back(*object);
  }
  return true;
}

void AnonThp::free_kernel_memory(Process& process, CpuId cpu) {
  for (const std::uint32_t page : process.kernel_pages) {
    anon_.tables().free(page, cpu);
  }
  std::size_t at = 0;
  for (std::size_t row = 0; row < kNrObjects; ++row) {
    for (std::uint32_t i = 0; i < kObjects[row].count && at < process.objects.size(); ++i) {
      slabs_[row]->free(process.objects[at++], cpu);
    }
  }
  process.kernel_pages.clear();
  process.objects.clear();
}

/** A process that begins to grow; kNobody if the kernel memory for it was refused. */
std::uint32_t AnonThp::spawn(bool service, CpuId cpu, Ns now) {
  std::uint32_t id = static_cast<std::uint32_t>(processes_.size());
  if (free_.empty()) {
    processes_.emplace_back();
  } else {
    id = free_.back();
    free_.pop_back();
  }
  Process& process = processes_[id];
  const ProcessRules& rules = service ? rules_.service : rules_.job;
  process.life = Life::running;
  process.service = service;
  process.busy = true;
  process.goal = std::min(pages_for_bytes(static_cast<std::uint64_t>(rules.size.draw(random(cpu)))).value, most_pages_);
  process.exits_at = now + duration(cpu, rules.lifetime);
  memory().vmstat().add(VmEvent::nr_kernel_stack, kStackPages * kPageSize / 1024);
  const bool made = add_kernel_memory(process, cpu);
  process.busy = false;
  if (!made || process.life == Life::doomed) {
    services_owed_ += service ? 1 : 0;
    exit(id, cpu);
    return kNobody;
  }
  wheels_[cpu.value].schedule(now, Event{id, process.generation});
  return id;
}

void AnonThp::exit(std::uint32_t id, CpuId cpu) {
  Process& process = processes_[id];
  for (const RangeId range : process.ranges) {
    anon_.release(range, cpu);
  }
  free_kernel_memory(process, cpu);
  memory().vmstat().sub(VmEvent::nr_kernel_stack, kStackPages * kPageSize / 1024);
  const std::uint32_t generation = process.generation + 1;
  process = Process{};
  process.generation = generation;
  free_.push_back(id);
}

void AnonThp::run(CpuId cpu, Ns from, Ns to) {
  const std::uint64_t jobs = arrivals(cpu, rules_.jobs, from, to);
  for (std::uint64_t i = 0; i < jobs; ++i) {
    spawn(false, cpu, from);
  }
  for (std::uint32_t owed = std::exchange(services_owed_, 0); owed > 0; --owed) {
    spawn(true, cpu, from);
  }
  wheels_[cpu.value].advance(to, [&](Ns due, const Event& event) {
    if (processes_[event.process].generation == event.generation) {
      step(event.process, cpu, due);
    }
  });
}

void AnonThp::step(std::uint32_t id, CpuId cpu, Ns now) {
  const bool service = processes_[id].service;
  if (now < processes_[id].exits_at) {
    processes_[id].busy = true;
    act(processes_[id], cpu);
    if (processes_[id].life == Life::running && draws(rules_.forks, cpu) > 0) {
      fork(id, cpu, now);
    }
    processes_[id].busy = false;
    if (processes_[id].life == Life::running) {
      wheels_[cpu.value].schedule(now + rules_.step, Event{id, processes_[id].generation});
      return;
    }
  }
  exit(id, cpu);
  if (service) {
    spawn(true, cpu, now + rules_.step);
  }
}

std::uint64_t AnonThp::draws(double per_second, CpuId cpu) {
  return random(cpu).poisson(per_second * static_cast<double>(rules_.step.count()) * 1e-9);
}

void AnonThp::act(Process& process, CpuId cpu) {
  grow(process, cpu);
  for (std::uint64_t n = draws(process.service ? rules_.releases : 0, cpu); n > 0; --n) {
    give_back(process, cpu);
  }
  for (std::uint64_t n = draws(rules_.touches, cpu); n > 0 && process.life == Life::running; --n) {
    touch(process, cpu);
  }
}

/** Continues the ranges that get their base pages one by one; returns pages faulted. */
std::uint32_t AnonThp::fill(Process& process, std::uint32_t budget, CpuId cpu) {
  std::uint32_t done = 0;
  for (std::size_t i = 0; i < process.filling.size() && done < budget && process.life == Life::running; ++i) {
    Filling& filling = process.filling[i];
    const std::uint32_t pages = std::min<std::uint32_t>(kFillBatch, filling.end - filling.next);
    done += pages;
    const bool served = anon_.populate(filling.range, PageRun{filling.next, pages}, cpu);
    filling.next = served ? static_cast<std::uint16_t>(filling.next + pages) : filling.end;
  }
  std::erase_if(process.filling, [](const Filling& filling) { return filling.next == filling.end; });
  return done;
}

void AnonThp::grow(Process& process, CpuId cpu) {
  std::uint32_t done = fill(process, rules_.faults_per_step, cpu);
  while (done < rules_.faults_per_step && process.mapped < process.goal && process.life == Life::running) {
    done += add_range(process, cpu);
  }
}

/** Maps up to 2 MiB more; a THP at once, base pages over the next steps. Returns pages faulted now. */
std::uint32_t AnonThp::add_range(Process& process, CpuId cpu) {
  const auto pages = static_cast<std::uint32_t>(std::min<std::uint64_t>(kRangePages, process.goal - process.mapped));
  RangeKind kind;
  kind.thp_fits = pages == kRangePages && !random(cpu).chance(rules_.base_share);
  kind.madvised = random(cpu).chance(rules_.madvised_share);
  const RangeId range = anon_.create(kind);
  process.ranges.push_back(range);
  process.mapped += pages;
  if (anon_.fault_huge(range, cpu)) {
    return kRangePages;
  }
  const std::uint32_t now = std::min(kFillBatch, pages);
  if (anon_.populate(range, PageRun{0, now}, cpu) && now < pages) {
    process.filling.push_back(Filling{range, static_cast<std::uint16_t>(now), static_cast<std::uint16_t>(pages)});
  }
  return now;
}

void AnonThp::drop_range(Process& process, std::size_t at, CpuId cpu) {
  const RangeId range = process.ranges[at];
  process.mapped -= std::min<std::uint64_t>(process.mapped, kRangePages);
  process.ranges[at] = process.ranges.back();
  process.ranges.pop_back();
  std::erase_if(process.filling, [&](const Filling& filling) { return filling.range == range; });
  anon_.release(range, cpu);
}

/** A heap gives back a run of pages: whole ranges are unmapped, the ends of the run leave holes. */
void AnonThp::give_back(Process& process, CpuId cpu) {
  std::uint64_t left = pages_for_bytes(static_cast<std::uint64_t>(rules_.release_size.draw(random(cpu)))).value;
  left = std::min(left, process.mapped / 2);
  while (left > 0 && !process.ranges.empty() && process.life == Life::running) {
    const std::size_t at = random(cpu).below(process.ranges.size());
    const auto first = static_cast<std::uint32_t>(left >= kRangePages ? 0 : random(cpu).below(kRangePages - left + 1));
    if (left >= kRangePages) {
      drop_range(process, at, cpu);
      left -= kRangePages;
      continue;
    }
    const PageRun run{first, static_cast<std::uint32_t>(left)};
    if (!anon_.is_shared(process.ranges[at])) {
      anon_.discard(process.ranges[at], run, cpu);
    }
    if (anon_.is_empty(process.ranges[at])) {
      drop_range(process, at, cpu);
    } else if (random(cpu).chance(0.5)) {
      process.filling.push_back(Filling{process.ranges[at], static_cast<std::uint16_t>(run.first),
                                        static_cast<std::uint16_t>(run.end())});
    }
    return;
  }
}

/** The range itself if the process alone has it, else a private one over it that takes its place. */
RangeId AnonThp::writable(Process& process, std::size_t at) {
  if (anon_.is_shared(process.ranges[at])) {
    const RangeId shared = process.ranges[at];
    const RangeId own = anon_.cow_over(shared);
    process.ranges[at] = own;
    std::erase_if(process.filling, [&](const Filling& filling) { return filling.range == shared; });
  }
  return process.ranges[at];
}

/** A few pages of one range; the front of the list is the hot part of the heap. */
void AnonThp::touch(Process& process, CpuId cpu) {
  if (process.ranges.empty()) {
    return;
  }
  const double u = random(cpu).uniform();
  const auto at = static_cast<std::size_t>(u * u * static_cast<double>(process.ranges.size()));
  const auto page = static_cast<std::uint32_t>(random(cpu).below(kRangePages));
  if (random(cpu).chance(0.5)) {
    anon_.touch(process.ranges[at], page, false, cpu);
  } else if (anon_.is_shared(process.ranges[at])) {
    anon_.populate(writable(process, at), PageRun{page, 1}, cpu);
  } else {
    anon_.touch(process.ranges[at], page, true, cpu);
  }
}

void AnonThp::copy_on_write(Process& process, CpuId cpu) {
  constexpr std::uint32_t kRun = 16;
  const auto writes = static_cast<std::uint64_t>(rules_.cow_share * static_cast<double>(process.mapped) / kRun);
  for (std::uint64_t i = 0; i < writes && process.life == Life::running; ++i) {
    const std::size_t at = random(cpu).below(process.ranges.size());
    const auto first = static_cast<std::uint32_t>(random(cpu).below(kRangePages / kRun)) * kRun;
    anon_.populate(writable(process, at), PageRun{first, kRun}, cpu);
  }
}

/** The child has its own kernel memory and one page table a range; both sides then copy what they write. */
void AnonThp::fork(std::uint32_t parent, CpuId cpu, Ns now) {
  const std::uint32_t id = spawn(false, cpu, now);
  if (id == kNobody) {
    return;
  }
  Process& child = processes_[id];
  child.goal = child.mapped = processes_[parent].mapped;
  for (const RangeId range : processes_[parent].ranges) {
    anon_.share(range);
    child.ranges.push_back(range);
  }
  for (std::size_t i = 0; i < child.ranges.size() && processes_[parent].life == Life::running; ++i) {
    const std::uint32_t table = anon_.tables().alloc(cpu);
    if (table != kNoFolio && processes_[id].life == Life::running) {
      processes_[id].kernel_pages.push_back(table);
    } else {
      anon_.tables().free(table, cpu);
    }
  }
  if (processes_[id].life == Life::running) {
    copy_on_write(processes_[parent], cpu);
  }
}

void AnonThp::stop() {
  for (std::uint32_t id = 0; id < processes_.size(); ++id) {
    if (processes_[id].life != Life::none) {
      exit(id, CpuId{});
    }
  }
  for (TimingWheel<Event>& wheel : wheels_) {
    wheel.clear();
  }
  services_owed_ = 0;
}

std::size_t AnonThp::nr_processes() const { return processes_.size() - free_.size(); }

std::uint64_t AnonThp::resident(const Process& process) const {
  return std::accumulate(process.ranges.begin(), process.ranges.end(), std::uint64_t{0},
                         [&](std::uint64_t sum, RangeId range) { return sum + anon_.resident(range); });
}

std::uint32_t AnonThp::largest() const {
  std::uint32_t found = kNobody;
  std::uint64_t most = 0;
  for (std::uint32_t id = 0; id < processes_.size(); ++id) {
    const std::uint64_t pages = processes_[id].life == Life::running ? resident(processes_[id]) : 0;
    if (pages > most) {
      most = pages;
      found = id;
    }
  }
  return found;
}

NrPages AnonThp::largest_process() const {
  const std::uint32_t id = largest();
  return id == kNobody ? NrPages{} : NrPages{resident(processes_[id])};
}

// The victim's memory goes at once, as oom_reaper has it; the rest of it when its own work ends.
void AnonThp::kill_largest_process() {
  const std::uint32_t id = largest();
  if (id == kNobody) {
    return;
  }
  if (!processes_[id].busy) {
    services_owed_ += processes_[id].service ? 1 : 0;
    exit(id, CpuId{});
    return;
  }
  processes_[id].life = Life::doomed;
  for (const RangeId range : processes_[id].ranges) {
    anon_.reap(range, CpuId{});
  }
}

bool AnonThp::khugepaged(NrPages pages) {
  std::uint64_t left = pages.value / kRangePages;
  for (std::size_t seen = 0; left > 0 && seen <= processes_.size() && !processes_.empty();) {
    scan_process_ = scan_process_ < processes_.size() ? scan_process_ : 0;
    const Process& process = processes_[scan_process_];
    if (scan_range_ >= process.ranges.size()) {
      scan_range_ = 0;
      ++scan_process_;
      ++seen;
      continue;
    }
    if (anon_.collapse(process.ranges[scan_range_++], CpuId{}) == Collapse::refused) {
      return false;
    }
    --left;
  }
  return true;
}

}  // namespace gbsim
