// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "sim/base/big_vector.h"

namespace gbsim {

/** What one piece of a packet is, and so how it is given back. */
enum class PieceKind : std::uint16_t { fragment, rx_buffer, large_head, object };

/** One thing that a packet or a connection holds. */
struct Piece {
  PieceKind kind = PieceKind::object;
  std::uint16_t home = 0;  // rx_buffer: CPU of its ring; object: number of its cache
  std::uint32_t id = 0;    // fragment, folio or object
};

/** A packet: the number of its newest block of pieces. */
using Packet = std::uint32_t;

inline constexpr Packet kEmptyPacket = 0xffffffffU;

/** Packets as chains of cache lines full of pieces, in one pool; nothing is allocated per packet. */
class PacketStore {
 public:
  void add(Packet& packet, const Piece& piece) {
    if (packet == kEmptyPacket || blocks_[packet].count == kPerBlock) {
      const std::uint32_t block = take_block();
      blocks_[block].next = packet;
      blocks_[block].count = 0;
      packet = block;
    }
    Block& block = blocks_[packet];
    block.pieces[block.count++] = piece;
    ++size_;
  }

  /** Calls @give_back(std::span<const Piece>) for the pieces, some at a time; the packet is gone. */
  template <class GiveBack>
  void close(Packet packet, GiveBack&& give_back) {
    while (packet != kEmptyPacket) {
      const Block block = blocks_[packet];
      blocks_[packet].next = unused_;
      unused_ = packet;
      size_ -= block.count;
      packet = block.next;
      give_back(std::span(block.pieces).first(block.count));
    }
  }

  /** Pieces held by all packets. */
  std::size_t size() const { return size_; }

 private:
  static constexpr std::uint32_t kPerBlock = 7;

  struct alignas(64) Block {
    std::uint32_t next = kEmptyPacket;
    std::uint32_t count = 0;
    std::array<Piece, kPerBlock> pieces{};
  };

  std::uint32_t take_block() {
    if (unused_ == kEmptyPacket) {
      blocks_.emplace_back();
      return static_cast<std::uint32_t>(blocks_.size() - 1);
    }
    const std::uint32_t block = unused_;
    unused_ = blocks_[block].next;
    return block;
  }

  BigVector<Block> blocks_;
  std::uint32_t unused_ = kEmptyPacket;
  std::size_t size_ = 0;
};

}  // namespace gbsim
