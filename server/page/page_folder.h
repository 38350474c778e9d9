#pragma once

#include "events/base/result.h"
#include "server/page/site.h"

#include <filesystem>
#include <memory>

namespace server {

/// The list of a page's files in its folder.
inline constexpr const char* asset_list_name = "assets.json";

/// Reads the page that stands in a folder, as the page's own build leaves it: assets.json, a list
/// of objects with "name" and "type", for names that hold a digest "immutable": true, and for
/// scripts that a document loads "in_document": true; each file, and beside it what it is in brotli
/// (".br") and gzip (".gz").
///
/// Errors: io_failed; malformed: the list; invalid_argument: a name that leads out of the folder.
events::Result<std::shared_ptr<const Site>> read_page_folder(const std::filesystem::path& folder);

}  // namespace server
