// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>

#include "sim/engine/daemon.h"

namespace gbsim {

/** Somebody who does things at given times, one after the other: an operator at a shell. Pays as a daemon does. */
class DeedQueue {
 public:
  /** Done on behalf of a CPU. */
  using Deed = std::function<void(CpuId)>;

  DeedQueue(const Stage& stage, std::string name);

  /** At @at since boot, or as soon as earlier deeds are done; deeds of one time in the order they were added. */
  void add(Ns at, Deed deed);
  /** What the deeds have cost so far, the running one included. */
  Ns spent() const { return daemon_.meter().spent(); }

 private:
  Ns next(CpuId cpu);

  Stage stage_;
  std::map<std::pair<Ns, std::uint64_t>, Deed> deeds_;
  std::uint64_t added_ = 0;
  Daemon daemon_;
};

}  // namespace gbsim
