// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <deque>

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
  /** The folio is about to be freed (truncate): it is neither dirty nor under writeback any more. */
  void forget(FolioId id);
  /** Hands a dirty folio to its device: clean from now on, under writeback until the device is done. */
  void start(FolioId id);
  /** One flusher wake-up: writes out up to @budget pages while the background limit or the dirty age asks for it. */
  NrPages flush(NrPages budget);
  /** How long a task that dirtied pages must pause: balance_dirty_pages(), at most 200 ms. */
  Ns pause() const;
  /** Ends writeback of whatever the devices have finished by now. */
  void complete(Ns now);
  /** When complete() will next have something to do; Ns::max() if nothing is under way. */
  Ns next_completion() const;

  NrPages dirty() const { return dirty_; }
  NrPages under_writeback() const { return writeback_; }
  NrPages dirty_limit() const { return share_of_dirtyable(memory_.tunables().dirty_ratio); }
  NrPages background_limit() const { return share_of_dirtyable(memory_.tunables().dirty_background_ratio); }

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
  bool should_flush(const Dirtied& oldest) const;
  void finish(const InFlight& request);
  void complete(std::deque<InFlight>& queue, Ns now);

  Memory& memory_;
  Device disk_;
  Device swap_;
  std::deque<Dirtied> dirtied_;  // oldest first; entries of folios no longer dirty are passed over
  std::deque<InFlight> to_disk_;
  std::deque<InFlight> to_swap_;
  NrPages dirty_;
  NrPages writeback_;
};

}  // namespace gbsim
