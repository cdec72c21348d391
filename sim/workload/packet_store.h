// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace gbsim {

/** What one piece of a packet is, and so how it is given back. */
enum class PieceKind : std::uint8_t { fragment, rx_buffer, large_head, object };

/** One thing that a packet or a connection holds. */
struct Piece {
  PieceKind kind = PieceKind::object;
  std::uint16_t home = 0;  // rx_buffer: CPU of its ring; object: number of its cache
  std::uint32_t id = 0;    // fragment, folio or object
};

/** A packet: the number of its last piece. */
using Packet = std::uint32_t;

inline constexpr Packet kEmptyPacket = 0xffffffffU;

/** Packets as chains of pieces in one pool; nothing is allocated per packet. */
class PacketStore {
 public:
  void add(Packet& packet, const Piece& piece) {
    const std::uint32_t at = take_link();
    links_[at] = Link{piece, packet};
    packet = at;
  }

  /** Calls @give_back(Piece) for every piece; the packet is gone. */
  template <class GiveBack>
  void close(Packet packet, GiveBack&& give_back) {
    while (packet != kEmptyPacket) {
      const Link link = links_[packet];
      links_[packet].next = unused_;
      unused_ = packet;
      --size_;
      packet = link.next;
      give_back(link.piece);
    }
  }

  /** Pieces held by all packets. */
  std::size_t size() const { return size_; }

 private:
  struct Link {
    Piece piece;
    std::uint32_t next = kEmptyPacket;
  };

  std::uint32_t take_link() {
    ++size_;
    if (unused_ == kEmptyPacket) {
      links_.emplace_back();
      return static_cast<std::uint32_t>(links_.size() - 1);
    }
    const std::uint32_t link = unused_;
    unused_ = links_[link].next;
    return link;
  }

  std::vector<Link> links_;
  std::uint32_t unused_ = kEmptyPacket;
  std::size_t size_ = 0;
};

}  // namespace gbsim
