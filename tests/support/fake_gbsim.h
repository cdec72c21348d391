// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <fstream>

#include "temp_dir.h"

namespace gbsim::test {

/** A program that does `run` and `point` in no time: seed 2 crashes, all others complete. */
inline std::filesystem::path fake_gbsim(const TempDir& dir) {
  const std::filesystem::path file = dir.path() / "fake";
  std::ofstream(file) << R"(#!/bin/sh
while [ $# -gt 0 ]; do case $1 in --seed) seed=$2;; -o) out=$2;; esac; shift; done
mkdir -p "$out"
: > "$out/run.log"
[ "$seed" = 2 ] && kill -SEGV $$
echo '{"outcome": "completed"}' > "$out/summary.json"
)";
  std::filesystem::permissions(file, std::filesystem::perms::owner_all);
  return file;
}

}  // namespace gbsim::test
