// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>

#include "sim/base/random.h"
#include "sim/mm/memory.h"

namespace gbsim {

/** How patient a migration is: async never waits for writeback, sync waits. */
enum class MigrateMode : std::uint8_t { async, sync_light, sync };

enum class MigrateOutcome : std::uint8_t { migrated, pinned, busy, under_writeback };

/** Moves folios to other pages. Failure is part of the model: pins, writeback, and references taken for a moment. */
class Migration {
 public:
  /** @busy_share: chance that a folio holds a passing extra reference at the moment of the attempt. */
  Migration(Memory& memory, RandomStream stream, double busy_share);

  /** The folio may be moved as far as one can see without trying. */
  bool can_try(const Folio& folio, MigrateMode mode) const;
  /** The folio's content moves to the raw block @target of its order; the old block is freed on @cpu. */
  MigrateOutcome migrate(FolioId id, Pfn target, MigrateMode mode, CpuId cpu);

 private:
  MigrateOutcome obstacle(const Folio& folio, MigrateMode mode);

  Memory& memory_;
  RandomStream stream_;
  double busy_share_;
};

}  // namespace gbsim
