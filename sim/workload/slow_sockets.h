// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "sim/workload/packet_store.h"
#include "sim/workload/quick_law.h"

namespace gbsim {

/** Sockets of one CPU whose readers fall behind: what comes waits until the reader looks, up to the socket's buffer. */
class SlowSockets {
 public:
  /** @count sockets whose buffers follow @buffer, in bytes. */
  void open(std::uint64_t count, const QuickLaw& buffer, RandomStream& stream);

  std::uint32_t count() const { return static_cast<std::uint32_t>(sockets_.size()); }
  /** False if @bytes more do not fit; the packet stays the caller's. */
  bool push(std::uint32_t socket, Packet packet, std::uint64_t bytes);
  std::uint64_t queued(std::uint32_t socket) const { return sockets_[socket].bytes; }

  /** The reader takes everything, oldest first: calls @consume(Packet). */
  template <class Consume>
  void read(std::uint32_t socket, Consume&& consume) {
    Socket& from = sockets_[socket];
    for (const Packet packet : from.queue) {
      consume(packet);
    }
    from.queue.clear();
    from.bytes = 0;
  }

 private:
  struct Socket {
    std::vector<Packet> queue{};
    std::uint64_t bytes = 0;
    std::uint64_t buffer = 0;  // SO_RCVBUF or SO_SNDBUF
  };

  std::vector<Socket> sockets_;
};

}  // namespace gbsim
