// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"
#include "sim/workload/page_frag.h"
#include "sim/workload/slab_cache.h"

namespace gbsim {

/**
 * Network traffic as the allocator sees it: sent data in page fragments with skb heads from slab, receive rings whose
 * pages travel to sockets, bursts, slow receivers whose queues grow, connections that come and go.
 */
class SkbModel final : public ModelBase {
 public:
  SkbModel(std::string name, const Params& params, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  /** Packets lost because no page could be had or the queues were full. */
  std::uint64_t dropped() const { return dropped_; }
  NrPages queued() const { return queued_; }

 private:
  enum class Held : std::uint8_t { fragment, rx_page, head, connection };

  /** Something to be freed later. @a is a fragment, folio or object; @b a second object. */
  struct Pending {
    Held held;
    std::uint32_t a;
    std::uint32_t b;
  };

  struct Cpu {
    TimingWheel<Pending> wheel;
    std::vector<FolioId> ring;
    Ns burst_until{0};
  };

  struct Rates {
    double sends, receives, connections, burst_factor, burst_share, slow_share, recycled;
  };

  double pace(CpuId cpu, Ns now);
  void send(CpuId cpu, Ns now);
  void receive(CpuId cpu, Ns now);
  void connect(CpuId cpu, Ns now);
  void fill_ring(CpuId cpu);
  Ns queue_time(CpuId cpu);
  void free_pending(CpuId cpu, const Pending& pending);
  std::optional<FolioId> ring_page(CpuId cpu);

  KernelPages rx_pages_;
  PageFrags frags_;
  SlabCache& heads_;
  SlabCache& socks_;
  SlabCache& inodes_;
  std::vector<Cpu> cpus_;
  Rates rates_;
  Law message_bytes_;
  Law fast_, slow_, connection_life_;
  Ns burst_length_;
  std::uint64_t ring_entries_;
  Order rx_order_;
  NrPages queue_cap_;
  NrPages queued_;
  std::uint64_t dropped_ = 0;
};

}  // namespace gbsim
