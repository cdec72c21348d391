// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "sim/workload/skb.h"

namespace gbsim {

namespace {

constexpr std::string_view kTraced =
    "measured-workloads section 3: order-3 chunks live 38 ms to 143 ms (p10), 0.5 s to 1.1 s (median)";
constexpr std::string_view kChunks =
    "order-3 chunks 1.06-1.23 k/s on 8 cores of memcached (llfree-bench), times 4 for 32 CPUs";
constexpr std::string_view kFleet = "estimate, for networking at 73 % of unmovable pages (Contiguitas, ISCA'23)";
constexpr std::string_view kEstimate = "estimate";

constexpr std::array kParams{
    ParamSpec{"send.rate", ParamType::rate, "5k/s", "messages sent, whole machine, times scale", kChunks, 0, 1e9},
    ParamSpec{"send.size", ParamType::law, "lognormal 8KiB p90 48KiB", "bytes of a message, in page fragments",
              kEstimate},
    ParamSpec{"send.head", ParamType::law, "lognormal 700 p90 9KiB",
              "linear bytes of a sent message: a kmalloc cache up to 8 KiB, above that an order-2 block",
              "measured-workloads: one order-2 block to 3-9 order-3 chunks"},
    ParamSpec{"send.softirq", ParamType::share, "10%", "of messages sent from softirq: ATOMIC instead of KERNEL",
              kEstimate, 0, 1},
    ParamSpec{"receive.rate", ParamType::rate, "4k/s", "messages received, whole machine, times scale", kEstimate, 0,
              1e9},
    ParamSpec{"receive.size", ParamType::law, "lognormal 12KiB p90 64KiB",
              "bytes of a received message, at most 17 buffers", "estimate; MAX_SKB_FRAGS, GRO"},
    ParamSpec{"receive.order", ParamType::integer, "1", "order of a receive buffer; 0 for cards without 9K frames",
              "published-figures: ice, order 1 (/proc/allocinfo)", 0, 3},
    ParamSpec{"receive.recycled", ParamType::share, "60%", "of read buffers that return to the driver's page pool",
              "estimate: the rest was cloned, spliced or forwarded", 0, 1},
    ParamSpec{"ring.entries", ParamType::integer, "2048", "receive buffers posted, per CPU, times scale",
              "vendor defaults: 512 to 4096 descriptors a queue, a queue a CPU", 0, 65536},
    ParamSpec{"ring.pool", ParamType::integer, "1024", "recycled buffers kept for refills, per CPU, times scale",
              "page pool: ptr_ring of 1024 by default", 0, 65536},
    ParamSpec{"hold.fast", ParamType::law, "lognormal 15ms p90 250ms",
              "how long a packet waits for an ACK or for a reader that keeps up", kTraced},
    ParamSpec{"hold.elsewhere", ParamType::share, "25%", "of packets freed by another CPU than they came to",
              "estimate: transmit completions and readers on other CPUs", 0, 1},
    ParamSpec{"slow.sockets", ParamType::integer, "3000",
              "sockets whose readers fall behind, whole machine, times scale", kFleet, 0, 1e7},
    ParamSpec{"slow.share", ParamType::share, "12%", "of messages that go to such sockets", kFleet, 0, 1},
    ParamSpec{"slow.buffer", ParamType::law, "lognormal 2MiB p90 6MiB",
              "bytes such a socket holds; the rest is dropped",
              "net.ipv4.tcp_rmem and tcp_wmem: at most 6 MiB and 4 MiB"},
    ParamSpec{"slow.read_every", ParamType::law, "lognormal 90s p90 8m", "between two looks of such a reader", kFleet},
    ParamSpec{"memory.pressure", ParamType::share, "4.7%",
              "of memory in packets: slow sockets get no more; at twice as much nobody does",
              "net.ipv4.tcp_mem: 4.69 %, 6.25 %, 9.37 % of memory", 0, 1},
    ParamSpec{"burst.factor", ParamType::real, "6", "how much faster traffic comes in a burst", kEstimate, 1, 1000},
    ParamSpec{"burst.share", ParamType::share, "4%", "of time spent in bursts, per CPU", kEstimate, 0, 0.9},
    ParamSpec{"burst.length", ParamType::time, "80ms", "mean length of a burst", kEstimate, 1e6, 1e12},
    ParamSpec{"connections.rate", ParamType::rate, "800/s", "connections opened, whole machine, times scale", kEstimate,
              0, 1e8},
    ParamSpec{"connections.life", ParamType::law, "lognormal 1.1s p90 30s", "how long a connection lasts",
              "estimate: median of measured chunk lives, tail of keep-alive"},
};

}  // namespace

std::span<const ParamSpec> skb_params() {
  return kParams;
}

SkbRules::SkbRules(const Params& params)
    : sends(params.real("send.rate")),
      receives(params.real("receive.rate")),
      connections(params.real("connections.rate")),
      send_bytes(params.law("send.size")),
      head_bytes(params.law("send.head")),
      softirq_sends(params.real("send.softirq")),
      receive_bytes(params.law("receive.size")),
      recycled(params.real("receive.recycled")),
      ring{static_cast<std::uint64_t>(params.integer("ring.entries")),
           static_cast<std::uint64_t>(params.integer("ring.pool")),
           Order{static_cast<unsigned>(params.integer("receive.order"))}},
      hold(params.law("hold.fast")),
      freed_elsewhere(params.real("hold.elsewhere")),
      slow_sockets(static_cast<double>(params.integer("slow.sockets"))),
      slow_share(params.real("slow.share")),
      slow_buffer(params.law("slow.buffer")),
      slow_read_every(params.law("slow.read_every")),
      memory_pressure(params.real("memory.pressure")),
      burst_factor(params.real("burst.factor")),
      burst_share(params.real("burst.share")),
      burst_length(static_cast<double>(params.time("burst.length").count())),
      connection_life(params.law("connections.life")) {}

// Sizes: slabinfo of the recorded kernels, measured-workloads section 2.
std::array<SlabSpec, kNrSkbCaches> skb_cache_specs() {
  return {SlabSpec{"skbuff_head_cache", 256},      SlabSpec{"skbuff_fclone_cache", 512}, kmalloc_spec(1024),
          kmalloc_spec(2048),                      kmalloc_spec(4096),                   kmalloc_spec(8192),
          SlabSpec{"TCP", 2304},                   SlabSpec{"sock_inode_cache", 832, true}, SlabSpec{"filp", 256},
          SlabSpec{"dentry", 192, true}};
}

}  // namespace gbsim
