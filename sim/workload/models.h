// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include "sim/workload/workload.h"

namespace gbsim {

// One function a model; registry.cc lists them.
const WorkloadModel& anon_thp_model();
const WorkloadModel& btrfs_model();
const WorkloadModel& churn_model();
const WorkloadModel& huge_1g_model();
const WorkloadModel& networking_skbs_model();
const WorkloadModel& slab_model();

}  // namespace gbsim
