// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/skb.h"

#include <algorithm>

#include "sim/base/prefetch.h"
#include "sim/workload/models.h"

namespace gbsim {

namespace {

constexpr Order kLargeHeadOrder{2};        // 16 KiB: the largest linear part that senders ask for
constexpr std::uint64_t kMaxKmalloc = 8192;  // KMALLOC_MAX_CACHE_SIZE
constexpr std::uint64_t kMaxFrags = 17;      // MAX_SKB_FRAGS
constexpr double kMaxMessage = 1 << 20;

/** kmalloc_reserve(): what of the packet's head is data. */
constexpr Gfp head_data(Gfp gfp) {
  return gfp.with(Gfp::nowarn | Gfp::nomemalloc);
}

RxRingSpec scaled(RxRingSpec ring, double scale) {
  ring.entries = static_cast<std::uint64_t>(static_cast<double>(ring.entries) * scale);
  ring.pool = static_cast<std::uint64_t>(static_cast<double>(ring.pool) * scale);
  return ring;
}

std::array<SlabCache*, kNrSkbCaches> find_caches(SlabCaches& slabs) {
  std::array<SlabCache*, kNrSkbCaches> caches{};
  std::ranges::transform(skb_cache_specs(), caches.begin(), [&](const SlabSpec& spec) { return &slabs.get(spec); });
  return caches;
}

}  // namespace

SkbModel::SkbModel(std::string name, const Params& params, double scale, WorkloadHost& host)
    : ModelBase(std::move(name), scale, host),
      rules_(params),
      frags_(ModelBase::name() + ":frag", host.allocator),
      rings_(ModelBase::name() + ":rx", host.allocator, scaled(rules_.ring, scale)),
      large_heads_(ModelBase::name() + ":head", host.memory),
      caches_(find_caches(host.slabs)),
      cpus_(host.memory.nr_cpus()) {
  rules_.memory_pressure *= static_cast<double>(host.memory.managed().value);
}

void SkbModel::start() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    const CpuId cpu{i};
    rings_.fill(cpu, gfp::kKernel.with(Gfp::nowarn));
    cpus_[i].slow.open(share_of(cpu, rules_.slow_sockets), rules_.slow_buffer, random(cpu));
    for (std::uint32_t socket = 0; socket < cpus_[i].slow.count(); ++socket) {
      const Ns first = rules_.slow_read_every.draw_time(random(cpu));
      cpus_[i].wheel.schedule(memory().clock().now + first, Pending{Due::reader, socket});
    }
  }
}

// Alternates between quiet and burst so that the given share of time is spent in bursts.
double SkbModel::pace(CpuId cpu, Ns now, Ns window) {
  Cpu& state = cpus_[cpu.value];
  if (now < state.burst_until) {
    return rules_.burst_factor;
  }
  const double odds = rules_.burst_share / (1 - rules_.burst_share);
  const double begin = odds * static_cast<double>(window.count()) / rules_.burst_length;
  if (begin > 0 && random(cpu).chance(std::min(begin, 1.0))) {
    state.burst_until = now + Ns{static_cast<std::int64_t>(random(cpu).exponential(rules_.burst_length))};
  }
  return 1;
}

void SkbModel::begin(CpuId cpu) {
  Cpu& state = cpus_[cpu.value];
  state.packet = kEmptyPacket;
  state.packet_bytes = 0;
  state.complete = true;
}

void SkbModel::add_object(CpuId cpu, SkbCache cache, Gfp gfp) {
  Cpu& state = cpus_[cpu.value];
  const auto number = static_cast<std::uint16_t>(cache);
  const auto object = state.complete ? caches_[number]->alloc(cpu, gfp) : std::nullopt;
  state.complete = object.has_value();
  if (object) {
    packets_.add(state.packet, Piece{PieceKind::object, number, *object});
  }
}

void SkbModel::add_head_data(CpuId cpu, Gfp gfp) {
  constexpr std::array kSizes{std::pair{1024U, SkbCache::data_1k}, std::pair{2048U, SkbCache::data_2k},
                              std::pair{4096U, SkbCache::data_4k}, std::pair{8192U, SkbCache::data_8k}};
  const auto bytes = static_cast<std::uint64_t>(std::min(rules_.head_bytes.draw(random(cpu)), kMaxMessage));
  if (bytes > kMaxKmalloc) {
    add_large_head(cpu, head_data(gfp));
    return;
  }
  const auto* fit = std::ranges::find_if(kSizes, [&](const auto& row) { return bytes <= row.first; });
  add_object(cpu, fit->second, head_data(gfp));
}

