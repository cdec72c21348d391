// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gbsim {

/**
 * One self-contained HTML file: style, Vega and the page's own scripts from web_asset(), and named parts of data, each
 * a zlib stream in base64. The same parts give the same bytes.
 */
class HtmlPage {
 public:
  /** @title is plain text. @script is the page's main script in web/, such as "run.js". */
  HtmlPage(std::string title, std::string script);

  /** Data that the page reads as part(@name). */
  void add(std::string_view name, std::string_view bytes);
  /** Data in pieces, each from packed_text(), that the page unpacks one at a time. */
  void add_pieces(std::string_view name, std::span<const std::string> pieces);

  std::string html() const;

 private:
  std::string title_;
  std::string script_;
  std::string parts_;
};

/** @bytes as a zlib stream in base64. */
std::string packed_text(std::string_view bytes);

}  // namespace gbsim
