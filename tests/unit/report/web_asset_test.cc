// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/web_asset.h"

#include <doctest/doctest.h>

using namespace gbsim;

TEST_CASE("files of the page are compiled in, bytes as they are") {
  CHECK(web_asset("page.html").starts_with("<!doctype html>\n"));
  CHECK(web_asset("style.css").ends_with("}\n"));
}

TEST_CASE("modules of Vega go by the names they require each other by") {
  CHECK(web_asset("vega-util").find("exports") != std::string_view::npos);
}
