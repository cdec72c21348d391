// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/random.h"
#include "sim/mm/memory.h"

namespace gbsim {

class Writeback;

/** How patient a migration is: async never waits, sync_light waits for locks, sync also for writeback. */
enum class MigrateMode : std::uint8_t { async, sync_light, sync };

enum class MigrateOutcome : std::uint8_t { migrated, pinned, busy, under_writeback };

/** Moves folios to other pages. Failure is part of the model: pins, writeback, and references taken for a moment. */
class Migration {
 public:
  /** @busy_share: chance that a folio is locked or referenced by somebody at the moment of an async attempt. */
  Migration(Memory& memory, RandomStream stream, double busy_share);
  /** Whom sync migrations wait for; without it they fail where they would wait. */
  void connect(Writeback& writeback) { writeback_ = &writeback; }

  /** Chance from now on that zone->lock is held by another CPU when somebody tries to take it. */
  void set_lock_busy_share(double share) { lock_busy_share_ = share; }
  /** A trylock of zone->lock fails now: compact_lock_irqsave(). */
  bool lock_is_busy() { return lock_busy_share_ > 0 && stream_.chance(lock_busy_share_); }

  /** Worth isolating: on an LRU list or movable by its owner, and not visibly pinned or busy. */
  bool can_try(const Folio& folio, MigrateMode mode) const;
  /**
   * The folio's content moves to the raw block @target of its order, and it becomes the youngest of its LRU list;
   * the old block is freed on @cpu. On failure nothing moves and the target stays the caller's.
   */
  MigrateOutcome migrate(FolioId id, Pfn target, MigrateMode mode, CpuId cpu);
  /** An isolated folio that was not migrated returns to its LRU list, at the young end. */
  void putback(FolioId id);
  /** A large folio could not be moved whole; counts the split. */
  std::vector<FolioId> split(FolioId id);

 private:
  MigrateOutcome obstacle(FolioId id, MigrateMode mode);
  bool wait_for_writeback(FolioId id);
  bool is_huge(const Folio& folio) const;

  Memory& memory_;
  Ns waited_until_{0};  // for writeback; the clock stands still within a unit of work
  RandomStream stream_;
  double busy_share_;
  double lock_busy_share_ = 0;
  Writeback* writeback_ = nullptr;
};

}  // namespace gbsim
