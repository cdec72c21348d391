// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/script_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace gbsim {

TimeAxis time_axis(const std::vector<RunFiles>& runs) {
  double longest = 0;
  for (const RunFiles& run : runs) {
    longest = std::max(longest, run.seconds());
  }
  if (longest <= 600) {
    return {1, "s"};
  }
  return longest <= 4 * 3600 ? TimeAxis{60, "minutes"} : TimeAxis{3600, "hours"};
}

std::string gnuplot_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      result += '\\';
    } else if (c == '_' || c == '^' || c == '{' || c == '}' || c == '@' || c == '&' || c == '~') {
      result += "\\\\";
    }
    result += c == '\n' ? ' ' : c;
  }
  return result + '"';
}

std::string data_path(const RunFiles& run, std::string_view file, const std::filesystem::path& out) {
  namespace fs = std::filesystem;
  const fs::path from = fs::weakly_canonical(out);
  const fs::path to = fs::weakly_canonical(run.dir) / file;
  std::string text = to.lexically_relative(from).generic_string();
  std::string escaped = "'";
  for (const char c : text) {
    escaped.append(c == '\'' ? 2 : 1, c);
  }
  return escaped + "'";
}

std::string script_head(std::string_view name, unsigned width, unsigned height) {
  return fmt::format(R"(# Draws {0}.png. For SVG: gnuplot -e "format='svg'" {0}.gp
if (!exists("format")) format = "png"
if (format eq "svg") {{
  set terminal svg size {1},{2} font "sans,13" background rgb "white" dashlength 0.6
}} else {{
  set terminal pngcairo size {1},{2} font "sans,11" dashlength 0.6
}}
set encoding utf8
set output "{0}.".format
set datafile separator comma
set datafile columnheaders
set datafile missing NaN
{3}set grid lc rgb "#E0E0E0" lt 1 lw 1
set style fill solid 1.0 noborder
)",
                     name, width, height, kAxesStyle);
}

double heading_width(std::string_view title) {
  constexpr double kLetter = 11;  // of 14 points
  return kLetter * static_cast<double>(title.size());
}

std::string subject(const std::vector<RunFiles>& runs) {
  if (runs.size() == 1) {
    return runs.front().label();
  }
  const bool same = std::ranges::all_of(runs, [&](const RunFiles& run) { return run.scenario == runs[0].scenario; });
  return same ? fmt::format("{}, {} runs", runs.front().scenario, runs.size()) : fmt::format("{} runs", runs.size());
}

}  // namespace gbsim
