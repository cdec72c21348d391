// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

namespace gbsim {

/** What @bytes, at most eight, spell in their byte order. */
std::uint64_t number_in(std::string_view bytes, bool is_big_endian);

/** Reads numbers and strings at chosen offsets of an open file, never past its end. */
class FileCursor {
 public:
  /** @shown is the name in error messages; @fd stays the caller's. */
  FileCursor(int fd, std::filesystem::path shown);

  std::uint64_t at() const { return at_; }
  std::uint64_t size() const { return size_; }
  void set_big_endian(bool big) { big_endian_ = big; }

  /** Throws BadRecording, naming @what, if @offset is past the end. */
  void seek(std::uint64_t offset, const char* what);
  void skip(std::uint64_t bytes, const char* what);
  std::uint8_t u8(const char* what) { return static_cast<std::uint8_t>(number(1, what)); }
  std::uint16_t u16(const char* what) { return static_cast<std::uint16_t>(number(2, what)); }
  std::uint32_t u32(const char* what) { return static_cast<std::uint32_t>(number(4, what)); }
  std::uint64_t u64(const char* what) { return number(8, what); }
  std::string bytes(std::uint64_t count, const char* what);
  /** Up to the next NUL, which is passed over. */
  std::string string(const char* what);
  [[noreturn]] void fail(const std::string& what) const;

 private:
  static constexpr std::uint64_t kLongestString = 65536;
  std::uint64_t number(unsigned width, const char* what);
  void require(std::uint64_t count, const char* what) const;

  int fd_;
  std::filesystem::path shown_;
  std::uint64_t size_ = 0;
  std::uint64_t at_ = 0;
  bool big_endian_ = false;
};

}  // namespace gbsim
