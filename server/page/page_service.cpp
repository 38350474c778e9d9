#include "server/page/page_service.h"

#include "server/base/logging.h"
#include "server/page/embedded_page.h"
#include "server/page/page_folder.h"

#include <system_error>
#include <utility>

namespace server {

using events::Result;
namespace fs = std::filesystem;

PageService::PageService() : site_(std::make_shared<Site>(embedded_assets())) {}

Result<std::unique_ptr<PageService>> PageService::open(fs::path folder) {
  auto service = std::make_unique<PageService>();
  if (folder.empty()) return service;
  std::error_code ignored;
  service->listed_at_ = fs::last_write_time(folder / asset_list_name, ignored);
  Result<std::shared_ptr<const Site>> site = read_page_folder(folder);
  if (!site) return site.error();
  service->site_ = std::move(*site);
  service->folder_ = std::move(folder);
  return service;
}

std::shared_ptr<const Site> PageService::site() {
  const std::scoped_lock lock(mutex_);
  if (folder_.empty()) return site_;
  std::error_code missing;
  const fs::file_time_type listed_at = fs::last_write_time(folder_ / asset_list_name, missing);
  if (missing || listed_at == listed_at_) return site_;
  Result<std::shared_ptr<const Site>> read = read_page_folder(folder_);
  if (!read) {
    log_warning("page_folder", {{"error", read.error().message}});
    return site_;
  }
  site_ = std::move(*read);
  listed_at_ = listed_at;
  return site_;
}

}  // namespace server
