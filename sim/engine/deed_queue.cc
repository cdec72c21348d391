// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/engine/deed_queue.h"

namespace gbsim {

DeedQueue::DeedQueue(const Stage& stage, std::string name)
    : stage_(stage),
      daemon_(stage, {std::move(name), CpuUser::other, CpuId{0}, stage.memory.nr_cpus()},
              [this](CpuId cpu) { return next(cpu); }) {}

void DeedQueue::add(Ns at, Deed deed) {
  deeds_.emplace(std::pair{at, added_++}, std::move(deed));
  daemon_.wake();
}

Ns DeedQueue::next(CpuId cpu) {
  const Ns now = stage_.clock().now();
  if (!deeds_.empty() && deeds_.begin()->first.first <= now) {
    const Deed deed = std::move(deeds_.begin()->second);
    deeds_.erase(deeds_.begin());
    deed(cpu);
  }
  if (deeds_.empty()) {
    return kUntilWoken;
  }
  const Ns due = deeds_.begin()->first.first;
  return due <= now ? kGoOn : due;
}

}  // namespace gbsim
