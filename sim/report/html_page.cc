// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/html_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "sim/metrics/pageblock_file.h"
#include "sim/report/web_asset.h"

namespace gbsim {
namespace {

constexpr int kLevel = 6;  // of zlib: level 9 takes four times as long for 1 % on differences

// The modules of Vega that the pages use, each after those that it requires.
constexpr std::array kVegaModules{
    "vega-util",       "vega-time",      "vega-format",    "vega-loader",         "vega-dataflow",
    "vega-statistics", "vega-canvas",    "vega-scale",     "vega-scenegraph",     "vega-expression",
    "vega-selection",  "vega-functions", "vega-runtime",   "vega-event-selector", "vega-parser",
    "vega-encode",     "vega-view",      "vega-transforms", "vega-view-transforms", "vega-label"};

constexpr std::array kScripts{"vega_modules.js", "data.js",     "theme.js",     "table.js",   "layout.js",
                              "sampling.js",     "picture.js",  "timeline.js",  "figure.js",  "figures.js",
                              "maps.js",         "pageblock_colors.js",         "instant.js", "latency.js",
                              "scatter.js",      "batch.js"};

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '&': result += "&amp;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string base64(std::string_view bytes) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  result.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t word = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      word = word << 8U | (k < have ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      result += k <= have ? kDigits[word >> (18 - 6 * k) & 63U] : '=';
    }
  }
  return result;
}

/** Debian's modules are CommonJS and end in a link to a source map that the page does not carry. */
std::string vega_scripts() {
  std::string text;
  for (const char* name : kVegaModules) {
    const std::string_view module = web_asset(name);
    text += fmt::format("vegaModules['{}'] = function (exports, module, require) {{\n{}\n}};\n", name,
                        module.substr(0, module.find("//# sourceMappingURL")));
  }
  return text;
}

std::string script(std::string_view text) {
  return fmt::format("<script>\n{}</script>\n", text);
}

void replace(std::string& text, std::string_view mark, std::string_view by) {
  text.replace(text.find(mark), mark.size(), by);
}

}  // namespace

std::string packed_text(std::string_view bytes) {
  return base64(deflate(std::vector<std::uint8_t>(bytes.begin(), bytes.end()), kLevel));
}

HtmlPage::HtmlPage(std::string title, std::string script) : title_(std::move(title)), script_(std::move(script)) {}

void HtmlPage::add(std::string_view name, std::string_view bytes) {
  const std::string piece = packed_text(bytes);
  add_pieces(name, std::span(&piece, 1));
}

void HtmlPage::add_pieces(std::string_view name, std::span<const std::string> pieces) {
  parts_ += fmt::format("<script type=\"application/x-gbsim\" data-part=\"{}\">\n", escaped(name));
  for (const std::string& piece : pieces) {
    parts_ += piece + "\n";
  }
  parts_ += "</script>\n";
}

std::string HtmlPage::html() const {
  std::string scripts = script(std::string(web_asset(kScripts[0])) + vega_scripts());
  for (const char* name : std::span(kScripts).subspan(1)) {
    scripts += script(web_asset(name));
  }
  std::string page(web_asset("page.html"));
  replace(page, "<!-- title -->", escaped(title_));
  replace(page, "<!-- style -->", fmt::format("<style>\n{}</style>", web_asset("style.css")));
  replace(page, "<!-- parts -->", parts_);
  replace(page, "<!-- scripts -->", scripts + script(web_asset(script_)));
  return page;
}

}  // namespace gbsim
