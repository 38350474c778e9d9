#pragma once

#include "server/page/site.h"

#include <vector>

namespace server {

/// The files of the page that this build has in it; tools/page_table.py makes the function from
/// the page's folder, or, where there is none, from server/page/not_built/.
std::vector<Asset> embedded_assets();

/// Whether it is the page, and not the text that stands in its place.
bool is_embedded_page_built_in();

}  // namespace server