void SkbModel::add_large_head(CpuId cpu, Gfp gfp) {
  Cpu& state = cpus_[cpu.value];
  const FolioUse use{large_heads_.id()};
  const auto folio = state.complete
                         ? allocator().alloc_folio(request(kLargeHeadOrder, gfp.with(Gfp::comp), cpu), use)
                         : std::nullopt;
  state.complete = folio.has_value();
  if (folio) {
    packets_.add(state.packet, Piece{PieceKind::large_head, 0, folio->value});
    large_pages_ += kLargeHeadOrder.pages();
    state.packet_bytes += kLargeHeadOrder.pages().value * kPageSize;
  }
}

void SkbModel::add_fragments(CpuId cpu, std::uint32_t bytes, Gfp gfp) {
  Cpu& state = cpus_[cpu.value];
  while (bytes > 0 && state.complete) {
    std::uint32_t taken = 0;
    const auto fragment = frags_.take(cpu, bytes, gfp, &taken);
    state.complete = fragment.has_value();
    if (fragment) {
      packets_.add(state.packet, Piece{PieceKind::fragment, 0, *fragment});
      state.packet_bytes += taken;
      bytes -= taken;
    }
  }
}

void SkbModel::add_buffers(CpuId cpu, std::uint64_t count) {
  Cpu& state = cpus_[cpu.value];
  for (; count > 0 && state.complete; --count) {
    const auto buffer = rings_.take(cpu);
    state.complete = buffer.has_value();
    if (buffer) {
      packets_.add(state.packet, Piece{PieceKind::rx_buffer, cpu.value, buffer->value});
      state.packet_bytes += rings_.buffer_bytes();
    }
  }
}

void SkbModel::send(CpuId cpu, Ns now) {
  const Gfp gfp = random(cpu).chance(rules_.softirq_sends) ? gfp::kAtomic : gfp::kKernel;
  const double bytes = std::clamp(rules_.send_bytes.draw(random(cpu)), 64.0, kMaxMessage);
  begin(cpu);
  add_object(cpu, SkbCache::fclone, gfp.with(Gfp::nowarn));
  add_head_data(cpu, gfp);
  add_fragments(cpu, static_cast<std::uint32_t>(bytes), gfp);
  deliver(cpu, now);
}

void SkbModel::receive(CpuId cpu, Ns now) {
  const double bytes = std::clamp(rules_.receive_bytes.draw(random(cpu)), 64.0, kMaxMessage);
  const std::uint64_t buffers = 1 + static_cast<std::uint64_t>(bytes) / rings_.buffer_bytes();
  begin(cpu);
  add_object(cpu, SkbCache::head, gfp::kAtomic.with(Gfp::nowarn));
  add_buffers(cpu, std::min(buffers, kMaxFrags));
  deliver(cpu, now);
}

bool SkbModel::queue_slow(CpuId cpu) {
  Cpu& state = cpus_[cpu.value];
  const auto socket = static_cast<std::uint32_t>(random(cpu).below(state.slow.count()));
  return !under_pressure(1) && state.slow.push(socket, state.packet, state.packet_bytes);
}

void SkbModel::schedule_packet(CpuId cpu, Ns due, Packet packet) {
  RandomStream& stream = random(cpu);
  const std::uint64_t where = stream.chance(rules_.freed_elsewhere) ? stream.below(nr_cpus()) : cpu.value;
  cpus_[where].wheel.schedule(due, Pending{Due::packet, packet});
}

void SkbModel::deliver(CpuId cpu, Ns now) {
  const Cpu& state = cpus_[cpu.value];
  const bool slow = state.slow.count() > 0 && random(cpu).chance(rules_.slow_share);
  bool queued = state.complete && !under_pressure(2);
  if (queued && slow) {
    queued = queue_slow(cpu);
  } else if (queued) {
    schedule_packet(cpu, now + rules_.hold.draw_time(random(cpu)), state.packet);
  }
  if (!queued) {
    ++dropped_;
    close(state.packet, cpu);
  }
}

