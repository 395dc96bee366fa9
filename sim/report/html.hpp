// A page as one file for a browser: no request to anybody, prints, light and dark.
#pragma once

#include <string>
#include <vector>

#include "report/page.hpp"

namespace chipmix::report {

/// An SVG and the words under it.
struct Figure {
  std::string svg, caption;
};

/// The first remark stands on top, then figures, tables and the other remarks. All text is escaped.
std::string html(const Page& page, const std::vector<Figure>& figures);

}  // namespace chipmix::report
