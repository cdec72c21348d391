// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"
#include "sim/workload/packet_store.h"
#include "sim/workload/page_frag.h"
#include "sim/workload/quick_law.h"
#include "sim/workload/rx_ring.h"
#include "sim/workload/slab_cache.h"
#include "sim/workload/slow_sockets.h"

namespace gbsim {

/** The kmem caches of the network stack, in the order of skb_cache_specs(). */
enum class SkbCache : std::uint16_t {
  head, fclone, data_1k, data_2k, data_4k, data_8k, sock, sock_inode, file, dentry
};

inline constexpr std::size_t kNrSkbCaches = 10;

/** Name, object size and type of each. */
std::array<SlabSpec, kNrSkbCaches> skb_cache_specs();

/** Parameters of networking-skbs, typed. Rates and counts are for the whole machine, before scaling. */
struct SkbRules {
  explicit SkbRules(const Params& params);

  double sends;
  double receives;
  double connections;
  QuickLaw send_bytes;
  QuickLaw head_bytes;
  double softirq_sends;
  QuickLaw receive_bytes;
  double recycled;
  RxRingSpec ring;  // entries and pool per CPU
  QuickLaw hold;
  double freed_elsewhere;
  double slow_sockets;
  double slow_share;
  QuickLaw slow_buffer;
  QuickLaw slow_read_every;
  double memory_pressure;
  double burst_factor;
  double burst_share;
  double burst_length;  // ns
  QuickLaw connection_life;
};

/** Keys of networking-skbs. */
std::span<const ParamSpec> skb_params();

/**
 * Network traffic as the allocator sees it: sent data in page fragments behind heads from slab, receive rings whose
 * buffers travel to sockets, bursts, readers that fall behind, connections that come and go. A refused allocation
 * costs the packet or the connection.
 */
class SkbModel final : public ModelBase {
 public:
  SkbModel(std::string name, const Params& params, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  /** Packets lost because memory was refused or a queue was full. */
  std::uint64_t dropped() const { return dropped_; }
  /** Pages of packets, chunks and rings; slab pages are their caches'. */
  NrPages pages() const { return frags_.pages() + rings_.pages() + large_pages_; }

 private:
  enum class Due : std::uint8_t { packet, reader };

  /** A packet that is done with, or a slow socket that is read. */
  struct Pending {
    Due due;
    std::uint32_t id;
  };

  struct Cpu {
    TimingWheel<Pending> wheel{};
    SlowSockets slow{};
    Ns burst_until{0};
    Packet packet = kEmptyPacket;  // being put together
    std::uint64_t packet_bytes = 0;
    bool complete = false;
  };

  double pace(CpuId cpu, Ns now, Ns window);
  void arrive(CpuId cpu, Ns now);
  void send(CpuId cpu, Ns now);
  void receive(CpuId cpu, Ns now);
  void connect(CpuId cpu, Ns now);
  void begin(CpuId cpu);
  /** Queues the packet on a socket, or drops it if it is not whole. */
  void deliver(CpuId cpu, Ns now);
  bool queue_slow(CpuId cpu);
  void schedule_packet(CpuId cpu, Ns due, Packet packet);
  void add_object(CpuId cpu, SkbCache cache, Gfp gfp);
  void add_head_data(CpuId cpu, Gfp gfp);
  void add_large_head(CpuId cpu, Gfp gfp);
  void add_fragments(CpuId cpu, std::uint32_t bytes, Gfp gfp);
  void add_buffers(CpuId cpu, std::uint64_t count);
  void fire(CpuId cpu, Ns due, const Pending& pending);
  void close(Packet packet, CpuId cpu);
  void prefetch(const Piece& piece) const;
  void give_back(const Piece& piece, CpuId cpu);
  bool under_pressure(double times) const {
    return static_cast<double>(pages().value) > rules_.memory_pressure * times;
  }

  SkbRules rules_;
  PageFrags frags_;
  RxRings rings_;
  KernelPages large_heads_;
  std::array<SlabCache*, kNrSkbCaches> caches_;
  PacketStore packets_;
  std::vector<Cpu> cpus_;
  NrPages large_pages_;
  std::uint64_t dropped_ = 0;
};

}  // namespace gbsim
