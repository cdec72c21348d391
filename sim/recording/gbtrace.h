// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <string_view>

namespace gbsim {

/** Members of a .gbtrace: one tar, packed with zstd, of all that was recorded. */
inline constexpr std::string_view kGbtraceTrace = "trace.dat";
inline constexpr std::string_view kGbtraceSnapshots = "snaps";

/** Packs every file under @dir into @archive. Throws std::runtime_error; nothing is left half-written. */
void pack_gbtrace(const std::filesystem::path& dir, const std::filesystem::path& archive);

/** @file is a tar archive, compressed or not. */
bool is_gbtrace(const std::filesystem::path& file);

/**
 * Unpacks the members of @archive that are @wanted, all if it is empty, into @dir. Members that would lie outside of it
 * are refused. Throws BadRecording.
 */
void unpack_gbtrace(const std::filesystem::path& archive, const std::filesystem::path& dir,
                    const std::function<bool(const std::filesystem::path& member)>& wanted = {});

}  // namespace gbsim
