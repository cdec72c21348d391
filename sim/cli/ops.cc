// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/ops.h"

#include <fmt/format.h>

#include <unordered_map>

#include "sim/allocator/idle_relief.h"
#include "sim/allocator/page_allocator.h"
#include "sim/cli/ops_dump.h"
#include "sim/cli/ops_list.h"

namespace gbsim::cli {

namespace {

/** The oracle's kernel never finishes booting, so gfp_allowed_mask hides these bits: no kswapd, no direct reclaim. */
constexpr std::uint32_t kHiddenAtBoot = gfp::kReclaim.bits() | Gfp::io | Gfp::fs;

/** Prints events in the oracle's format and reclaims nothing. */
class Recorder : public TraceSink, public IdleRelief {
 public:
  Recorder(Printer& out, bool quiet) : out_(out), quiet_(quiet) {}

  void zone_locked(Pfn pfn, Order order, Migratetype type, bool refill) override {
    event("Z {} {} {} {}\n", pfn.value, order.value, index(type), refill ? 1 : 0);
  }
  void pcpu_drain(Pfn pfn, Order order, Migratetype type) override {
    event("D {} {} {}\n", pfn.value, order.value, index(type));
  }
  void extfrag(const ExtfragEvent& x) override {
    event("X pfn {} order {} fborder {} mt {} fbmt {} own {}\n", x.pfn.value, x.order.value, x.fallback_order.value,
          index(x.type), index(x.fallback), x.owned ? 1 : 0);
  }
  void wake_kswapd(Zone& zone, const PageRequest& request) override {
    event("K {} {}\n", request.order.value, zone.boost().value);
  }

 private:
  template <class... Values>
  void event(fmt::string_view format, const Values&... values) {
    if (!quiet_) {
      out_.print(format, values...);
    }
  }

  Printer& out_;
  bool quiet_;
};

std::vector<ZoneSpec> zones_or_default(const OpsOptions& options) {
  if (!options.zones.empty()) {
    return options.zones;
  }
  ZoneSpec zone;
  zone.start = Pfn{1U << 20};
  zone.spanned = NrPages{131072};
  return {zone};
}

Tunables tunables_for(const OpsOptions& options) {
  Tunables tunables;
  tunables.kernel_rules = options.kernel;
  tunables.min_free_kbytes = options.min_kbytes;
  tunables.watermark_boost_factor = options.boost_factor.value_or(tunables.watermark_boost_factor);
  return tunables;
}

/** One list being run: the machine, and the block behind each live id. */
class OpsRun {
 public:
  OpsRun(const OpsOptions& options, std::ostream& out)
      : out_(out),
        tunables_(tunables_for(options)),
        memory_(zones_or_default(options), kOpsCpus, tunables_, clock_, costs_),
        recorder_(out_, options.quiet),
        allocator_(memory_, recorder_) {
    memory_.set_trace(&recorder_);
  }

  void perform(const OpsOperation& operation) {
    switch (operation.action) {
      case OpsAction::nothing:
        return;
      case OpsAction::alloc:
        return alloc(operation);
      case OpsAction::free:
        return free(operation);
      case OpsAction::drain:
        memory_.drain_pcp(operation.cpu);
        return out_.print("drained\n");
      case OpsAction::tick:
        memory_.tick(operation.cpu);
        return out_.print("ticked\n");
      case OpsAction::min:
        tunables_.min_free_kbytes = operation.number;
        return memory_.apply_tunables();
      case OpsAction::unboost:
        return unboost();
      case OpsAction::dump:
        return print_memory(memory_, out_);
    }
  }

  /** After a list of @lines. */
  void finish(std::size_t lines) {
    print_memory(memory_, out_);
    out_.print("end ops {} failed {} warnings 0\n", lines, failures_);
  }

 private:
  struct Block {
    Maybe<Pfn> pfn{};
    Order order{};
  };

  void alloc(const OpsOperation& operation) {
    const std::uint64_t id = operation.number;
    const Gfp gfp = operation.gfp.without(kHiddenAtBoot);
    const auto pfn = allocator_.alloc_pages(PageRequest{operation.order, gfp, operation.cpu, NodeId{}});
    blocks_[id] = Block{pfn, operation.order};
    if (pfn) {
      out_.print("A {} {}\n", id, pfn->value);
      return;
    }
    ++failures_;
    out_.print("A {} -1\n", id);
  }

  void free(const OpsOperation& operation) {
    const auto block = blocks_.extract(operation.number);
    if (!block || !block.mapped().pfn) {
      return;
    }
    allocator_.free_pages(*block.mapped().pfn, block.mapped().order, operation.cpu);
    out_.print("F {}\n", operation.number);
  }

  void unboost() {
    for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
      memory_.zone(i).clear_boost();
    }
    out_.print("unboosted\n");
  }

  Printer out_;
  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  Memory memory_;
  Recorder recorder_;
  PageAllocator allocator_;
  std::unordered_map<std::uint64_t, Block> blocks_;  // by ID
  std::uint64_t failures_ = 0;
};

}  // namespace

Diagnostics run_ops(const OpsOptions& options, std::istream& in, std::ostream& out) {
  Diagnostics errors;
  const ErrorSink sink(options.list.empty() ? "-" : options.list, errors);
  const std::vector<OpsOperation> list = read_ops_list(in, sink);
  if (!errors.empty()) {
    return errors;
  }
  OpsRun run(options, out);
  for (const OpsOperation& operation : list) {
    run.perform(operation);
  }
  run.finish(list.size());
  return errors;
}

}  // namespace gbsim::cli
