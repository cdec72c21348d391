// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <string>
#include <vector>

#include "sim/allocator/contig.h"
#include "sim/base/timing_wheel.h"
#include "sim/workload/model_base.h"

namespace gbsim {

/**
 * Programs that ask for 1 GiB pages now and then, JVMs or the host of virtual machines: each wants some at its start,
 * asks again for what it did not get, holds them and gives them back at its end. Some pages are THP, which the kernel
 * may split again; then they are ordinary movable memory, part of which is freed at once.
 */
class Huge1gModel final : public ModelBase {
 public:
  Huge1gModel(std::string name, const Params& params, double scale, WorkloadHost& host);

  void start() override;
  void run(CpuId cpu, Ns from, Ns to) override;
  void stop() override;
  NrPages largest_process() const override;
  void kill_largest_process() override;

  /** Gigantic pages held whole now. */
  unsigned whole_pages() const { return whole_; }
  /** Pages wanted that programs went without to their end. */
  unsigned given_up() const { return given_up_; }

 private:
  /** Owns what split pages are made of. */
  class Fragments final : public FolioOwner {
   public:
    explicit Fragments(Huge1gModel& model) : model_(model) {}
    std::string_view name() const override { return model_.name(); }
    void on_evicted(FolioId folio, const Folio& record) override;
    void on_split(FolioId whole, const Folio& record, const std::vector<FolioId>& parts) override;

   private:
    Huge1gModel& model_;
  };

  enum class Deed : std::uint8_t { retry, split, end };

  /** Something that will happen to a program, or to one of its pages. */
  struct Pending {
    Deed deed;
    std::uint32_t subject;
  };

  struct Program {
    std::vector<std::uint32_t> pages;
    unsigned missing = 0;
    unsigned retries_left = 0;
    Ns ends{0};
    bool ended = false;
  };

  /** A page while it is whole, or what is left of it. */
  struct Page {
    Pfn first{};
    bool whole = false;
    std::vector<FolioId> parts{};
  };

  void begin_program(CpuId cpu, Ns now);
  void ask(CpuId cpu, std::uint32_t program, Ns now);
  void add_page(CpuId cpu, std::uint32_t program, Pfn first, Ns now);
  void fire(CpuId cpu, Ns now, const Pending& pending);
  void split(CpuId cpu, std::uint32_t page);
  void end(CpuId cpu, std::uint32_t program);
  void free_page(CpuId cpu, std::uint32_t page);
  NrPages resident(const Program& program) const;
  std::size_t largest() const;
  NrPages gigantic() const { return memory().zone(0).orders().gigablock.pages(); }

  Fragments fragments_{*this};
  OwnerId owner_;
  double rate_;
  unsigned initial_;
  Law wanted_;
  Law life_;
  unsigned retries_;
  Ns retry_interval_;
  double thp_share_;
  double split_share_;
  double unmapped_share_;
  std::vector<TimingWheel<Pending>> wheels_;  // by CPU
  std::vector<Program> programs_;
  std::vector<Page> pages_;
  unsigned whole_ = 0;
  unsigned given_up_ = 0;
};

}  // namespace gbsim
