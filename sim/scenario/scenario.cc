// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/scenario/scenario.h"


namespace gbsim {

bool names_workload(std::string_view name, std::string_view instance) {
  const bool is_group = instance.size() > name.size() && instance[name.size()] == '/';
  return instance.starts_with(name) && (instance.size() == name.size() || is_group);
}

}  // namespace gbsim
