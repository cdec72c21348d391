// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/packet_store.h"

#include <doctest/doctest.h>

#include <set>

using namespace gbsim;

TEST_CASE("a packet gives back exactly its own pieces") {
  PacketStore store;
  Packet a = kEmptyPacket;
  Packet b = kEmptyPacket;
  for (std::uint32_t i = 0; i < 10; ++i) {
    store.add(i % 2 == 0 ? a : b, Piece{PieceKind::object, 0, i});
  }
  std::set<std::uint32_t> closed;
  store.close(a, [&](const Piece& piece) { closed.insert(piece.id); });
  CHECK(closed == std::set<std::uint32_t>{0, 2, 4, 6, 8});
  CHECK(store.size() == 5);
}

TEST_CASE("giving a piece back may start another packet") {
  PacketStore store;
  Packet a = kEmptyPacket;
  store.add(a, Piece{PieceKind::fragment, 0, 1});
  store.add(a, Piece{PieceKind::fragment, 0, 2});
  Packet b = kEmptyPacket;
  store.close(a, [&](const Piece& piece) { store.add(b, piece); });
  CHECK(store.size() == 2);
  std::set<std::uint32_t> closed;
  store.close(b, [&](const Piece& piece) { closed.insert(piece.id); });
  CHECK(closed == std::set<std::uint32_t>{1, 2});
}
