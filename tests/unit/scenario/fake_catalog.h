// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "sim/scenario/reader.h"

namespace gbsim::test {

inline constexpr std::array kCacheSpecs{
    ParamSpec{"name", ParamType::text, "", "of the cache"},
    ParamSpec{"object_size", ParamType::size, "256", "bytes", "", 8, 8192},
    ParamSpec{"lifetime", ParamType::law, "exponential 1s", "of objects"},
};
inline constexpr std::array kSlabSpecs{
    ParamSpec{"rate", ParamType::rate, "1k/s", "allocations"},
    ParamSpec{"processes.count", ParamType::integer, "4", "processes", "", 0, 1000},
    ParamSpec{"share", ParamType::share, "50%", "of memory", "", 0, 1},
    ParamSpec{"mode", ParamType::choice, "calm", "how", "", 0, 0, "calm|bursty"},
    ParamSpec{"reclaimable", ParamType::flag, "false", "or not"},
    ParamSpec{"note", ParamType::text, "", "free text"},
    ParamSpec{"caches", ParamType::list, "", "kmem caches", "", 0, 0, {}, kCacheSpecs},
};
inline constexpr std::array kSkbSpecs{ParamSpec{"sockets", ParamType::integer, "100", "open sockets", "", 1, 1e6}};

/** Two models, "skb" and "slab". */
class FakeCatalog : public ModelCatalog {
 public:
  std::vector<std::string_view> names() const override { return {"skb", "slab"}; }
  std::optional<std::span<const ParamSpec>> params_of(std::string_view model) const override {
    if (model == "slab") {
      return std::span<const ParamSpec>(kSlabSpecs);
    }
    return model == "skb" ? std::optional{std::span<const ParamSpec>(kSkbSpecs)} : std::nullopt;
  }
};

/** A directory of workload files that goes away with the test. */
class WorkloadDir {
 public:
  explicit WorkloadDir(std::string_view test) : dir_(std::filesystem::temp_directory_path() / unique(test)) {
    std::filesystem::create_directories(dir_);
  }
  ~WorkloadDir() { std::filesystem::remove_all(dir_); }
  WorkloadDir(const WorkloadDir&) = delete;
  WorkloadDir& operator=(const WorkloadDir&) = delete;

  std::filesystem::path add(const std::string& name, std::string_view text) const {
    std::ofstream(dir_ / (name + ".yaml")) << text;
    return dir_ / (name + ".yaml");
  }
  const std::filesystem::path& path() const { return dir_; }

 private:
  static std::string unique(std::string_view test) {
    return "gbsim-" + std::string(test) + "-" + std::to_string(::getpid());
  }
  std::filesystem::path dir_;
};

/** One error a line. */
inline std::string join(const Diagnostics& errors) {
  std::string text;
  for (const Diagnostic& error : errors) {
    text += (text.empty() ? "" : "\n") + to_string(error);
  }
  return text;
}

/** A small scenario in which everything is right; @rest is appended. */
inline std::string good_scenario(std::string_view rest = {}) {
  return "name: good\nmachine: {nodes: 1, cpus: 2, memory: 4GiB}\nduration: 1h\n" + std::string(rest);
}

}  // namespace gbsim::test
