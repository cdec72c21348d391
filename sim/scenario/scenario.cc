// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/scenario.h"

#include <array>

namespace gbsim {

std::string_view action_name(ActionKind kind) {
  constexpr std::array<std::string_view, 8> kNames{"allocate_1g",    "free_1g",     "set",           "snapshot",
                                                   "compact_memory", "drop_caches", "stop_workload", "start_workload"};
  return kNames[static_cast<std::size_t>(kind)];
}

bool names_workload(std::string_view name, std::string_view instance) {
  const bool is_group = instance.size() > name.size() && instance[name.size()] == '/';
  return instance.starts_with(name) && (instance.size() == name.size() || is_group);
}

}  // namespace gbsim
