// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/workload/packet_store.h"

#include <doctest/doctest.h>

#include <set>

using namespace gbsim;

namespace {

/** Closes @packet; the ids of its pieces. */
std::set<std::uint32_t> ids_of(PacketStore& store, Packet packet) {
  std::set<std::uint32_t> ids;
  store.close(packet, [&](std::span<const Piece> pieces) {
    for (const Piece& piece : pieces) {
      ids.insert(piece.id);
    }
  });
  return ids;
}

}  // namespace

TEST_CASE("a packet gives back exactly its own pieces, however many") {
  for (const std::uint32_t count : {1U, 7U, 8U, 40U}) {
    CAPTURE(count);
    PacketStore store;
    Packet a = kEmptyPacket;
    Packet b = kEmptyPacket;
    std::set<std::uint32_t> expected;
    for (std::uint32_t i = 0; i < count; ++i) {
      store.add(a, Piece{PieceKind::object, 0, i});
      store.add(b, Piece{PieceKind::object, 0, 100 + i});
      expected.insert(i);
    }
    CHECK(ids_of(store, a) == expected);
    CHECK(store.size() == count);
    CHECK(ids_of(store, b).size() == count);
    CHECK(store.size() == 0);
  }
}

TEST_CASE("giving a piece back may start another packet") {
  PacketStore store;
  Packet a = kEmptyPacket;
  store.add(a, Piece{PieceKind::fragment, 0, 1});
  store.add(a, Piece{PieceKind::fragment, 0, 2});
  Packet b = kEmptyPacket;
  store.close(a, [&](std::span<const Piece> pieces) {
    for (const Piece& piece : pieces) {
      store.add(b, piece);
    }
  });
  CHECK(store.size() == 2);
  CHECK(ids_of(store, b) == std::set<std::uint32_t>{1, 2});
}