// accept() makes a socket, its inode, a file and a dentry: sock_alloc_file().
void SkbModel::connect(CpuId cpu, Ns now) {
  begin(cpu);
  for (const SkbCache cache : {SkbCache::sock, SkbCache::sock_inode, SkbCache::file, SkbCache::dentry}) {
    add_object(cpu, cache, cache == SkbCache::sock ? gfp::kAtomic.with(Gfp::nowarn) : gfp::kKernel);
  }
  const Cpu& state = cpus_[cpu.value];
  if (state.complete) {
    cpus_[cpu.value].wheel.schedule(now + rules_.connection_life.draw_time(random(cpu)),
                                    Pending{Due::packet, state.packet});
  } else {
    close(state.packet, cpu);
  }
}

void SkbModel::give_back(const Piece& piece, CpuId cpu) {
  switch (piece.kind) {
    case PieceKind::fragment:
      frags_.put(piece.id, cpu);
      break;
    case PieceKind::rx_buffer:
      if (random(cpu).chance(rules_.recycled)) {
        rings_.recycle(FolioId{piece.id}, CpuId{piece.home}, cpu);
      } else {
        rings_.free(FolioId{piece.id}, cpu);
      }
      break;
    case PieceKind::large_head:
      allocator().free_folio(FolioId{piece.id}, cpu);
      large_pages_ -= kLargeHeadOrder.pages();
      break;
    case PieceKind::object:
      caches_[piece.home]->free(piece.id, cpu);
      break;
  }
}

// Everything a packet holds went cold while it waited: fetched together, the misses overlap.
void SkbModel::prefetch(const Piece& piece) const {
  switch (piece.kind) {
    case PieceKind::fragment:
      frags_.prefetch(piece.id);
      break;
    case PieceKind::object:
      caches_[piece.home]->prefetch(piece.id);
      break;
    default:
      prefetch_line(&memory().folios()[FolioId{piece.id}]);
      break;
  }
}

void SkbModel::close(Packet packet, CpuId cpu) {
  packets_.close(packet, [&](std::span<const Piece> pieces) {
    std::ranges::for_each(pieces, [&](const Piece& piece) { prefetch(piece); });
    std::ranges::for_each(pieces, [&](const Piece& piece) { give_back(piece, cpu); });
  });
}

void SkbModel::fire(CpuId cpu, Ns due, const Pending& pending) {
  if (pending.due == Due::packet) {
    close(pending.id, cpu);
    return;
  }
  Cpu& state = cpus_[cpu.value];
  state.slow.read(pending.id, [&](Packet packet) { close(packet, cpu); });
  state.wheel.schedule(due + rules_.slow_read_every.draw_time(random(cpu)), pending);
}

void SkbModel::arrive(CpuId cpu, Ns now) {
  const double all = rules_.sends + rules_.receives + rules_.connections;
  const double at = random(cpu).uniform() * all;
  if (at < rules_.sends) {
    send(cpu, now);
  } else if (at < rules_.sends + rules_.receives) {
    receive(cpu, now);
  } else {
    connect(cpu, now);
  }
}

void SkbModel::run(CpuId cpu, Ns from, Ns to) {
  TimingWheel<Pending>& wheel = cpus_[cpu.value].wheel;
  const auto due = [&](Ns at, const Pending& pending) { fire(cpu, at, pending); };
  if (!rings_.is_full(cpu)) {
    rings_.fill(cpu, gfp::kAtomic.with(Gfp::nowarn));
  }
  const double all = rules_.sends + rules_.receives + rules_.connections;
  spread(arrivals(cpu, all * pace(cpu, from, to - from), from, to), from, to, [&](Ns now) {
    wheel.advance(now, due);
    arrive(cpu, now);
  });
  wheel.advance(to, due);
}

void SkbModel::stop() {
  for (std::uint16_t i = 0; i < nr_cpus(); ++i) {
    const CpuId cpu{i};
    Cpu& state = cpus_[i];
    state.wheel.advance(Ns::max(), [&](Ns, const Pending& pending) {
      if (pending.due == Due::packet) {
        close(pending.id, cpu);
      } else {
        state.slow.read(pending.id, [&](Packet packet) { close(packet, cpu); });
      }
    });
    state = Cpu{};
    frags_.release_current(cpu);
  }
  rings_.clear();
  for (SlabCache* cache : caches_) {
    cache->shrink(CpuId{0});
  }
}

const WorkloadModel& networking_skbs_model() {
  static const WorkloadModel kModel{
      "networking-skbs", "page fragments, receive rings, sockets that fall behind, connections", skb_params(),
      [](std::string name, const Params& params, double scale, WorkloadHost& host) -> std::unique_ptr<Workload> {
        return std::make_unique<SkbModel>(std::move(name), params, scale, host);
      }};
  return kModel;
}

}  // namespace gbsim
