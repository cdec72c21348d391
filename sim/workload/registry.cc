// SPDX-License-Identifier: GPL-2.0-or-later
#include <array>

#include "sim/workload/models.h"

namespace gbsim {

std::span<const WorkloadModel> workload_models() {
  static const std::array<WorkloadModel, 6> kModels{anon_thp_model(), btrfs_model(),           churn_model(),
                                                    huge_1g_model(),  networking_skbs_model(), slab_model()};
  return kModels;
}

const WorkloadModel* find_workload_model(std::string_view name) {
  for (const WorkloadModel& model : workload_models()) {
    if (model.name == name) {
      return &model;
    }
  }
  return nullptr;
}

}  // namespace gbsim
