// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/skb.h"

#include <algorithm>
#include <array>

#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr std::string_view kMeasured = "measured-workloads: lifetimes of order-3 chunks, W1-6.1-4G and W2-6.1";
constexpr std::string_view kRing = "vendor defaults: 2048 descriptors a queue, one queue a CPU";
constexpr std::string_view kEstimate = "estimate";

constexpr std::array kParams{
    ParamSpec{"send.rate", ParamType::rate, "6k/s", "messages sent, whole machine",
              "order-3 chunks 1.1-1.2 k/s on 8 cores of memcached (llfree-bench), scaled to 32 CPUs", 0, 1e9},
    ParamSpec{"send.size", ParamType::law, "lognormal 8192 p90 49152", "bytes of a message", kEstimate},
    ParamSpec{"receive.rate", ParamType::rate, "24k/s", "receive buffers filled, whole machine", kEstimate, 0, 1e9},
    ParamSpec{"receive.order", ParamType::integer, "0", "order of a receive buffer; 1 for 9K-capable cards",
              "ice: order 1, /proc/allocinfo", 0, 3},
    ParamSpec{"receive.recycled", ParamType::share, "40%", "buffers that the driver's page pool gets back at once",
              kEstimate, 0, 1},
    ParamSpec{"ring.entries", ParamType::integer, "2048", "receive buffers held ready, per CPU", kRing, 0, 65536},
    ParamSpec{"queue.fast", ParamType::law, "lognormal 20ms p90 200ms", "time data waits for a reader that keeps up",
              "mean 10-60 ms by Little's law, memcached (llfree-bench)"},
    ParamSpec{"queue.slow", ParamType::law, "lognormal 3.7s p90 38s", "time data waits for a reader that falls behind",
              kMeasured},
    ParamSpec{"queue.slow_share", ParamType::share, "6%", "messages for such readers", kEstimate, 0, 1},
    ParamSpec{"queue.cap", ParamType::share, "4%", "of memory that all queues may hold; beyond it packets are dropped",
              "tcp_mem: pressure at 6.25 %, minimum 4.7 % of memory", 0, 1},
    ParamSpec{"burst.factor", ParamType::real, "6", "how much faster traffic comes in a burst", kEstimate, 1, 1000},
    ParamSpec{"burst.share", ParamType::share, "4%", "of time spent in bursts, per CPU", kEstimate, 0, 0.9},
    ParamSpec{"burst.length", ParamType::time, "80ms", "mean length of a burst", kEstimate, 1e6, 1e12},
    ParamSpec{"connections.rate", ParamType::rate, "800/s", "connections opened, whole machine", kEstimate, 0, 1e8},
    ParamSpec{"connections.life", ParamType::law, "lognormal 1.1s p90 30s", "how long a connection lasts", kEstimate},
};

constexpr std::uint32_t kHeadBytes = 256;

}  // namespace

SkbModel::SkbModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      rx_pages_(ModelBase::name() + ":rx", host.memory),
      frags_(ModelBase::name() + ":frag", host.allocator),
      heads_(host.slabs.get({"skbuff_head_cache", kHeadBytes})),
      socks_(host.slabs.get({"TCP", 2304})),
      inodes_(host.slabs.get({"sock_inode_cache", 832, true})),
      cpus_(host.memory.nr_cpus()),
      rates_{params.real("send.rate"),    params.real("receive.rate"), params.real("connections.rate"),
             params.real("burst.factor"), params.real("burst.share"),  params.real("queue.slow_share"),
             params.real("receive.recycled")},
      message_bytes_(params.law("send.size")),
      fast_(params.law("queue.fast")),
      slow_(params.law("queue.slow")),
      connection_life_(params.law("connections.life")),
      burst_length_(params.time("burst.length")),
      ring_entries_(static_cast<std::uint64_t>(static_cast<double>(params.integer("ring.entries")) * scale)),
      rx_order_(static_cast<unsigned>(params.integer("receive.order"))),
      queue_cap_(static_cast<std::uint64_t>(static_cast<double>(host.memory.managed().value) *
                                            params.real("queue.cap"))) {}

std::optional<FolioId> SkbModel::ring_page(CpuId cpu) {
  return allocator().alloc_folio(request(rx_order_, gfp::kAtomic.with(Gfp::nowarn | Gfp::comp), cpu),
                                 FolioUse{rx_pages_.id()});
}

void SkbModel::fill_ring(CpuId cpu) {
  Cpu& state = cpus_[cpu.value];
  while (state.ring.size() < ring_entries_) {
    const auto page = ring_page(cpu);
    if (!page) {
      return;
    }
    state.ring.push_back(*page);
  }
}

void SkbModel::start() {
  for (std::uint16_t cpu = 0; cpu < nr_cpus(); ++cpu) {
    fill_ring(CpuId{cpu});
  }
}

