// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/slow_sockets.h"

namespace gbsim {

void SlowSockets::open(std::uint64_t count, const QuickLaw& buffer, RandomStream& stream) {
  sockets_.resize(count);
  for (Socket& socket : sockets_) {
    socket.buffer = static_cast<std::uint64_t>(buffer.draw(stream));
  }
}

bool SlowSockets::push(std::uint32_t socket, Packet packet, std::uint64_t bytes) {
  Socket& to = sockets_[socket];
  if (to.bytes + bytes > to.buffer) {
    return false;
  }
  to.bytes += bytes;
  to.queue.push_back(packet);
  return true;
}

}  // namespace gbsim
