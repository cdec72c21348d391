// SPDX-License-Identifier: GPL-2.0-or-later
// `gbsim ops` alone, so that the oracle needs no more of gbsim than the allocator.
#include <iostream>
#include <string>
#include <vector>

#include "sim/cli/ops.h"

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    return gbsim::cli::ops_command(arguments, std::cout);
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 2;
  }
}