// Alternates between quiet and burst so that the given share of time is spent in bursts.
double SkbModel::pace(CpuId cpu, Ns now) {
  Cpu& state = cpus_[cpu.value];
  if (now < state.burst_until) {
    return rates_.burst_factor;
  }
  const double window = static_cast<double>(memory().tunables().slice.count());
  const double length = static_cast<double>(burst_length_.count());
  const double begin = rates_.burst_share / (1 - rates_.burst_share) * window / length;
  if (random(cpu).chance(std::min(begin, 1.0))) {
    state.burst_until = now + Ns{static_cast<std::int64_t>(random(cpu).exponential(length))};
  }
  return 1;
}

Ns SkbModel::queue_time(CpuId cpu) {
  return duration(cpu, random(cpu).chance(rates_.slow_share) ? slow_ : fast_);
}

void SkbModel::send(CpuId cpu, Ns now) {
  auto left = static_cast<std::uint32_t>(std::clamp(message_bytes_.draw(random(cpu)), 64.0, 1e6));
  const auto head = heads_.alloc(cpu, gfp::kKernel.with(Gfp::nowarn));
  if (!head || frags_.pages() > queue_cap_) {
    dropped_ += 1;
    if (head) {
      heads_.free(*head, cpu);
    }
    return;
  }
  const Ns free_at = now + queue_time(cpu);
  TimingWheel<Pending>& wheel = cpus_[cpu.value].wheel;
  wheel.schedule(free_at, Pending{Held::head, *head, 0});
  while (left > 0) {
    std::uint32_t taken = 0;
    const auto fragment = frags_.take(cpu, left, &taken);
    if (!fragment) {
      ++dropped_;
      return;
    }
    wheel.schedule(free_at, Pending{Held::fragment, *fragment, 0});
    left -= taken;
  }
}

// The driver posts a new buffer before it passes the filled one on; without one the packet is lost.
void SkbModel::receive(CpuId cpu, Ns now) {
  Cpu& state = cpus_[cpu.value];
  if (state.ring.empty() || random(cpu).chance(rates_.recycled)) {
    return;
  }
  const auto fresh = queued_ < queue_cap_ ? ring_page(cpu) : std::nullopt;
  if (!fresh) {
    ++dropped_;
    return;
  }
  const std::size_t at = random(cpu).below(state.ring.size());
  const FolioId filled = state.ring[at];
  state.ring[at] = *fresh;
  queued_ += rx_order_.pages();
  state.wheel.schedule(now + queue_time(cpu), Pending{Held::rx_page, filled.value, 0});
}

void SkbModel::connect(CpuId cpu, Ns now) {
  const auto sock = socks_.alloc(cpu, gfp::kKernel);
  if (!sock) {
    return;
  }
  const auto inode = inodes_.alloc(cpu, gfp::kKernel);
  if (!inode) {
    socks_.free(*sock, cpu);
    return;
  }
  cpus_[cpu.value].wheel.schedule(now + duration(cpu, connection_life_), Pending{Held::connection, *sock, *inode});
}

void SkbModel::free_pending(CpuId cpu, const Pending& pending) {
  switch (pending.held) {
    case Held::fragment:
      frags_.put(pending.a, cpu);
      break;
    case Held::rx_page:
      allocator().free_folio(FolioId{pending.a}, cpu);
      queued_ -= rx_order_.pages();
      break;
    case Held::head:
      heads_.free(pending.a, cpu);
      break;
    case Held::connection:
      socks_.free(pending.a, cpu);
      inodes_.free(pending.b, cpu);
      break;
  }
}

void SkbModel::run(CpuId cpu, Ns from, Ns to) {
  cpus_[cpu.value].wheel.advance(to, [&](Ns, const Pending& pending) { free_pending(cpu, pending); });
  const double pace_now = pace(cpu, from);
  for (std::uint64_t n = arrivals(cpu, rates_.sends * pace_now, from, to); n > 0; --n) {
    send(cpu, from);
  }
  for (std::uint64_t n = arrivals(cpu, rates_.receives * pace_now, from, to); n > 0; --n) {
    receive(cpu, from);
  }
  for (std::uint64_t n = arrivals(cpu, rates_.connections, from, to); n > 0; --n) {
    connect(cpu, from);
  }
  if (cpus_[cpu.value].ring.size() < ring_entries_) {
    fill_ring(cpu);
  }
}

void SkbModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    const CpuId cpu{i};
    Cpu& state = cpus_[i];
    state.wheel.advance(Ns::max(), [&](Ns, const Pending& pending) { free_pending(cpu, pending); });
    for (const FolioId page : state.ring) {
      allocator().free_folio(page, cpu);
    }
    state.ring.clear();
    frags_.release_current(cpu);
    state.wheel.clear();
  }
}

const WorkloadModel& networking_skbs_model() {
  static const WorkloadModel kModel{
      "networking-skbs", "sockets, page fragments, receive rings, connections", kParams,
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<SkbModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
