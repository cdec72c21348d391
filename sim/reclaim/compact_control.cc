// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/reclaim/compact_control.h"

namespace gbsim {

void CompactControl::count_migrate_scanned(std::uint64_t pages) {
  memory.vmstat().add(VmEvent::compact_migrate_scanned, pages);
  memory.vmstat().add(VmEvent::compact_daemon_migrate_scanned, request.daemon ? pages : 0);
  memory.meter().charge(WorkKind::compact_scan, pages);
  looked_at += pages;
}

void CompactControl::count_free_scanned(std::uint64_t pages) {
  memory.vmstat().add(VmEvent::compact_free_scanned, pages);
  memory.vmstat().add(VmEvent::compact_daemon_free_scanned, request.daemon ? pages : 0);
  memory.meter().charge(WorkKind::compact_scan, pages);
  looked_at += pages;
}

void CompactControl::count_passed(std::uint64_t pageblocks) {
  memory.meter().charge(WorkKind::compact_scan, pageblocks);
  looked_at += pageblocks;
}

}  // namespace gbsim
