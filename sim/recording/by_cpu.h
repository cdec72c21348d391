// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <vector>

namespace gbsim {

/** Something of each CPU of a recording, whose number of CPUs shows as it goes on. */
template <class Value>
class ByCpu {
 public:
  /** That of @cpu, new if it has not shown before; a CPU above all others moves what there is. */
  Value& operator[](std::size_t cpu) {
    if (cpu >= values_.size()) [[unlikely]] {
      values_.resize(cpu + 1);
    }
    return values_[cpu];
  }
  auto begin() { return values_.begin(); }
  auto end() { return values_.end(); }

 private:
  std::vector<Value> values_;
};

}  // namespace gbsim
