// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/base/law.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include "sim/base/units.h"

namespace gbsim {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNormalP90 = 1.2815515655446004;  // the standard normal's 90th percentile

enum class Dimension : std::uint8_t { number, time, size };

/** A number, a time in ns or a size in bytes. */
struct Quantity {
  double value = 0;
  Dimension dimension = Dimension::number;
};

std::optional<Quantity> parse_quantity(std::string_view text) {
  if (const auto number = parse_real(text)) {
    return *number < 0 ? std::nullopt : std::optional{Quantity{*number, Dimension::number}};
  }
  if (const auto time = parse_time(text)) {
    return Quantity{static_cast<double>(time->count()), Dimension::time};
  }
  if (const auto size = parse_size(text)) {
    return Quantity{static_cast<double>(*size), Dimension::size};
  }
  return std::nullopt;
}

std::vector<std::string_view> split_words(std::string_view text) {
  std::vector<std::string_view> words;
  while (true) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    if (text.empty()) {
      return words;
    }
    const auto length = std::min(text.find(' '), text.size());
    words.push_back(text.substr(0, length));
    text.remove_prefix(length);
  }
}

using Quantities = std::array<Quantity, 2>;

/** Plain numbers are bytes beside a size, and nothing but zero beside a time. */
bool same_dimension(const Quantities& q) {
  const bool bare_zero = q[0].value == 0 && q[0].dimension == Dimension::number;
  return bare_zero || (q[0].dimension == Dimension::time) == (q[1].dimension == Dimension::time);
}

std::optional<Law> make_fixed(const Quantities& q) { return Law{Law::Kind::fixed, q[0].value, 0}; }

std::optional<Law> make_exponential(const Quantities& q) { return Law{Law::Kind::exponential, q[0].value, 0}; }

std::optional<Law> make_uniform(const Quantities& q) {
  if (!same_dimension(q) || q[0].value > q[1].value) {
    return std::nullopt;
  }
  return Law{Law::Kind::uniform, q[0].value, q[1].value};
}

std::optional<Law> make_lognormal(const Quantities& q) {
  if (!same_dimension(q) || q[0].value <= 0 || q[1].value < q[0].value) {
    return std::nullopt;
  }
  return Law{Law::Kind::lognormal, std::log(q[0].value), std::log(q[1].value / q[0].value) / kNormalP90};
}

std::optional<Law> make_pareto(const Quantities& q) {
  if (q[1].dimension != Dimension::number || q[0].value <= 0 || q[1].value <= 0) {
    return std::nullopt;
  }
  return Law{Law::Kind::pareto, q[0].value, q[1].value};
}

/** A law of its quantiles, each a quantity of the same dimension, none below its predecessor. */
std::optional<Law> read_quantiles(std::span<const std::string_view> words) {
  Law law{Law::Kind::quantiles};
  std::optional<Quantity> last;
  for (const std::string_view word : words) {
    const auto next = parse_quantity(word);
    if (!next || (last && (!same_dimension({*last, *next}) || next->value < last->value))) {
      return std::nullopt;
    }
    law.points.push_back(next->value);
    last = next;
  }
  return law.points.size() >= 2 ? std::optional{std::move(law)} : std::nullopt;
}

/** The mean between two neighbouring points. */
double mean_between(double low, double high) {
  const bool is_geometric = low > 0 && high > low;
  return is_geometric ? (high - low) / std::log(high / low) : (low + high) / 2;
}

double mean_of(const std::vector<double>& points) {
  double sum = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    sum += mean_between(points[i - 1], points[i]);
  }
  return sum / static_cast<double>(points.size() - 1);
}

std::optional<Law> make_forever(const Quantities& /*none*/) { return Law{Law::Kind::forever, 0, 0}; }

/** How one law is spelt: its words, "#" standing for a quantity. */
struct Spelling {
  std::array<std::string_view, 4> words;
  std::optional<Law> (*make)(const Quantities&);
};

constexpr std::array kSpellings{
    Spelling{{"fixed", "#"}, make_fixed},
    Spelling{{"uniform", "#", "#"}, make_uniform},
    Spelling{{"exponential", "#"}, make_exponential},
    Spelling{{"lognormal", "#", "p90", "#"}, make_lognormal},
    Spelling{{"pareto", "#", "#"}, make_pareto},
    Spelling{{"forever"}, make_forever},
};

std::optional<Law> read_as(const Spelling& spelling, const std::vector<std::string_view>& words) {
  Quantities quantities{};
  std::size_t nr_quantities = 0;
  const auto length = static_cast<std::size_t>(std::ranges::find(spelling.words, "") - spelling.words.begin());
  if (length != words.size()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < length; ++i) {
    const auto quantity = spelling.words[i] == "#" ? parse_quantity(words[i]) : std::nullopt;
    if (!quantity && (spelling.words[i] == "#" || spelling.words[i] != words[i])) {
      return std::nullopt;
    }
    if (quantity) {
      quantities[nr_quantities++] = *quantity;
    }
  }
  return spelling.make(quantities);
}

}  // namespace

double Law::draw(RandomStream& stream) const {
  switch (kind) {
    case Kind::fixed:
      return a;
    case Kind::uniform:
      return a + (b - a) * stream.uniform();
    case Kind::exponential:
      return stream.exponential(a);
    case Kind::lognormal:
      return stream.lognormal(a, b);
    case Kind::pareto:
      return stream.pareto(a, b);
    case Kind::forever:
      return kInfinity;
    case Kind::quantiles:
      return quantile_between(points, stream.uniform());
  }
  return a;
}

Ns Law::draw_time(RandomStream& stream) const {
  constexpr double kTooLong = 0x1p62;
  const double drawn = draw(stream);
  return drawn < kTooLong ? Ns{static_cast<std::int64_t>(drawn)} : Ns::max();
}

double Law::mean() const {
  switch (kind) {
    case Kind::uniform:
      return (a + b) / 2;
    case Kind::lognormal:
      return std::exp(a + b * b / 2);
    case Kind::pareto:
      return b > 1 ? a * b / (b - 1) : kInfinity;
    case Kind::forever:
      return kInfinity;
    case Kind::quantiles:
      return mean_of(points);
    case Kind::fixed:
    case Kind::exponential:
      return a;
  }
  return a;
}

double quantile_between(const std::vector<double>& points, double u) {
  const double at = u * static_cast<double>(points.size() - 1);
  const auto below = std::min(static_cast<std::size_t>(at), points.size() - 2);
  const double part = at - static_cast<double>(below);
  const double low = points[below];
  const double high = points[below + 1];
  return low > 0 ? low * std::pow(high / low, part) : low + (high - low) * part;
}

std::optional<Law> parse_law(std::string_view text) {
  const auto words = split_words(text);
  if (!words.empty() && words.front() == "quantiles") {
    return read_quantiles(std::span(words).subspan(1));
  }
  for (const Spelling& spelling : kSpellings) {
    if (const auto law = read_as(spelling, words)) {
      return law;
    }
  }
  return std::nullopt;
}

}  // namespace gbsim
