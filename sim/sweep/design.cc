// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/sweep/design.h"

#include <algorithm>
#include <array>
#include <boost/random/sobol.hpp>
#include <numeric>
#include <set>

#include "sim/base/random.h"

namespace gbsim {
namespace {

/** A place in the unit cube, one share an axis. */
using Place = std::vector<double>;

std::vector<Setting> grid(const std::vector<Axis>& axes) {
  std::vector<Setting> settings{Setting{}};
  for (const Axis& axis : axes) {
    std::vector<Setting> longer;
    const std::vector<std::string> levels = axis.levels();
    for (std::size_t i = 0; i < settings.size() * levels.size(); ++i) {
      longer.push_back(settings[i / levels.size()]);
      longer.back().push_back(levels[i % levels.size()]);
    }
    settings = std::move(longer);
  }
  return settings;
}

std::vector<Place> random_places(std::size_t axes, std::size_t count, std::uint64_t seed) {
  RandomStream stream(seed, "sweep.random");
  std::vector<Place> places(count, Place(axes));
  for (Place& place : places) {
    std::ranges::generate(place, [&] { return stream.uniform(); });
  }
  return places;
}

/** Each axis is cut into @count parts, and each part is used once (McKay, Beckman and Conover, 1979). */
std::vector<Place> latin_places(std::size_t axes, std::size_t count, std::uint64_t seed) {
  RandomStream stream(seed, "sweep.latin-hypercube");
  std::vector<Place> places(count, Place(axes));
  for (std::size_t axis = 0; axis < axes; ++axis) {
    std::vector<std::size_t> parts(count);
    std::iota(parts.begin(), parts.end(), 0);
    stream.shuffle(parts);
    for (std::size_t i = 0; i < count; ++i) {
      places[i][axis] = (static_cast<double>(parts[i]) + stream.uniform()) / static_cast<double>(count);
    }
  }
  return places;
}

std::vector<Place> sobol_places(std::size_t axes, std::size_t count) {
  boost::random::sobol sequence(axes);
  std::vector<Place> places(count, Place(axes));
  for (Place& place : places) {
    std::ranges::generate(place, [&] { return static_cast<double>(sequence() >> 11) * 0x1p-53; });
  }
  return places;
}

std::vector<Setting> settings_at(const std::vector<Axis>& axes, const std::vector<Place>& places) {
  std::vector<Setting> settings;
  for (const Place& place : places) {
    settings.emplace_back();
    std::ranges::transform(axes, place, std::back_inserter(settings.back()),
                           [](const Axis& axis, double u) { return axis.at(u); });
  }
  return settings;
}

std::vector<Setting> all_settings(const std::vector<Axis>& axes, Method method, std::size_t count,
                                  std::uint64_t seed) {
  switch (method) {
    case Method::grid:
      return grid(axes);
    case Method::random:
      return settings_at(axes, random_places(axes.size(), count, seed));
    case Method::latin_hypercube:
      return settings_at(axes, latin_places(axes.size(), count, seed));
    case Method::sobol:
      return settings_at(axes, sobol_places(axes.size(), count));
  }
  return {};
}

}  // namespace

std::string_view method_name(Method method) {
  constexpr std::array<std::string_view, 4> kNames{"grid", "random", "latin-hypercube", "sobol"};
  return kNames[static_cast<std::size_t>(method)];
}

std::vector<Setting> lay_out(const std::vector<Axis>& axes, Method method, std::size_t count, std::uint64_t seed) {
  std::vector<Setting> settings = all_settings(axes, method, count, seed);
  std::set<Setting> seen;
  std::erase_if(settings, [&](const Setting& setting) { return !seen.insert(setting).second; });
  return settings;
}

}  // namespace gbsim
