// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>
#include <span>

#include "sim/mm/memory.h"
#include "sim/reclaim/device.h"

namespace gbsim {

/**
 * Dirty file folios, the flusher, and swap-out: which folios wait for a device and when it is done with them.
 * Limits as in mm/page-writeback.c: shares of dirtyable memory, that is free pages and file pages less the reserves.
 */
class Writeback {
 public:
  explicit Writeback(Memory& memory);

  /** First dirtying counts; Requires: a file folio. */
  void mark_dirty(FolioId id);
  /** Parts of a dirty file folio that was split: they are dirty, and now known as such. */
  void adopt(std::span<const FolioId> parts);
  /** The folio is about to be freed (truncate): it is neither dirty nor under writeback any more. */
  void forget(FolioId id);
  /** Hands a dirty folio to its device: clean from now on, under writeback until the device is done. */
  void start(FolioId id);
  /** Reclaim met nothing but dirty folios: the flusher should write out what is dirty now. */
  void request_flush() { requested_ = dirty_; }
  bool flush_requested() const { return requested_.value != 0; }
  /** The flusher has work: over the background limit, data too old, or asked for by reclaim. */
  bool wants_flush() const;
  /** One flusher wake-up: writes out up to @budget pages, oldest first, while there is work for it. */
  NrPages flush(NrPages budget);
  /**
   * How long the task that dirtied the folios since the last call must pause: balance_dirty_pages(), at most 200 ms.
   * Writers together get the bandwidth of the disk, more below and less above the middle of the throttled range.
   */
  Ns balance();
  /** Ends writeback of whatever the devices have finished by @now. */
  void complete(Ns now);
  /** When complete() will next have something to do; Ns::max() if nothing is under way. */
  Ns next_completion() const;

  NrPages dirty() const { return dirty_; }
  NrPages under_writeback() const { return writeback_; }
  NrPages dirty_limit() const { return share_of_dirtyable(memory_.tunables().dirty_ratio); }
  NrPages background_limit() const;

 private:
  struct Dirtied {
    FolioId id;
    Ns since;
  };
  struct InFlight {
    FolioId id;
    Pfn pfn;
    NrPages pages;
    Ns done;
  };

  NrPages share_of_dirtyable(unsigned percent) const;
  bool is_waiting(FolioId id) const;
  bool should_write(const Dirtied& oldest) const;
  void finish(const InFlight& request);
  void complete(std::deque<InFlight>& queue, Ns now);
  void publish();

  Memory& memory_;
  Device disk_;
  Device swap_;
  std::deque<Dirtied> dirtied_;  // oldest first; entries of folios no longer dirty are passed over
  std::deque<InFlight> to_disk_;
  std::deque<InFlight> to_swap_;
  NrPages dirty_;
  NrPages writeback_;
  NrPages requested_;  // dirty pages the flusher is to write whatever their age
  NrPages unpaid_;     // dirtied since a writer last paused
  Ns writers_until_{0};  // when the pages dirtied so far are paid for
};

}  // namespace gbsim
