// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/recording/open_file.h"

#include <doctest/doctest.h>
#include <fcntl.h>

using namespace gbsim;

namespace {

bool is_open(int fd) { return fcntl(fd, F_GETFD) >= 0; }

}  // namespace

TEST_CASE("a descriptor is closed with its owner, and not before") {
  int fd = -1;
  {
    OpenFile first(open("/dev/null", O_RDONLY));
    fd = first.fd();
    const OpenFile second = std::move(first);
    CHECK(first.fd() == -1);
    CHECK(second.fd() == fd);
    CHECK(is_open(fd));
  }
  CHECK_FALSE(is_open(fd));
}

TEST_CASE("a descriptor that was given away stays open") {
  int fd = -1;
  {
    OpenFile file(open("/dev/null", O_RDONLY));
    fd = file.release();
  }
  CHECK(is_open(fd));
  close(fd);
}
