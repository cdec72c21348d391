// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>

#include "sim/recording/input_file.h"

namespace gbsim {

/** An input file is damaged, cut short or not what it should be. The message names file and offset. */
class BadRecording : public std::runtime_error {
 public:
  BadRecording(const std::filesystem::path& file, std::uint64_t offset, const std::string& what);
};

/** The bytes of a file, unpacked on the way if it is compressed (xz, zstd, gzip, ...). */
class ByteSource {
 public:
  enum class Empty : std::uint8_t { refused, allowed };

  /** From its first byte. Throws BadRecording if @file cannot be read, or has no bytes where that is refused. */
  explicit ByteSource(const InputFile& file, Empty empty = Empty::refused);
  ~ByteSource();
  ByteSource(ByteSource&&) noexcept;
  ByteSource& operator=(ByteSource&&) noexcept;

  /** Bytes that are unpacked are kept for rewind(), 64 MiB of them. Requires: none has been read. */
  void keep_unpacked() { keeps_ = packed() && !reads_kept_; }
  /** Back to the first byte. Throws BadRecording as the constructor does. */
  void rewind();

  /** Up to @size bytes; fewer only at the end. Throws BadRecording where the compressed data is damaged. */
  std::size_t read(void* to, std::size_t size);
  /** Exactly @size bytes; throws BadRecording, naming @what, if there are not so many left. */
  void read_exactly(void* to, std::size_t size, const char* what);
  /** The file is compressed. */
  bool packed() const;
  const InputFile& file() const;
  /** Unpacked bytes handed out so far. */
  std::uint64_t offset() const { return offset_; }
  /** Throws BadRecording at the present offset. */
  [[noreturn]] void fail(const std::string& what) const;

 private:
  [[noreturn]] void fail_packed() const;
  std::size_t unpack(void* to, std::size_t size);
  std::size_t read_kept(void* to, std::size_t size) const;
  void keep(const void* bytes, std::size_t got, std::size_t wanted);

  struct Archive;
  std::unique_ptr<Archive> archive_;
  std::uint64_t offset_ = 0;
  bool is_empty_ = false;
  bool keeps_ = false;
  bool has_all_ = false;    // kept_ has the file to its end
  bool reads_kept_ = false;
  std::string kept_{};
};

/**
 * @file open for reading at random offsets: itself, or, where it is compressed or a part of another, unpacked into a
 * file without a name in $TMPDIR (/var/tmp). Throws BadRecording.
 */
OpenFile open_unpacked(const InputFile& file);

/** The whole of a small file, unpacked. Throws BadRecording beyond @limit bytes. */
std::string read_whole(const InputFile& file, std::uint64_t limit = std::uint64_t{1} << 30);

}  // namespace gbsim
