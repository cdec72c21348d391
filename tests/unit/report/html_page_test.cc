// SPDX-License-Identifier: GPL-2.0-or-later
#include "sim/report/html_page.h"

#include <doctest/doctest.h>

#include "html_parts.h"
#include "sim/report/web_asset.h"

using namespace gbsim;
using gbsim::test::parts_of;

TEST_CASE("a page carries its parts, and gives them back") {
  HtmlPage page("a title", "run.js");
  page.add("events.csv", "time_s,event\n0,taint\n");
  const std::string pieces[] = {packed_text("one"), packed_text(std::string("\0\xff", 2))};
  page.add_pieces("frames", pieces);
  const std::string html = page.html();
  CHECK(parts_of(html, "events.csv") == std::vector<std::string>{"time_s,event\n0,taint\n"});
  CHECK(parts_of(html, "frames") == std::vector<std::string>{"one", std::string("\0\xff", 2)});
  CHECK(parts_of(html, "other").empty());
}

TEST_CASE("an empty part is a part") {
  HtmlPage page("t", "run.js");
  page.add("latency.csv", "");
  CHECK(parts_of(page.html(), "latency.csv") == std::vector<std::string>{""});
}

TEST_CASE("a title is text, never markup") {
  const std::string html = HtmlPage("a<script>&\"<!-- parts -->", "run.js").html();
  CHECK(html.find("<title>a&lt;script&gt;&amp;&quot;&lt;!-- parts --&gt;</title>") != std::string::npos);
}

TEST_CASE("a page asks the network for nothing") {
  const std::string html = HtmlPage("t", "sweep.js").html();
  for (const char* reference : {"src=\"", "@import", "url(http", "sourceMappingURL", "href=\"http"}) {
    CAPTURE(reference);
    CHECK(html.find(reference) == std::string::npos);
  }
}

TEST_CASE("a page is whole: style, Vega and its own script, no mark left to fill") {
  const std::string html = HtmlPage("t", "comparison.js").html();
  CHECK(html.find(web_asset("style.css")) != std::string::npos);
  CHECK(html.find(web_asset("comparison.js")) != std::string::npos);
  CHECK(html.find("vegaModules['vega-view']") != std::string::npos);
  for (const char* mark : {"<!-- title -->", "<!-- style -->", "<!-- parts -->", "<!-- scripts -->"}) {
    CHECK(html.find(mark) == std::string::npos);
  }
}

TEST_CASE("the same parts give the same bytes") {
  const auto make = [] {
    HtmlPage page("t", "run.js");
    page.add("a", std::string(100'000, 'x'));
    return page.html();
  };
  CHECK(make() == make());
}
