// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/demand/reclaim_horizon.h"

#include <doctest/doctest.h>

#include "demand_rig.h"

using namespace gbsim;
using test::ms;

namespace {

const TimeCells kSecond{ms(1000), 10};

}  // namespace

TEST_CASE("what is older than most of what reclaim took before was passed over") {
  ReclaimHorizon horizon(kSecond);
  horizon.took(ms(100), ms(450), 1);
  horizon.took(ms(200), ms(450), 1);
  horizon.took(ms(300), ms(450), 1);
  horizon.close();
  CHECK(horizon.passed_over(ms(150), ms(600)));
  CHECK(horizon.passed_over(ms(150), Ns::max()));
  CHECK_FALSE(horizon.passed_over(ms(250), ms(600)));
}

TEST_CASE("what dies before reclaim has taken younger memory, or with it, was not passed over") {
  ReclaimHorizon horizon(kSecond);
  horizon.took(ms(300), ms(450), 4);
  horizon.close();
  CHECK_FALSE(horizon.passed_over(ms(150), ms(350)));
  CHECK_FALSE(horizon.passed_over(ms(150), ms(470)));
}

TEST_CASE("a few old pages among many young ones do not set the horizon, nor does it go back") {
  ReclaimHorizon horizon(kSecond);
  horizon.took(ms(10), ms(450), 1);
  horizon.took(ms(400), ms(450), 100);
  horizon.took(ms(20), ms(650), 100);
  horizon.close();
  CHECK(horizon.passed_over(ms(390), ms(700)));
}

TEST_CASE("where reclaim took nothing, nothing was passed over") {
  ReclaimHorizon horizon(kSecond);
  horizon.close();
  CHECK_FALSE(horizon.passed_over(ms(0), Ns::max()));
}
