// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/random.h"

#include <bit>
#include <cmath>
#include <numbers>

#include "sim/base/check.h"

namespace gbsim {
namespace {

std::uint64_t splitmix64(std::uint64_t& state) {
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31);
}

/** FNV-1a: streams of different names start far apart once splitmix64 has mixed it. */
std::uint64_t hash_name(std::string_view name) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : name) {
    hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return hash;
}

constexpr double kLargePoissonMean = 64;

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  std::uint64_t of_name = hash_name(name);
  std::uint64_t mixed = splitmix64(of_name) ^ seed;
  for (auto& word : state_) {
    word = splitmix64(mixed);
  }
}

std::uint64_t RandomStream::next() {
  const std::uint64_t result = std::rotl(state_[0] + state_[3], 23) + state_[0];
  const std::uint64_t shifted = state_[1] << 17;
  state_[2] ^= state_[0];
  state_[3] ^= state_[1];
  state_[1] ^= state_[2];
  state_[0] ^= state_[3];
  state_[2] ^= shifted;
  state_[3] = std::rotl(state_[3], 45);
  return result;
}

double RandomStream::uniform() { return static_cast<double>(next() >> 11) * 0x1p-53; }

// Lemire, "Fast random integer generation in an interval", 2019.
std::uint64_t RandomStream::below(std::uint64_t bound) {
  GBSIM_DCHECK(bound > 0);
  auto product = static_cast<unsigned __int128>(next()) * bound;
  if (static_cast<std::uint64_t>(product) >= bound) {
    return static_cast<std::uint64_t>(product >> 64);
  }
  const std::uint64_t threshold = (0 - bound) % bound;
  while (static_cast<std::uint64_t>(product) < threshold) {
    product = static_cast<unsigned __int128>(next()) * bound;
  }
  return static_cast<std::uint64_t>(product >> 64);
}

bool RandomStream::chance(double probability) { return uniform() < probability; }

double RandomStream::exponential(double mean) { return -mean * std::log1p(-uniform()); }

double RandomStream::normal() {
  const double radius = std::sqrt(exponential(2));
  return radius * std::cos(2 * std::numbers::pi * uniform());
}

double RandomStream::lognormal(double mu, double sigma) { return std::exp(mu + sigma * normal()); }

double RandomStream::pareto(double minimum, double shape) { return minimum * std::pow(1 - uniform(), -1 / shape); }

std::uint64_t RandomStream::poisson(double mean) {
  if (mean > kLargePoissonMean) {
    const double drawn = std::floor(mean + std::sqrt(mean) * normal() + 0.5);
    return drawn < 0 ? 0 : static_cast<std::uint64_t>(drawn);
  }
  const double limit = std::exp(-mean);
  std::uint64_t count = 0;
  for (double product = uniform(); product > limit; product *= uniform()) {
    ++count;
  }
  return count;
}

}  // namespace gbsim
