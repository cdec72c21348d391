// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>

namespace gbsim {

/**
 * Zero-filled address space of @bytes > 0, committed by the system as it is written, on huge pages where they can be
 * had: tables that are walked at random over hundreds of MiB would otherwise miss the TLB at every step.
 * Throws std::bad_alloc.
 */
void* map_lazily(std::size_t bytes);
/** Gives back what map_lazily(@bytes) returned. */
void unmap_lazily(void* memory, std::size_t bytes);
/** Bytes of it that are resident now. */
std::uint64_t committed_bytes(void* memory, std::size_t bytes);

}  // namespace gbsim
