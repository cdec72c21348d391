// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <memory>
#include <vector>

#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"

namespace gbsim {

/** The folios of one churn instance: who lives, under a number that eviction can find. */
class ChurnFolios final : public FolioOwner {
 public:
  ChurnFolios(std::string name, WorkloadHost& host);

  OwnerId id() const { return id_; }
  /** A place for one folio; its number is the folio's cookie. */
  std::uint32_t reserve();
  void fill(std::uint32_t place, FolioId folio) { folios_[place] = folio.value; }
  /** Frees the folio unless reclaim has; the place is free again. Returns the base pages it held. */
  NrPages release(std::uint32_t place, CpuId cpu);

  std::string_view name() const override { return name_; }
  void on_evicted(FolioId folio, const Folio& record) override;
  /** A split folio lives on as its parts, which the place then stands for. */
  void on_split(FolioId folio, const Folio& record, const std::vector<FolioId>& parts) override;

 private:
  std::string name_;
  WorkloadHost& host_;
  OwnerId id_;
  std::vector<std::uint32_t> folios_;  // by place: FolioId value, kNoFolio once evicted
  std::vector<std::uint32_t> unused_;
  std::vector<std::pair<std::uint32_t, std::vector<FolioId>>> split_;  // places that stand for several folios
};

/**
 * Any mix of allocations described in YAML alone: classes of order, type, GFP shape, rate, bursts and lifetime law,
 * groups that die together, and a pace that changes over the day.
 */
class ChurnModel final : public ModelBase {
 public:
  ChurnModel(std::string name, const Params& params, double scale, WorkloadHost& host);

  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;

  std::uint64_t refused() const { return refused_; }

 private:
  /** One kind of allocation. */
  struct Class {
    Law order;
    Gfp gfp;
    double rate;
    Law burst;          // allocations of one arrival
    bool dies_together;  // an arrival's allocations share one lifetime
    Law life;
    LruList lru;
    int fallback_order;  // tried when the first is refused; -1: give up
    double pinned;
    NrPages cap;
    NrPages live{};
  };

  struct Pending {
    std::uint32_t place;
    std::uint16_t cls;
    std::uint16_t order;
  };

  void add_class(const Params& row);
  double pace(Ns now) const;
  void arrive(CpuId cpu, std::uint16_t cls, Ns now);
  bool allocate(CpuId cpu, std::uint16_t cls, Ns die_at);
  void die(CpuId cpu, const Pending& pending);

  ChurnFolios folios_;
  std::vector<Class> classes_;
  std::vector<TimingWheel<Pending>> wheels_;  // by CPU
  Ns period_;
  double amplitude_;
  double phase_;
  std::uint64_t refused_ = 0;
};

}  // namespace gbsim
