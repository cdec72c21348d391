// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/cli/ops.h"

#include <fmt/format.h>

#include <iterator>

#include "sim/allocator/idle_relief.h"
#include "sim/allocator/page_allocator.h"
#include "sim/base/text.h"
#include "sim/cli/command.h"
#include "sim/cli/ops_dump.h"

namespace gbsim::cli {

namespace {

constexpr unsigned kCpus = 2;

/** The oracle's kernel never finishes booting, so gfp_allowed_mask hides these bits: no kswapd, no direct reclaim. */
constexpr std::uint32_t kHiddenAtBoot = gfp::kReclaim.bits() | Gfp::io | Gfp::fs;

/** Up to five words of a line. */
struct Words {
  std::array<std::string_view, 5> word{};
  std::size_t count = 0;

  explicit Words(std::string_view line) {
    while (count < word.size()) {
      const auto from = line.find_first_not_of(" \t\r");
      if (from == std::string_view::npos) {
        return;
      }
      const auto until = std::min(line.find_first_of(" \t\r", from), line.size());
      word[count++] = line.substr(from, until - from);
      line.remove_prefix(until);
    }
  }

  std::uint64_t number(std::size_t i) const {
    const auto value = whole_number<std::uint64_t>(word[i]);
    if (!value) {
      throw UsageError("'" + std::string(word[i]) + "' is no whole number");
    }
    return *value;
  }
};

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
        memory_(zones_or_default(options), kCpus, tunables_, clock_, costs_),
        recorder_(out_, options.quiet),
        allocator_(memory_, recorder_) {
    memory_.set_trace(&recorder_);
  }

  void perform(std::string_view line) {
    ++operations_;
    const Words words(line);
    if (words.count == 0) {
      return;
    }
    for (const Operation& operation : kOperations) {
      if (words.word[0] == operation.name && words.count >= operation.words) {
        return (this->*operation.run)(words);
      }
    }
    throw UsageError("'" + std::string(line) + "' is no operation");
  }

  void finish() {
    print_memory(memory_, out_);
    out_.print("end ops {} failed {} warnings 0\n", operations_, failures_);
  }

 private:
  struct Block {
    Maybe<Pfn> pfn{};
    Order order{};
  };
  struct Operation {
    std::string_view name;
    std::size_t words;
    void (OpsRun::*run)(const Words&);
  };
  static const std::array<Operation, 7> kOperations;

  static CpuId cpu(const Words& words, std::size_t i) {
    const std::uint64_t cpu = words.number(i);
    if (cpu >= kCpus) {
      throw UsageError("CPU is 0 or 1");
    }
    return CpuId{cpu};
  }

  void alloc(const Words& words) {
    const std::uint64_t id = words.number(1);
    const auto gfp = parse_ops_gfp(words.word[3]);
    const std::uint64_t order = words.number(2);
    if (!gfp || order > 10) {
      throw UsageError("alloc ID ORDER GFP CPU: order is 0 to 10, GFP one of UMRAPTKkm or 0xHEX");
    }
    const Order wanted{static_cast<unsigned>(order)};
    const auto pfn = allocator_.alloc_pages(PageRequest{wanted, gfp->without(kHiddenAtBoot), cpu(words, 4), NodeId{}});
    if (id >= blocks_.size()) {
      blocks_.resize(id + id / 2 + 1);
    }
    blocks_[id] = Block{pfn, wanted};
    if (pfn) {
      out_.print("A {} {}\n", id, pfn->value);
      return;
    }
    ++failures_;
    out_.print("A {} -1\n", id);
  }

  void free(const Words& words) {
    const std::uint64_t id = words.number(1);
    if (id >= blocks_.size() || !blocks_[id].pfn) {
      return;
    }
    allocator_.free_pages(*blocks_[id].pfn, blocks_[id].order, cpu(words, 2));
    blocks_[id].pfn.reset();
    out_.print("F {}\n", id);
  }

  void drain(const Words& words) {
    memory_.drain_pcp(cpu(words, 1));
    out_.print("drained\n");
  }

  void tick(const Words& words) {
    memory_.tick(cpu(words, 1));
    out_.print("ticked\n");
  }

  void set_min(const Words& words) {
    tunables_.min_free_kbytes = words.number(1);
    memory_.apply_tunables();
  }

  void unboost(const Words&) {
    for (std::size_t i = 0; i < memory_.nr_zones(); ++i) {
      memory_.zone(i).clear_boost();
    }
    out_.print("unboosted\n");
  }

  void dump(const Words&) { print_memory(memory_, out_); }

  Printer out_;
  Tunables tunables_;
  Clock clock_;
  CostTable costs_;
  Memory memory_;
  Recorder recorder_;
  PageAllocator allocator_;
  std::vector<Block> blocks_;
  std::uint64_t operations_ = 0;
  std::uint64_t failures_ = 0;
};

constexpr std::array<OpsRun::Operation, 7> OpsRun::kOperations{{
    {"alloc", 5, &OpsRun::alloc},
    {"free", 3, &OpsRun::free},
    {"drain", 2, &OpsRun::drain},
    {"tick", 2, &OpsRun::tick},
    {"min", 2, &OpsRun::set_min},
    {"unboost", 1, &OpsRun::unboost},
    {"dump", 1, &OpsRun::dump},
}};

}  // namespace

void run_ops(const OpsOptions& options, std::istream& in, std::ostream& out) {
  OpsRun run(options, out);
  std::string line;
  for (std::uint64_t number = 1; std::getline(in, line); ++number) {
    try {
      run.perform(line);
    } catch (const UsageError& error) {
      const std::string name = options.list.empty() ? "-" : options.list;
      throw UsageError(fmt::format("{}:{}:1: error: {}", name, number, error.what()));
    }
  }
  run.finish();
}

}  // namespace gbsim::cli
